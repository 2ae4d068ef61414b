// The fast way answers what the ordinary way answers, byte by byte: random operations, and by name what plans have to get right.
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Way } from '../../src/front/front.ts';
import { schema } from '../../src/graphql/schema.ts';
import { unbounded } from '../../src/limits/limits.ts';
import { plannedTypes } from '../../src/plans/compile.ts';
import { createPlans } from '../../src/plans/create-plans.ts';
import { createServer } from '../../src/server.ts';
import { type KnownArguments, type RandomOperation, randomOperation } from '../support/random-operation.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { plainProgram } from '../support/world.ts';

const now = Date.parse('2026-11-24T12:00:00.123Z');
let server: TestServer;
let known: KnownArguments;
const ways: Way[] = [];
const listeners: ReturnType<typeof createHttpServer>[] = [];
const urls = { fast: '', ordinary: '' };

const awkward = ['plain', 'quotes " and \\ and \n', 'Ünï 名 🎁', '\u2028', '\ud83d half', ''];

beforeAll(async () => {
  server = openServer(now);
  const program = { ...plainProgram, pointsScale: 2, purchase: { ...plainProgram.purchase, baseRatio: '0.13' } };
  await server.setProgram(program);
  const enroll = 'mutation($input: EnrollMemberInput!) { enrollMember(input: $input) { member { id } } }';
  for (let member = 0; member < 12; member += 1)
    await server.execute(enroll, {
      input: {
        userId: `m${member}`,
        firstName: awkward[member % 6],
        email: `m${member}@shop.example`,
        ...(member > 7 && { primaryUserId: 'm1' }),
      },
    });
  const orders = Array.from({ length: 40 }, (_, index) => ({
    orderId: `o${index}`,
    userId: index < 25 ? 'm1' : `m${index % 12}`,
    orderDate: new Date(now - (index % 9) * 86_399_999).toISOString(),
    status: index % 3 === 0 ? 'OPEN' : 'SHIPPED',
    coupons: Array.from({ length: index % 13 }, (__, coupon) => `c${coupon}`),
    discount: index % 4 === 0 ? '0.07' : '0',
    ...(index % 2 === 0 && { storeId: 'store', source: awkward[index % 6], attributes: { a: [1, null] } }),
    lineItems: Array.from({ length: index === 0 ? 60 : 1 + (index % 5) }, (__, line) => ({
      productId: `p${line}`,
      quantity: 3,
      unitPrice: `${line}.05`,
      name: awkward[line % 6],
      ...(line % 2 === 0 && { lineKey: `k${line}`, description: 'text', estimatedShipDate: '2027-01-01T00:00:00Z' }),
    })),
  }));
  await server.execute('mutation($input: BulkCreateOrdersInput!) { bulkCreateOrders(input: $input) { created } }', { input: { orders } });
  for (const [action, orderId] of [
    ['RETURN', 'o1'],
    ['RETURN', 'o2'],
    ['SHIP', 'o3'],
    ['CANCEL', 'o6'],
  ] as const)
    await server.execute('mutation($input: UpdateOrderInput!) { updateOrder(input: $input) { replayed } }', {
      input: { orderId, action, lineItems: [{ lineItem: { productId: 'p0' }, quantity: 1 }], idempotencyKey: `${action}${orderId}` },
    });
  const found = await server.execute('{ orders(first: 9) { nodes { id } } members(first: 5) { nodes { id } } }');
  const ids = [...JSON.stringify(found).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => JSON.stringify(id));
  known = {
    'Query.node': ids.map((id) => `id: ${id}`),
    'Query.nodes': [`ids: [${ids.join(', ')}]`],
    'Query.order': [
      'by: { orderId: "o0" }',
      'by: { orderId: "o1" }',
      `by: { id: ${ids[0]} }`,
      'by: { orderId: "none" }',
      `by: { id: ${ids[10]} }`,
    ],
    'Query.member': ['by: { userId: "m1" }', 'by: { userId: " m9 " }', `by: { id: ${ids[10]} }`, 'by: { id: "?" }'],
    'Query.orders': [
      'sort: TOTAL_ASC',
      'filter: { userIds: ["m1", "m3"], orderDate: { from: "2026-11-20T00:00:00Z" } }',
      'filter: { statuses: [SHIPPED, RETURNED], productIds: ["p1"] }',
      'filter: { total: { min: "3" } }, sort: UPDATED_AT_DESC',
      'filter: { total: { min: "no number" } }',
      'filter: null, sort: null',
      'after: "bm9uZQ"',
    ],
    'Member.orders': ['sort: TOTAL_DESC', 'filter: { statuses: [OPEN] }', 'filter: { userIds: ["m1"] }', ''],
    'Query.orderDetails': ['userId: "m1"', 'orderId: "o0"'],
    'Query.secondaryMemberOrders': ['userId: "m1"'],
    'PointsBalance.expiring': ['withinDays: [1, 2]'],
  };
  const log = { error: (details: object) => console.error(details) };
  const clock = (): number => now;
  const limits = { cost: 1e9, costPerMinute: unbounded, fields: 5_000, aliases: 5_000, definitions: 5_000, directives: 5_000, depth: 50 };
  const both = createServer({ store: server.store, clock, newId: v7, log, sandbox: true, limits, onTaken: (way) => ways.push(way) });
  for (const [way, listener] of [
    ['fast', both],
    ['ordinary', both.ordinary],
  ] as const) {
    const http = createHttpServer(listener);
    listeners.push(http);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    urls[way] = `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`; // A TCP server has an address of a port.
  }
}, 60_000);

