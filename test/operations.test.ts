// The example operations run on the demo: alone and together, and a second time without another effect.
import { fileURLToPath } from 'node:url';
import { v7 } from 'uuid';
import { expect, onTestFinished, test } from 'vitest';
import { readOperationTabs } from '../src/graphiql.ts';
import { seedDemo } from '../src/seed/seed.ts';
import { openServer, type TestServer } from './support/server.ts';

const folder = fileURLToPath(new URL('../examples/operations', import.meta.url));
const operations = readOperationTabs(folder);
const readers = ['SecondaryMemberOrders', 'OrderDetails', 'CartPoints'];

type Row = { readonly status: string; readonly userErrors: readonly unknown[] };
type Payload = {
  readonly replayed?: boolean;
  readonly rows?: readonly Row[];
  readonly userErrors?: readonly unknown[];
  readonly nodes?: readonly unknown[];
};

async function openDemo(): Promise<TestServer> {
  const now = Date.now();
  const server = openServer(now);
  onTestFinished(server.close);
  await seedDemo(server.store, { now, newId: v7 });
  return server;
}

/** Runs an operation with its variables and answers its payload; nothing of it may have been refused. */
async function run(server: TestServer, { query, variables }: { query: string; variables: string }): Promise<Payload> {
  const { data, errors } = await server.execute(query, JSON.parse(variables));
  expect(errors).toBeUndefined();
  const [payload] = Object.values(data as Record<string, Payload>); // An operation that succeeds has data, here of one field.
  expect(payload?.userErrors ?? []).toEqual([]);
  for (const row of payload?.rows ?? []) expect(row.userErrors).toEqual([]);
  return payload ?? {};
}

/** Whether each thing was done anew ("DONE") or was so already ("REPEATED"). */
const effects = ({ replayed, rows }: Payload): readonly string[] =>
  rows
    ? rows.map(({ status }) => ({ CREATED: 'DONE', UPDATED: 'DONE', UNCHANGED: 'REPEATED' })[status] ?? status)
    : [replayed ? 'REPEATED' : 'DONE'];

/** The first run does it; the second answers alike and does nothing. */
async function runTwice(server: TestServer, operation: (typeof operations)[number]): Promise<void> {
  const [first, second] = [await run(server, operation), await run(server, operation)];
  if (readers.includes(operation.title)) {
    expect(second).toEqual(first);
    if (first.nodes) expect(first.nodes.length).toBeGreaterThan(0);
    return;
  }
  expect(new Set(effects(first))).toEqual(new Set(['DONE']));
  expect(new Set(effects(second))).toEqual(new Set(['REPEATED']));
  if (!first.rows) expect(second).toEqual({ ...first, replayed: true });
}

test('there are nine, each in its own tab', () => {
  expect(operations).toHaveLength(9);
  expect(new Set(operations.map(({ title }) => title)).size).toBe(9);
});

test.each(operations)('$title runs twice', async (operation) => {
  await runTwice(await openDemo(), operation);
});

test.each([
  ['in the order of the documentation', operations],
  ['in the reversed order', operations.toReversed()],
])('all run twice on one demo, %s', async (_, ordered) => {
  const server = await openDemo();
  for (const operation of ordered) await runTwice(server, operation);
});

test('no order of the demo has an id that an example gives to a new one', async () => {
  const server = await openDemo();
  const examples = operations.map(({ variables }) => variables).join('');
  const ids = [...examples.matchAll(/"orderId": "(?<id>try-[^"]+)"/g)].map(({ groups }) => groups?.['id'] ?? '');
  expect(ids.length).toBeGreaterThanOrEqual(4);
  expect(await server.store.reads.ordersByOrderId('demo', ids)).toEqual([]);
});
