// The sweep: everything that is due, once, whoever else is at work, and whatever fails.
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBackground } from '../src/background.ts';
import { createHeldLeases } from '../src/held-leases.ts';
import { sweep } from '../src/settlement.ts';
import { type TestDatabase, testDatabase } from './support/engine.ts';
import { openServer, type TestServer } from './support/server.ts';
import { plainProgram } from './support/world.ts';

const placed = Date.parse('2026-11-24T12:00:00Z');
const due = Date.parse('2026-12-24T12:00:00Z');
/** More than the sweep looks up at once. */
const userIds = Array.from({ length: 105 }, (_, index) => `user-${index}`);

let database: TestDatabase;
let server: TestServer;

async function send(field: string, type: string, input: object): Promise<void> {
  const answer = await server.execute(`mutation Send($input: ${type}!) { ${field}(input: $input) { userErrors { code } } }`, { input });
  expect(answer).toEqual({ data: { [field]: { userErrors: [] } } });
}

/** Members of whom each has an order of two goods, ten points each, on hold until `due`. */
async function placeOrders(members: readonly string[], siteId = 'demo'): Promise<void> {
  await server.setProgram({ ...plainProgram, siteId, hold: { type: 'ORDER_DATE', days: 30 } } as { siteId: string });
  for (const userId of members) await send('enrollMember', 'EnrollMemberInput', { userId });
  const orders = members.map((userId) => ({ orderId: userId, userId, lineItems: [{ productId: 'p', quantity: 2, unitPrice: '10' }] }));
  await send('bulkCreateOrders', 'BulkCreateOrdersInput', { orders });
}

/** Each member who has any with their entries, oldest first, as in ["user-0", "EARN 20"]. */
async function entriesOf(): Promise<readonly (readonly string[])[]> {
  const rows = await database.query(
    'select m.user_id, e.type, e.points from points_entries e join members m on m.site_id = e.site_id and m.id = e.member_id order by e.sequence',
  );
  return userIds.flatMap((userId) => {
    const own = rows.filter((row) => row['user_id'] === userId).map(({ type, points }) => `${type} ${points}`);
    return own.length > 0 ? [[userId, ...own]] : [];
  });
}

beforeEach(() => {
  database = testDatabase();
  server = openServer(placed, database);
});
afterEach(async () => {
  await server.close();
  await database.remove();
});

const sweepParts = (errors: object[], now = due) => ({
  store: server.store,
  time: { now: async () => now },
  log: { error: (details: object) => void errors.push(details) },
  leases: createHeldLeases({ store: server.store, holder: 'one', forMs: 60_000 }),
});

describe('the sweep', () => {
  it('releases each once, with two sweeps at once and a return in between', async () => {
    await placeOrders(userIds);
    const other = openServer(due, database);
    server.setClock(due);
    try {
      const returned = userIds.slice(0, 10);
      const returns = returned.map((orderId) =>
        send('updateOrder', 'UpdateOrderInput', {
          orderId,
          action: 'CANCEL',
          lineItems: [{ lineItem: { productId: 'p' }, quantity: 1 }],
          idempotencyKey: orderId,
        }),
      );
      await Promise.all([server.settle(), other.settle(), ...returns]);
      const settled = userIds.map((userId) => [userId, 'EARN 20', 'RELEASE 20', ...(returned.includes(userId) ? ['CANCEL -10'] : [])]);
      expect(await entriesOf()).toEqual(settled);
      await server.settle();
      expect(await entriesOf()).toEqual(settled);
    } finally {
      await other.close();
    }
  }, 60_000);

  it('leaves what is not due', async () => {
    await placeOrders(userIds.slice(0, 2));
    server.setClock(due - 1);
    await server.settle();
    expect((await entriesOf()).map(([, ...entries]) => entries)).toEqual([['EARN 20'], ['EARN 20']]);
  });

  it('settles every site at its own time', async () => {
    await placeOrders(['user-0']);
    await server.setProgram({ ...plainProgram, siteId: 'other' });
    const asked: string[] = [];
    const errors: object[] = [];
    const now = async (siteId: string): Promise<number> => {
      asked.push(siteId);
      return due;
    };
    await sweep({ ...sweepParts(errors), time: { now } });
    expect(asked.toSorted()).toEqual(['demo', 'other']);
    expect(errors).toEqual([]);
    expect(await entriesOf()).toEqual([['user-0', 'EARN 20', 'RELEASE 20']]);
  });

  it('goes on past a member that cannot be settled, and tries that one again', async () => {
    await placeOrders(['user-0', 'user-1', 'user-2']);
    const damage = (held: number) => database.query(`update members set held = ${held} where user_id = 'user-1'`);
    await damage(0); // Less than is about to be released.
    const errors: object[] = [];
    await sweep(sweepParts(errors));
    expect(errors).toEqual([{ siteId: 'demo', error: expect.any(AggregateError) }]);
    const [whole, unsettled] = [['EARN 20', 'RELEASE 20'], ['EARN 20']];
    expect((await entriesOf()).map(([, ...entries]) => entries)).toEqual([whole, unsettled, whole]);

    await damage(20);
    await sweep(sweepParts(errors));
    expect(errors).toHaveLength(1);
    expect((await entriesOf()).map(([, ...entries]) => entries)).toEqual([whole, whole, whole]);
  });
});

