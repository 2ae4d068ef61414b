// No operation returns more objects than it was said to cost, and one that costs too much returns none.
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sandboxSchema } from '../../src/graphql/sandbox.ts';
import { defaultLimits } from '../../src/limits/limits.ts';
import { countObjects, type KnownArguments, type RandomOperation, randomOperation } from '../support/random-operation.ts';
import { openGuardedServer, type TestServer } from '../support/server.ts';
import { plainProgram } from '../support/world.ts';

/** Small, so that many operations are beyond it. */
const maximum = 800;
let server: TestServer;
let known: KnownArguments;

type Answer = {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
  readonly extensions?: { readonly cost?: { readonly requested: number; readonly maximum: number } };
};

async function ask({ query, variables }: RandomOperation): Promise<Answer> {
  const request = new Request('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return JSON.parse(await (await server.fetch(request)).text());
}

beforeAll(async () => {
  server = openGuardedServer({
    sandbox: true,
    limits: {
      ...defaultLimits,
      cost: maximum,
      costPerMinute: 1e15,
      fields: 5_000,
      aliases: 5_000,
      definitions: 5_000,
      directives: 5_000,
      depth: 50,
    },
  });
  const program = { ...plainProgram, tiers: { period: 'LIFETIME', levels: [{ name: 'Base', minimumSpend: '0', ratio: '1' }] } };
  await server.setProgram(program);
  const enroll = 'mutation($input: EnrollMemberInput!) { enrollMember(input: $input) { member { id } } }';
  for (let member = 0; member < 25; member += 1)
    await server.execute(enroll, { input: { userId: `m${member}`, ...(member > 0 && member < 22 && { primaryUserId: 'm0' }) } });
  const orders = Array.from({ length: 60 }, (_, index) => ({
    orderId: `o${index}`,
    userId: index < 30 ? 'm1' : `m${index % 25}`,
    status: 'SHIPPED',
    coupons: Array.from({ length: 15 }, (__, coupon) => `coupon ${coupon}`),
    lineItems: Array.from({ length: index === 0 ? 110 : 9 }, (__, line) => ({ productId: `p${line}`, quantity: 2, unitPrice: '3.00' })),
  }));
  const create = (some: readonly object[]) =>
    server.execute('mutation($input: BulkCreateOrdersInput!) { bulkCreateOrders(input: $input) { created } }', { input: { orders: some } });
  for (let start = 0; start < orders.length; start += 15) await create(orders.slice(start, start + 15));
  for (let turn = 0; turn < 25; turn += 1)
    await server.execute('mutation($input: UpdateOrderInput!) { updateOrder(input: $input) { replayed } }', {
      input: {
        orderId: 'o1',
        action: 'RETURN',
        lineItems: [{ lineItem: { productId: `p${turn % 9}` }, quantity: 1 }],
        idempotencyKey: `r${turn}`,
      },
    });
  const found = await server.execute(
    '{ orders(first: 20) { nodes { id events(first: 2) { nodes { id } } lineItems(first: 2) { nodes { id } } } } members(first: 5) { nodes { id } } }',
  );
  const ids = [...JSON.stringify(found).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => JSON.stringify(id));
  known = {
    'Query.node': ids.slice(0, 40).map((id) => `id: ${id}`),
    'Query.nodes': [1, 3, 40].map((count) => `ids: [${ids.slice(0, count).join(', ')}]`),
    'Query.order': ['by: { orderId: "o0" }', 'by: { orderId: "o1" }'],
    'Query.member': ['by: { userId: "m0" }', 'by: { userId: "m1" }'],
    'Query.orderDetails': ['userId: "m1"', 'orderId: "o0"'],
    'Query.secondaryMemberOrders': ['userId: "m0"'],
    'PointsBalance.expiring': ['withinDays: []', 'withinDays: [1, 2, 3, 4, 5, 6, 7]'],
    'Query.cartPoints': [1, 30].map(
      (lines) =>
        `input: { userId: "m1", lineItems: [${Array.from({ length: lines }, (_, line) => `{ productId: "p${line}", quantity: 1, unitPrice: 1 }`).join(' ')}] }`,
    ),
  };
}, 60_000);

afterAll(() => server.close());

test('of random operations', async () => {
  const seen = { answered: 0, refused: 0, objects: 0, ended: 0 };
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (gen) => {
      const operation = randomOperation(sandboxSchema(), (below) => (below > 0 ? gen(fc.nat, { max: below - 1 }) : 0), known);
      expect(validate(sandboxSchema(), parse(operation.query)), operation.query).toEqual([]);
      server.takeStatements();
      const answer = await ask(operation);
      const cost = answer.extensions?.cost?.requested ?? 0;
      const objects = countObjects(answer.data ?? null) - (answer.data ? 1 : 0);
      expect(objects, JSON.stringify(operation)).toBeLessThanOrEqual(cost);
      expect(objects).toBeLessThanOrEqual(maximum);
      if (cost > maximum && !answer.data) {
        expect(answer.errors?.[0]?.extensions['code']).toBe('COST_EXCEEDED');
        expect(objects).toBe(0);
        seen.refused += 1;
      } else {
        seen.answered += 1;
        seen.objects = Math.max(seen.objects, objects);
        if (answer.errors?.some(({ extensions }) => extensions['code'] === 'ANSWER_TOO_LARGE')) seen.ended += 1;
      }
    }),
    { numRuns: 120, seed: 20261124 },
  );
  // Operations that are all refused, or return nothing, would prove nothing.
  expect(seen.answered).toBeGreaterThan(30);
  expect(seen.refused).toBeGreaterThan(5);
  expect(seen.objects).toBeGreaterThan(100);
}, 60_000);

