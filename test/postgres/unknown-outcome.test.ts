// A connection that is lost exactly while a command is committed: nobody knows what became of it, and the same command again settles that.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/doctor.ts';
import { withClient } from '../support/postgres/client.ts';
import { type FreshDatabase, migratedDatabase } from '../support/postgres/fresh-database.ts';
import { type CommitProxy, type Loss, startCommitProxy } from './commit-proxy.ts';
import {
  adjustmentOf,
  enrolment,
  type Gateway,
  openGateway,
  orderOf,
  outcomeOf,
  returnOf,
  type Sendable,
  setPlainProgram,
} from './gateway.ts';

let database: FreshDatabase;
let proxy: CommitProxy;
let gateway: Gateway;

beforeAll(async () => {
  database = await migratedDatabase();
  proxy = await startCommitProxy(database.url);
  gateway = openGateway({ url: proxy.url });
  await setPlainProgram(gateway);
  for (const command of [enrolment('ann'), orderOf('shipped', 'ann', 100)]) expect(outcomeOf(await gateway.send(command))).toBe('DONE');
});
afterAll(async () => {
  await gateway.close();
  await proxy.close();
  expect(await diagnose(database.url)).toEqual([]);
  await database.drop();
});
afterEach(() => expect(proxy.outstanding()).toBe(0));

const count = (table: string): Promise<number> =>
  withClient(database.url, async (client) => Number((await client.query(`select count(*) as n from ${table}`)).rows[0].n));

type Case = {
  readonly name: string;
  readonly command: (id: string) => Sendable;
  /** Where its effect is counted, and how many rows that is. */
  readonly table: string;
  readonly rows: number;
  /** What a repeat is answered. */
  readonly repeated: string;
};

const cases: readonly Case[] = [
  { name: 'createOrder', command: (id) => orderOf(`order-${id}`, 'ann'), table: 'orders', rows: 1, repeated: 'REPLAYED' },
  { name: 'updateOrder', command: (id) => returnOf('shipped', 1, `return-${id}`), table: 'order_events', rows: 1, repeated: 'REPLAYED' },
  {
    name: 'adjustSpend',
    command: (id) => adjustmentOf('shipped', '5', `adjust-${id}`),
    table: 'spend_adjustments',
    rows: 1,
    repeated: 'REPLAYED',
  },
  { name: 'enrollMember', command: (id) => enrolment(`user-${id}`), table: 'members', rows: 1, repeated: 'MEMBER_ALREADY_EXISTS' },
  {
    name: 'bulkCreateOrders',
    command: (id) => ({
      kind: 'bulkCreateOrders',
      input: {
        orders: [0, 1, 2].map((row) => ({
          orderId: `bulk-${id}-${row}`,
          userId: 'ann',
          lineItems: [{ productId: 'p', quantity: 1, unitPrice: '1' }],
        })),
      },
    }),
    table: 'orders',
    rows: 3,
    repeated: 'DONE',
  },
];

describe.each<Loss>(['answer', 'request'])('when the %s of a commit is lost', (loss) => {
  it.each(cases)('$name tells so, and has one effect when it is sent again', async ({ name, command, table, rows, repeated }) => {
    const sent = command(`${name}-${loss}`);
    const before = await count(table);
    proxy.loseNext(loss);
    const { data, errors } = await gateway.send(sent);
    expect(data ?? null).toBeNull();
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/^The database was lost while this was being committed: it may have been carried out, or not\./),
        path: ['payload'],
        extensions: { code: 'OUTCOME_UNKNOWN', retryable: true, traceId: expect.stringMatching(/^[\da-f-]{36}$/) },
      },
    ]);
    expect(await count(table)).toBe(before + (loss === 'answer' ? rows : 0));
    const again = await gateway.send(sent);
    expect(outcomeOf(again)).toBe(loss === 'answer' ? repeated : 'DONE');
    if (name === 'bulkCreateOrders')
      expect(JSON.stringify(again).split(loss === 'answer' ? '"UNCHANGED"' : '"CREATED"').length - 1).toBe(3);
    expect(await count(table)).toBe(before + rows);
    // And once more, to see that the repeat was no second effect either.
    expect(outcomeOf(await gateway.send(sent))).toBe(repeated);
    expect(await count(table)).toBe(before + rows);
  });
});

it('does not claim that nothing was done when later rows of a bulk call find the database gone', async () => {
  await gateway.send(enrolment('bob'));
  const orders = Array.from({ length: 30 }, (_, row) => ({
    orderId: `long-${row}`,
    userId: row < 25 ? 'ann' : 'bob',
    lineItems: [{ productId: 'p', quantity: 1, unitPrice: '1' }],
  }));
  const bulk: Sendable = { kind: 'bulkCreateOrders', input: { orders } };
  const impatient = openGateway({ url: database.url, timeoutMs: 2_000 });
  // Rows are written in slices of 25. Somebody has the member of the second one, and keeps them.
  const told = await withClient(database.url, async (client) => {
    await client.query('begin');
    await client.query("select 1 from members where user_id = 'bob' for update");
    return impatient.send(bulk);
  });
  expect(outcomeOf(told)).toBe('OUTCOME_UNKNOWN');
  const again = JSON.stringify(await impatient.send(bulk));
  expect([again.split('"UNCHANGED"').length - 1, again.split('"CREATED"').length - 1]).toEqual([25, 5]);
  await impatient.close();
});

it('never says so of a question, which commits nothing', async () => {
  proxy.loseNext('answer');
  const answer = await gateway.execute(
    '{ payload: cartPoints(input: { userId: "ann", lineItems: [{ productId: "p", quantity: 1, unitPrice: "10" }] }) { userErrors { code } } }',
  );
  expect(answer).toMatchObject({ data: { payload: { userErrors: [] } } });
  // The next commit is still to be lost.
  expect(proxy.outstanding()).toBe(1);
  expect(outcomeOf(await gateway.send(enrolment('after-the-question')))).toBe('OUTCOME_UNKNOWN');
});
