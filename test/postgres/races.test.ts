// What changes between the moment a command looks whom it concerns and the moment it has locked them: it is noticed, and the command begun anew.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diagnose } from '../../src/doctor.ts';
import { withClient } from '../support/postgres/client.ts';
import { type FreshDatabase, migratedDatabase } from '../support/postgres/fresh-database.ts';
import { accountOf, enrolment, type Gateway, openGateway, orderOf, outcomeOf, type Sendable, setPlainProgram } from './gateway.ts';
import { untilWaiting, whileTaken } from './meanwhile.ts';

let database: FreshDatabase;
let gateway: Gateway;
let other: Gateway;

const member = (userId: string): string => `select 1 from members where user_id = '${userId}' for update`;
const link = (primaryUserId: string, secondaryUserId: string): Sendable => ({
  kind: 'linkSecondaryMember',
  input: { primaryUserId, secondaryUserId },
});

beforeEach(async () => {
  database = await migratedDatabase();
  gateway = openGateway({ url: database.url, timeoutMs: 60_000 });
  other = openGateway({ url: database.url, timeoutMs: 60_000 });
  await setPlainProgram(gateway, { secondaryMembers: { earnForPrimary: true } });
  for (const userId of ['ann', 'bob', 'cid']) await gateway.send(enrolment(userId));
});
afterEach(async () => {
  await gateway.close();
  await other.close();
  expect(await diagnose(database.url)).toEqual([]);
  await database.drop();
});

it('credits an order to the primary member whom the buyer has when it is placed', async () => {
  await gateway.send(link('ann', 'bob'));
  const relink = async (): Promise<void> => {
    // By hand: the product's own commands would wait for the buyer as well.
    await withClient(database.url, (client) =>
      client.query("update member_links set primary_id = (select id from members where user_id = 'cid')"),
    );
  };
  const placed = await whileTaken(database.url, member('ann'), () => gateway.send(orderOf('one', 'bob')), { meanwhile: relink });
  expect(outcomeOf(placed)).toBe('DONE');
  expect(gateway.retries).toEqual(['lock_missed']);
  expect(await accountOf(gateway, 'cid')).toMatchObject({ points: { available: 10 } });
});

it('refuses an order whose id somebody else takes meanwhile', async () => {
  const take = async (): Promise<void> => expect(outcomeOf(await other.send(orderOf('one', 'ann')))).toBe('DONE');
  const placed = await whileTaken(database.url, member('bob'), () => gateway.send(orderOf('one', 'bob')), { meanwhile: take });
  expect(outcomeOf(placed)).toBe('ORDER_ID_CONFLICT');
  expect(gateway.retries).toEqual(['lock_missed']);
});

it('links to a primary member who is enrolled meanwhile, and locks them', async () => {
  const enrol = async (): Promise<void> => expect(outcomeOf(await other.send(enrolment('eve')))).toBe('DONE');
  const linked = await whileTaken(database.url, member('bob'), () => gateway.send(link('eve', 'bob')), { meanwhile: enrol });
  expect(outcomeOf(linked)).toBe('DONE');
  expect(gateway.retries).toEqual(['lock_missed']);
});

it('changes no currency while the first order is being placed in it', async () => {
  let changing: Promise<string> = Promise.resolve('');
  const change = async (): Promise<void> => {
    changing = setPlainProgram(other, { currencyCode: 'EUR' });
    await untilWaiting(database.url, 2);
  };
  const placed = await whileTaken(database.url, member('ann'), () => gateway.send(orderOf('one', 'ann')), { meanwhile: change });
  expect(outcomeOf(placed)).toBe('DONE');
  expect(await changing).toBe('REFUSED');
});

it('places the first order in the currency that it is changed to meanwhile', async () => {
  const first = await whileTaken(
    database.url,
    'select 1 from programs for update',
    () =>
      gateway.send({
        kind: 'createOrder',
        input: { orderId: 'one', userId: 'ann', currencyCode: 'USD', lineItems: [{ productId: 'p', quantity: 1, unitPrice: '1' }] },
      }),
    {
      meanwhile: () =>
        withClient(database.url, (client) =>
          client.query(
            `insert into programs select site_id, 2, effective_from, replace(file, 'USD', 'EUR'), actor, created_at from programs`,
          ),
        ),
    },
  );
  expect(outcomeOf(first)).toBe('CURRENCY_MISMATCH');
});

it('never sets the clock of a sandbox back', async () => {
  await gateway.store.setClockAhead('demo', 10);
  let less: Promise<number> = Promise.resolve(0);
  const ahead = await whileTaken(
    database.url,
    'select 1 from sandbox_clocks for update',
    () => gateway.store.setClockAhead('demo', 1_000),
    {
      async meanwhile() {
        less = other.store.setClockAhead('demo', 500);
        await untilWaiting(database.url, 2);
      },
    },
  );
  expect([ahead, await less, await gateway.store.reads.clockAhead('demo')]).toEqual([1_000, 1_000, 1_000]);
});