const page = (first: string) =>
  `orders(first: ${first}) { nodes { lineItems(first: ${first}) { nodes { earning { steps { label } } } } } }`;

test.each<[string, RandomOperation]>([
  ['literals', { query: `{ ${page('100')} }`, variables: {} }],
  ['variables', { query: `query($n: Int!) { ${page('$n')} }`, variables: { n: 100 } }],
  ['defaults of variables', { query: `query($n: Int = 100) { ${page('$n')} }`, variables: {} }],
  ['defaults of arguments', { query: '{ orders { nodes { lineItems { nodes { id } } } } }', variables: {} }],
  ['null for a page', { query: `query($n: Int) { ${page('$n')} }`, variables: { n: null } }],
  ['fragments', { query: `{ ...A } fragment A on Query { ...B } fragment B on Query { ${page('100')} }`, variables: {} }],
  [
    'aliases',
    { query: `{ ${Array.from({ length: 40 }, (_, index) => `a${index}: orders(first: 20) { nodes { id } }`).join(' ')} }`, variables: {} },
  ],
  ['edges', { query: '{ orders(first: 100) { edges { node { lineItems(first: 100) { edges { node { id } } } } } } }', variables: {} }],
  ['a condition that is met', { query: `query($yes: Boolean = true) { ... @include(if: $yes) { ${page('100')} } }`, variables: {} }],
  [
    'an interface',
    {
      query: 'query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Order { lineItems { nodes { id } } } } }',
      variables: { ids: Array(50).fill('x') },
    },
  ],
])('one beyond the maximum by %s is not executed', async (_, operation) => {
  await ask({ query: '{ __typename }', variables: {} });
  server.takeStatements();
  await ask({ query: '{ __typename }', variables: {} });
  const before = server.takeStatements();
  const answer = await ask(operation);
  expect(answer.errors?.map(({ extensions }) => extensions['code'])).toEqual(['COST_EXCEEDED']);
  expect('data' in answer).toBe(false);
  expect(answer.extensions?.cost?.requested).toBeGreaterThan(maximum);
  // Who asks and by which program is read; nothing of what was asked is.
  expect(server.takeStatements()).toEqual(before);
});

test('a condition that is not met costs nothing', async () => {
  const answer = await ask({ query: `query($no: Boolean = false) { __typename ... @include(if: $no) { ${page('100')} } }`, variables: {} });
  expect(answer).toMatchObject({ data: { __typename: 'Query' }, extensions: { cost: { requested: 1, maximum } } });
});

test('a list that is longer than reckoned is charged when it is there, and ended when that is too much', async () => {
  const lines = (more: string) => `{ order(by: { orderId: "o0" }) { events(first: 1) { nodes { lines { quantity ${more} } } } } }`;
  const short = await ask({ query: lines(''), variables: {} });
  // 110 lines, of which 5 were reckoned with.
  expect(short.extensions?.cost?.requested).toBeGreaterThanOrEqual(110);
  const long = await ask({
    query: lines(
      'lineItem { total { amount } currentTotal { amount } unitPrice { amount } discount { amount } earning { steps { label } } }',
    ),
    variables: {},
  });
  expect(long.errors?.map(({ extensions }) => extensions['code'])).toEqual(['ANSWER_TOO_LARGE']);
  expect(countObjects(long.data)).toBeLessThan(10);
});