describe('settlement in the background', () => {
  it('never has two sweeps at once, goes on after a failure, and is over when it has stopped', async () => {
    await placeOrders(['user-0']);
    const errors: object[] = [];
    const seen = { sweeps: 0, running: 0, most: 0 };
    const now = async (): Promise<number> => {
      seen.sweeps += 1;
      seen.running += 1;
      seen.most = Math.max(seen.most, seen.running);
      await setTimeout(5);
      seen.running -= 1;
      if (seen.sweeps === 1) throw new Error('The first sweep fails.');
      return due;
    };
    const background = createBackground({
      ...sweepParts(errors),
      time: { now },
      holder: 'one',
      settleEveryMs: 1,
      // What is not tried here asks for the time, too: it is not done before the end of the test.
      firstForgetMs: 3_600_000,
      days: { idempotency: 90, outbox: 30 },
    });
    background.start();
    while (seen.sweeps < 5 || seen.running === 0) await setTimeout(1);
    await background.stop();
    expect(seen).toMatchObject({ running: 0, most: 1 });
    expect(errors).toMatchObject([{ siteId: 'demo', error: { message: 'The first sweep fails.' } }]);
    expect(await entriesOf()).toEqual([['user-0', 'EARN 20', 'RELEASE 20']]);
    const { sweeps } = seen;
    await setTimeout(20);
    expect(seen.sweeps).toBe(sweeps);
  });
});

it('what was due stays settled when a whole bulk call is refused', async () => {
  await placeOrders(['user-0']);
  server.setClock(due);
  const cancelled = {
    orderId: 'user-0',
    action: 'CANCEL',
    lineItems: [{ lineItem: { productId: 'p' }, quantity: 1 }],
    idempotencyKey: 'k-1',
  };
  const unknown = { orderId: 'nobody', action: 'CANCEL', allLineItems: true, idempotencyKey: 'k-2' };
  const input = { errorPolicy: 'REJECT_ALL', updates: [{ update: cancelled }, { update: unknown }] };
  const answer = await server.execute(
    'mutation Send($input: BulkUpdateOrdersInput!) { bulkUpdateOrders(input: $input) { rows { status } } }',
    {
      input,
    },
  );
  expect(answer).toEqual({ data: { bulkUpdateOrders: { rows: [{ status: 'SKIPPED' }, { status: 'FAILED' }] } } });
  expect(await entriesOf()).toEqual([['user-0', 'EARN 20', 'RELEASE 20']]);
});

it('a release that is found late expires by the program of when it was due', async () => {
  await placeOrders(['user-0']);
  const hold = { type: 'ORDER_DATE', days: 30 };
  const file = { ...plainProgram, siteId: 'demo', hold, expiryDays: 100 };
  await server.setProgram(file);
  const dayMs = 86_400_000;
  await server.setProgram({ ...file, expiryDays: 5 } as typeof file, new Date(due + dayMs).toISOString());
  server.setClock(due + 2 * dayMs);
  await server.settle();
  const answer = await server.execute('{ member(by: { userId: "user-0" }) { lots { nodes { availableAt expiresAt } } } }');
  const lot = { availableAt: new Date(due).toISOString(), expiresAt: '2027-04-03T11:00:00.000Z' };
  expect(answer).toEqual({ data: { member: { lots: { nodes: [lot] } } } });
});

it('at one instant releases come before expiries, however many there are', async () => {
  const many = 105;
  const orders = (count: number, prefix: string, more: object) =>
    Array.from({ length: count }, (_, index) => ({
      orderId: `${prefix}-${index}`,
      userId: 'user-0',
      lineItems: [{ productId: 'p', quantity: 1, unitPrice: '10' }],
      ...more,
    }));
  await placeOrders(['user-0']);
  await server.setProgram({ ...plainProgram, siteId: 'demo', hold: { type: 'ORDER_DATE', days: 30 }, expiryDays: 30 } as {
    siteId: string;
  });
  await send('bulkCreateOrders', 'BulkCreateOrdersInput', { orders: orders(many, 'held', { status: 'OPEN' }) });
  await send('bulkCreateOrders', 'BulkCreateOrdersInput', { orders: orders(1, 'free', { status: 'SHIPPED' }) });
  server.setClock(due);
  await server.settle();
  const answer = await server.execute('{ member(by: { userId: "user-0" }) { pointsEntries(first: 1) { totalCount nodes { type } } } }');
  // The first order and the others are earned and released, the one that was free is earned and expires, last of all.
  const pointsEntries = { totalCount: 2 * (many + 1) + 2, nodes: [{ type: 'EXPIRE' }] };
  expect(answer).toEqual({ data: { member: { pointsEntries } } });
});
