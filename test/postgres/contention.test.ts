// Writes that arrive at once at two gateways on one database of PostgreSQL: each has its effect exactly once, and none fails for the others.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diagnose } from '../../src/doctor.ts';
import { type FreshDatabase, migratedDatabase } from '../support/postgres/fresh-database.ts';
import type { Answer } from '../support/server.ts';
import {
  accountOf,
  adjustmentOf,
  enrolment,
  type Gateway,
  openGateway,
  orderOf,
  outcomeOf,
  returnOf,
  type Sendable,
  setPlainProgram,
  tally,
} from './gateway.ts';

const times = 200;
let database: FreshDatabase;
let gateways: readonly [Gateway, Gateway];

beforeEach(async () => {
  database = await migratedDatabase();
  // None of this is about time, and the machine of the tests may have little of it.
  const options = { url: database.url, timeoutMs: 60_000 };
  gateways = [openGateway(options), openGateway(options)];
  await setPlainProgram(gateways[0]);
  await gateways[0].send(enrolment('ann'));
});
afterEach(async () => {
  for (const { failures, close } of gateways) {
    expect(failures).toEqual([]);
    await close();
  }
  expect(await diagnose(database.url)).toEqual([]);
  await database.drop();
});

/** Sends all before the first is answered, to both gateways in turn. */
const sendAll = (commands: readonly Sendable[]): Promise<readonly Answer[]> =>
  Promise.all(commands.map((command, index) => gateways[index % 2 === 0 ? 0 : 1].send(command)));
const repeat = (command: (index: number) => Sendable): Promise<readonly Answer[]> =>
  sendAll(Array.from({ length: times }, (_, index) => command(index)));

it('lets as many redemptions through as the balance covers', async () => {
  await gateways[0].send(orderOf('first', 'ann', 37)); // 370 points
  const answers = await repeat((index) => ({
    kind: 'createOrder',
    input: { orderId: `r-${index}`, userId: 'ann', lineItems: [{ productId: 'p', quantity: 1, unitPrice: '0.9' }], redeemPoints: 50 },
  }));
  expect(tally(answers)).toEqual({ DONE: 7, INSUFFICIENT_POINTS: times - 7 });
  expect(await accountOf(gateways[1], 'ann')).toMatchObject({ points: { used: 350 }, orders: { totalCount: 8 } });
});

it('makes one order of identical ones and answers the others with it', async () => {
  const answers = await repeat(() => orderOf('one', 'ann', 3));
  expect(tally(answers)).toEqual({ DONE: 1, REPLAYED: times - 1 });
  expect(await accountOf(gateways[1], 'ann')).toEqual({ points: { available: 30, used: 0 }, orders: { totalCount: 1 } });
});

it('makes one order of those of several members that have one id, and refuses the others', async () => {
  const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
  await sendAll(users.map(enrolment));
  const answers = await sendAll(users.map((userId) => orderOf('one', userId)));
  expect(tally(answers)).toEqual({ DONE: 1, ORDER_ID_CONFLICT: 19 });
  const { data } = await gateways[0].execute('{ orders { totalCount } }');
  expect(data).toEqual({ orders: { totalCount: 1 } });
});

it('gives one key one effect', async () => {
  await gateways[0].send(orderOf('one', 'ann', 300));
  const answers = await repeat(() => returnOf('one', 1, 'k'));
  expect(tally(answers)).toEqual({ DONE: 1, REPLAYED: times - 1 });
  const adjusted = await sendAll(Array(20).fill(adjustmentOf('one', '5', 'k-2')));
  expect(tally(adjusted)).toEqual({ DONE: 1, REPLAYED: 19 });
  expect(await accountOf(gateways[1], 'ann')).toMatchObject({ points: { available: 2_995 } });
});

it('enrols one member of identical ones', async () => {
  const answers = await repeat(() => enrolment('bob'));
  expect(tally(answers)).toEqual({ DONE: 1, MEMBER_ALREADY_EXISTS: times - 1 });
});

it('lets nobody wait in a circle whose orders concern the same members in either order', async () => {
  await setPlainProgram(gateways[0], { secondaryMembers: { earnForPrimary: true } });
  await sendAll(['bob', 'cid', 'dan', 'eve'].map(enrolment));
  const link = (primaryUserId: string, secondaryUserId: string): Sendable => ({
    kind: 'linkSecondaryMember',
    input: { primaryUserId, secondaryUserId },
  });
  // Ids grow with the time of the enrolment: of one pair the primary has the lower one, of the other the secondary.
  expect(tally([await gateways[0].send(link('ann', 'bob')), await gateways[0].send(link('dan', 'cid'))])).toEqual({ DONE: 2 });
  const pairs = (index: number): Sendable => orderOf(`o-${index}`, index % 2 === 0 ? 'bob' : 'cid');
  expect(tally(await sendAll(Array.from({ length: 100 }, (_, index) => pairs(index))))).toEqual({ DONE: 100 });
  // Bulk calls that name the same members in opposite orders.
  const bulk = (index: number): Sendable => {
    const users = ['ann', 'bob', 'cid', 'dan', 'eve'];
    const orders = (index % 2 === 0 ? users : users.toReversed()).map((userId) => ({
      orderId: `b-${index}-${userId}`,
      userId,
      lineItems: [{ productId: 'p', quantity: 1, unitPrice: '10' }],
    }));
    return { kind: 'bulkCreateOrders', input: { orders } };
  };
  expect(tally(await sendAll(Array.from({ length: 30 }, (_, index) => bulk(index))))).toEqual({ DONE: 30 });
  for (const { retries } of gateways) expect(retries).not.toContain('deadlock');
  expect(await accountOf(gateways[0], 'ann')).toMatchObject({ points: { available: 50 * 10 + 60 * 10 } });
});

it('adds each version of a program once, also while orders are placed all the time', async () => {
  let stopped = false;
  let placed = 0;
  const placing = Array.from({ length: 8 }, async (_, client) => {
    for (let index = 0; !stopped; index += 1) {
      const answer = await gateways[client % 2 === 0 ? 0 : 1].send(orderOf(`o-${client}-${index}`, 'ann'));
      expect(outcomeOf(answer)).toBe('DONE');
      placed += 1;
    }
  });
  while (placed < 20) await new Promise((resolve) => setTimeout(resolve, 5));
  const kinds = await Promise.all(
    [1, 2, 3, 4, 5, 6].map((number) => setPlainProgram(gateways[number % 2 === 0 ? 0 : 1], { name: `Version ${number}` })),
  );
  stopped = true;
  await Promise.all(placing);
  expect(kinds).toEqual(Array(6).fill('ACCEPTED'));
  expect((await gateways[0].store.reads.programs('demo')).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