afterAll(async () => {
  for (const http of listeners) {
    http.closeAllConnections();
    http.close();
  }
  await server.close();
});

async function ask(url: string, operation: RandomOperation): Promise<string> {
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(operation) });
  return `${response.status} ${response.headers.get('content-type')} ${await response.text()}`;
}

/** Asks the ordinary way, by which a document becomes known, then the fast way; answers which way that took, if any. */
async function compare(operation: RandomOperation): Promise<Way | null> {
  const expected = await ask(urls.ordinary, operation);
  ways.length = 0;
  // Whatever a plan keeps from one answer to the next must not be seen in the next.
  for (let time = 0; time < 2; time += 1) expect(await ask(urls.fast, operation), JSON.stringify(operation)).toBe(expected);
  return ways.at(-1) ?? null;
}

const connections = /^(Order|LineItem|Member)(Connection|Edge)$/;
const plannedElsewhere = (type: string, field: string): boolean =>
  type === 'Money' || type === 'PageInfo' || (connections.test(type) && field !== 'totalCount');
const isPlanned = (type: string, field: string): boolean =>
  plannedElsewhere(type, field) || (plannedTypes[type] !== undefined && Object.hasOwn(plannedTypes[type], field));

async function compareRandom(numRuns: number, isMeant?: (type: string, field: string) => boolean) {
  const seen = { PLAN: 0, EXECUTION: 0, none: 0 };
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (gen) => {
      const choose = (below: number): number => (below > 0 ? gen(fc.nat, { max: below - 1 }) : 0);
      const operation = randomOperation(schema, choose, known, isMeant);
      expect(validate(schema, parse(operation.query)), operation.query).toEqual([]);
      seen[(await compare(operation)) ?? 'none'] += 1;
    }),
    { numRuns, seed: Number(process.env['DIFFERENTIAL_SEED'] ?? 20261124) },
  );
  return seen;
}

const runs = Number(process.env['DIFFERENTIAL_RUNS'] ?? 250);

test('random operations of fields that plans reach', async () => {
  const seen = await compareRandom(runs, isPlanned);
  // What is refused, or hidden behind what a plan leaves to others, is seldom.
  expect(seen.PLAN).toBeGreaterThan(runs / 2);
}, 120_000);

test('random operations of all fields', async () => {
  const seen = await compareRandom(runs);
  expect(seen.EXECUTION).toBeGreaterThan(runs / 5);
}, 120_000);

const order = 'order(by: { orderId: "o2" })';
const planned: readonly [string, string, Record<string, unknown>?][] = [
  ['nothing but the type', '{ __typename }'],
  ['every field of an order', `{ ${order} { ${scalars('Order', ['attributes', 'coupons'])} } }`],
  ['every amount of an order', `{ ${order} { ${amounts('Order')} } }`],
  [
    'every field of a line',
    `{ order(by: { orderId: "o0" }) { lineItems(first: 60) { nodes { ${scalars('LineItem')} ${amounts('LineItem')} } } } }`,
  ],
  [
    'every field of a member',
    `{ member(by: { userId: "m1" }) { ${scalars('Member')} ${amounts('Member')} points { ${scalars('PointsBalance')} value { amount } } } }`,
  ],
  ['few coupons', '{ order(by: { orderId: "o3" }) { coupons } }'],
  [
    'a field that is selected twice',
    `{ ${order} { member { id } member { userId } ...F } } fragment F on Order { member { firstName lineItems: id } }`,
  ],
  [
    'an order within a line within an order',
    `{ ${order} { lineItems { edges { cursor node { order { orderId member { userId } creditedTo { id } } } } } } }`,
  ],
  ['the fields of an interface', `{ ${order} { ... on Node { id } __typename ... { version } } }`],
  [
    'a page after a cursor',
    'query($after: String) { orders(first: 3, after: $after) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor } } }',
  ],
  ['an empty page', '{ orders(first: 0) { nodes { id } pageInfo { hasNextPage startCursor } } }'],
  [
    'orders of several members',
    '{ orders(first: 20) { nodes { member { orders(first: 2, sort: UPDATED_AT_ASC) { nodes { orderId lineItems(first: 1) { nodes { id } pageInfo { hasNextPage } } } } } } } }',
  ],
  [
    'secondary members',
    '{ member(by: { userId: "m1" }) { secondaryMembers(first: 2) { nodes { userId } pageInfo { hasNextPage endCursor } } } }',
  ],
  [
    'conditions',
    'query($yes: Boolean!) { order(by: { orderId: "o1" }) { id @include(if: $yes) orderId @skip(if: $yes) ... @include(if: $yes) { version } } }',
    { yes: true },
  ],
  [
    'conditions that are not met',
    'query($yes: Boolean!) { order(by: { orderId: "o1" }) { id @include(if: $yes) orderId @skip(if: $yes) } }',
    { yes: false },
  ],
  ['an input as a variable', 'query($by: OrderIdentifierInput!) { order(by: $by) { id } }', { by: { orderId: ' o1 ' } }],
  ['one of two operations', 'query A { order(by: { orderId: "o1" }) { id } } query B { order(by: { orderId: "o2" }) { id } }'],
];

