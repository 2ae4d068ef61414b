// Prints what real operations cost, and how much time of the processor the dearest that are admitted take, on a database with plenty of rows.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { v7 } from 'uuid';
import { defaultLimits } from '../src/limits/limits.ts';
import { seedDemo } from '../src/seed/seed.ts';
import { createServer } from '../src/server.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { createOrders } from './plenty.ts';

const store = openSqlite({ database: ':memory:' });
await seedDemo(store, { now: Date.now(), newId: v7 });
const log = { error: console.error };
const server = createServer({ store, clock: Date.now, newId: v7, log, sandbox: true, limits: { costPerMinute: 1e12 } });

type Answer = {
  readonly errors?: readonly { readonly message: string }[];
  readonly extensions?: { readonly cost?: { readonly requested: number } };
};

/** Milliseconds of the processor, which a busy machine does not stretch as it does those of the clock. */
async function run(title: string, query: string, variables: object = {}): Promise<void> {
  const request = () => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) });
  let best = Number.POSITIVE_INFINITY;
  let answer: Answer = {};
  let bytes = 0;
  for (let round = 0; round < 3; round += 1) {
    const before = process.cpuUsage();
    const text = await (await server.fetch('http://127.0.0.1/graphql', request())).text();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
    answer = JSON.parse(text);
    bytes = text.length;
  }
  const cost = answer.extensions?.cost?.requested ?? 0;
  console.log(
    `${title.padEnd(58)} ${String(cost).padStart(8)} ${best.toFixed(1).padStart(8)} ms ${String(bytes).padStart(9)} bytes ${answer.errors?.[0]?.message.slice(0, 60) ?? ''}`,
  );
}

const folder = join(import.meta.dirname, '../examples/operations');
console.log(`At most ${defaultLimits.cost} an operation.`);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.graphql')))
  await run(
    file,
    readFileSync(join(folder, file), 'utf8'),
    JSON.parse(readFileSync(join(folder, file.replace('.graphql', '.variables.json')), 'utf8')),
  );
await run(
  'introspection',
  getIntrospectionQuery({
    inputValueDeprecation: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    oneOf: true,
    schemaDescription: true,
  }),
);

const money = '{ amount currencyCode }';
const refused = 'userErrors { code path message }';
const orders = (rows: number) =>
  Array.from({ length: rows }, (_, row) => ({
    orderId: `bulk-${row}-${v7()}`,
    userId: 'plenty-1',
    lineItems: [
      { productId: 'p1', quantity: 2, unitPrice: '10.00' },
      { productId: 'p2', quantity: 1, unitPrice: '5.00' },
    ],
  }));
await createOrders(server, 300);
await run(
  '45 orders, 60 lines',
  `{ orders(first: 45) { nodes { id orderId status total ${money} lineItems(first: 60) { nodes { id productId quantity unitPrice ${money} } } } } }`,
);
await run(
  '30 orders, amounts of 60 lines',
  `{ orders(first: 30) { nodes { lineItems(first: 60) { nodes { total ${money} currentTotal ${money} } } } } }`,
);
await run(
  'members, orders, entries',
  '{ members(first: 40) { nodes { id orders(first: 10) { nodes { id pointsEntries(first: 20) { nodes { id } } } } } } }',
);
await run(
  'values of lines',
  `{ orders(first: 70) { nodes { lineItems(first: 60) { nodes { id productId quantity name status shippedQuantity returnedQuantity cancelledQuantity shippableQuantity returnableQuantity pointsAwarded pointsRemoved } } } } }`,
);
await run(
  'objects without values',
  `{ orders(first: 100) { nodes { ${Array.from({ length: 45 }, (_, index) => `a${index}: total { __typename }`).join(' ')} } } }`,
);
await run('earnings of lines', '{ orders(first: 100) { nodes { lineItems(first: 9) { nodes { earning { steps { kind label } } } } } } }');
await run(
  'counts',
  `{ ${Array.from({ length: 45 }, (_, index) => `a${index}: orders(filter: { hasHeldPoints: ${index % 2 === 0} }) { totalCount }`).join(' ')} }`,
);
await run('events', '{ orders(first: 100) { nodes { events(first: 7) { nodes { type lines { lineItem { id } } } } } } }');
await run(
  'cart of 500 lines',
  `query($input: CartPointsInput!) { cartPoints(input: $input) { cart { lineItems { productId points earning { steps { kind factor points } } } } } }`,
  {
    input: {
      userId: 'plenty-1',
      lineItems: Array.from({ length: 500 }, (_, index) => ({ productId: `p${index}`, quantity: 1, unitPrice: '1.00' })),
    },
  },
);
await run(
  'bulk, 1,000 rows',
  `mutation($input: BulkCreateOrdersInput!) { bulkCreateOrders(input: $input) { created rows { index orderId status order { id version } ${refused} } } }`,
  { input: { orders: orders(1_000) } },
);
await run('bulk, 1,000 rows, as the example asks', readFileSync(join(folder, 'bulk-create-orders.graphql'), 'utf8'), {
  input: { orders: orders(1_000) },
});
await store.close();