function scalars(type: string, without: readonly string[] = []): string {
  const fields = schema.getType(type);
  const names = fields && 'getFields' in fields ? Object.entries(fields.getFields()) : [];
  return names
    .filter(
      ([name, field]) =>
        field.type
          .toString()
          .match(/^\[?(ID|String|Int|Boolean|DateTime|Decimal|Points|CurrencyCode|OrderStatus|OrderAction|MemberStatus)\b/) &&
        !without.includes(name) &&
        !('args' in field && field.args.length > 0),
    )
    .map(([name]) => name)
    .join(' ');
}

function amounts(type: string): string {
  const fields = schema.getType(type);
  const names = fields && 'getFields' in fields ? Object.entries(fields.getFields()) : [];
  return names
    .flatMap(([name, field]) => (field.type.toString() === 'Money!' ? [`${name} { currencyCode amount __typename }`] : []))
    .join(' ');
}

test.each(planned)('%s', async (_, query, variables = {}) => {
  expect(validate(schema, parse(query))).toEqual([]);
  const operationName = query.startsWith('query A') ? 'B' : undefined;
  const operation = { query, variables, ...(operationName && { operationName }) };
  expect(await compare(operation)).toBe('PLAN');
  if (!query.includes('$after')) return;
  const first = JSON.parse((await ask(urls.ordinary, operation)).replace(/^[^{]*/, ''));
  const after = first.data.orders.pageInfo.endCursor;
  expect(await compare({ query, variables: { after } })).toBe('PLAN');
});

test.each<[string, string, Record<string, unknown>?]>([
  ['a cursor of another list', '{ orders(after: "bm9uZQ") { nodes { id } } }'],
  ['a page that is too long', '{ orders(first: 101) { nodes { id } } }'],
  ['neither of two keys', 'query($by: OrderIdentifierInput!) { order(by: $by) { id } }', { by: {} }],
  ['both of two keys', 'query($by: OrderIdentifierInput!) { order(by: $by) { id } }', { by: { id: 'x', orderId: 'o1' } }],
  ['more coupons than are reckoned with', '{ order(by: { orderId: "o12" }) { coupons } }'],
  [
    'a filter that is too long',
    'query($ids: [ID!]) { orders(filter: { userIds: $ids }) { nodes { id } } }',
    { ids: Array.from({ length: 501 }, (_, index) => `m${index}`) },
  ],
])('%s is for the ordinary way', async (_, query, variables = {}) => {
  expect(await compare({ query, variables })).not.toBe('PLAN');
});

/** A short document that says the same very often: each fragment spreads the next one four times. */
const nested = (depth: number): string => {
  const fragments = Array.from({ length: depth }, (_, level) => {
    const under = level === depth - 1 ? 'id' : `...F${level + 1}`;
    const fields = Array.from({ length: 4 }, (__, index) => `a${index}: secondaryMembers(first: 0) { nodes { ${under} } }`);
    return `fragment F${level} on Member { ${fields.join(' ')} }`;
  });
  return `{ order(by: { orderId: "o1" }) { member { ...F0 } } } ${fragments.join(' ')}`;
};

test('a document whose fragments multiply has no plan, and is not compiled for long', async () => {
  const { planOf } = createPlans({ schema, store: server.store });
  expect(planOf(parse(nested(1)), null)).not.toBeNull();
  // Compiled to its end it would be a billion fields.
  expect(planOf(parse(nested(15)), null)).toBeNull();
  expect(await compare({ query: nested(6), variables: {} })).toBe('EXECUTION');
});

test('many statements are for the ordinary way, which takes turns', async () => {
  const lists = (count: number) =>
    `{ ${Array.from({ length: count }, (_, index) => `a${index}: orders(first: 1) { nodes { id } }`).join(' ')} }`;
  expect(await compare({ query: lists(12), variables: {} })).toBe('PLAN');
  expect(await compare({ query: lists(13), variables: {} })).toBe('EXECUTION');
});

test('nothing is read under rows that are not shown', async () => {
  const under = 'lineItems(first: 5) { nodes { id order { member { orders(first: 5) { nodes { id } } } } } }';
  server.takeStatements();
  expect(await compare({ query: `{ orders(first: 0) { nodes { ${under} } } }`, variables: {} })).toBe('PLAN');
  expect(server.takeStatements().filter((sql) => sql.includes('line_items'))).toEqual([]);
});
