// Pages: cursors hold their place while rows come in, bounds are kept, and nothing is counted unless it is asked for.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderSorts } from '../../src/store/store.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { plainProgram } from '../support/world.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const day = 86_400_000;
let server: TestServer;
let made = 0;

async function send(field: string, input: string, value: object): Promise<void> {
  const answer = await server.execute(`mutation Send($input: ${input}!) { ${field}(input: $input) { userErrors { code message path } } }`, {
    input: value,
  });
  expect(answer).toEqual({ data: { [field]: { userErrors: [] } } });
}

const enroll = (userId: string, primaryUserId?: string) =>
  send('enrollMember', 'EnrollMemberInput', { userId, ...(primaryUserId && { primaryUserId }) });

async function order(userId: string, orderDate: number, unitPrice: string, count = 1): Promise<string> {
  made += 1;
  const orderId = `order-${String(made).padStart(4, '0')}`;
  const lineItems = Array.from({ length: count }, (_, index) => ({ productId: `p${index}`, quantity: 1, unitPrice }));
  await send('createOrder', 'CreateOrderInput', { orderId, userId, orderDate: new Date(orderDate).toISOString(), lineItems });
  return orderId;
}

const adjust = (orderId: string) => {
  made += 1;
  const credit = { type: 'CREDIT', amount: '1', reason: 'test', adjustedBy: 'admin' };
  return send('adjustSpend', 'AdjustSpendInput', { orderId, idempotencyKey: `adjust-${made}`, ...credit });
};

const addLine = (orderId: string) => {
  made += 1;
  const lineItems = [{ productId: `added-${made}`, quantity: 1, unitPrice: '1' }];
  return send('addToOrder', 'AddToOrderInput', { orderId, idempotencyKey: `add-${made}`, lineItems });
};

/** A list somewhere in an answer: what it hangs under, its name and its own arguments. */
type List = { readonly around: (field: string) => string; readonly field: string; readonly node: string; readonly own?: string };
type Connection = {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly key: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount?: number;
};

const ofOrder = (field: string, node: string): List => ({
  around: (inner) => `order(by: { orderId: "order-0001" }) { ${inner} }`,
  field,
  node,
});
const ofMember = (field: string, node: string): List => ({
  around: (inner) => `member(by: { userId: "user-01" }) { ${inner} }`,
  field,
  node,
});
const ofSite = (field: string, node: string, own = ''): List => ({ around: (inner) => inner, field, node, own });

function request({ around, field, node, own = '' }: List, counted: boolean): string {
  const content = `edges { cursor node { key: ${node} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
  return `query Page($first: Int, $after: String) { ${around(`page: ${field}(first: $first, after: $after${own}) { ${content} ${counted ? 'totalCount' : ''} }`)} }`;
}

async function page(list: List, first: number, after: string | null, counted = false): Promise<Connection> {
  const answer = await server.execute(request(list, counted), { first, after });
  expect(answer.errors).toBeUndefined();
  const data = answer.data as Record<string, unknown>; // A list stands at the top or under the one object that was asked for.
  return (data['page'] ?? Object.values(Object.values(data)[0] ?? {})[0]) as Connection; // The query's own shape.
}

const refusalOf = async (list: List, first: number, after: string | null) => {
  const { errors } = await server.execute(request(list, false), { first, after });
  return { code: errors?.[0]?.extensions?.['code'], path: errors?.[0]?.extensions?.['path'] };
};

/** Walks a list in pages of seven; `between` is called after each page. */
async function walk(list: List, between: () => Promise<unknown> = async () => {}): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { edges, pageInfo } = await page(list, 7, after);
    expect(pageInfo.hasPreviousPage).toBe(after !== null);
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0]?.cursor ?? null, edges.at(-1)?.cursor ?? null]);
    keys.push(...edges.map(({ node }) => node.key));
    after = pageInfo.endCursor;
    more = pageInfo.hasNextPage;
    if (keys.length > 500) throw new Error('The walk does not end.');
    if (more) await between();
  }
  return keys;
}

beforeAll(async () => {
  server = openServer(now);
  await server.setProgram(plainProgram);
  for (let index = 1; index <= 30; index += 1) await enroll(`user-${String(index).padStart(2, '0')}`, index > 10 ? 'user-01' : undefined);
  // Many equal dates and totals, so that the order within equal values matters.
  for (let index = 0; index < 30; index += 1)
    await order('user-01', now - (10 + (index % 4)) * day, String(100 + (index % 3)), index === 0 ? 30 : 1);
  for (let index = 0; index < 25; index += 1) await adjust('order-0001');
});
afterAll(() => server.close());

const lists: readonly (readonly [name: string, list: List, between: () => Promise<unknown>])[] = [
  ...orderSorts.map((sort) => {
    const insert = async () => {
      await order('user-02', now - 30 * day, '1');
      await order('user-02', now - 1 * day, '900');
      await order('user-02', now - 11 * day, '101');
    };
    return [`orders ${sort}`, ofSite('orders', 'orderId', `, sort: ${sort}`), insert] as const;
  }),
  ...orderSorts.map((sort) => {
    const list = { ...ofMember('orders', 'orderId'), own: `, sort: ${sort}` };
    return [`orders of a member ${sort}`, list, () => order('user-01', now - 11 * day, '101')] as const;
  }),
  [
    'members',
    ofSite('members', 'userId'),
    async () => {
      made += 1;
      await enroll(`a-${made}`);
      await enroll(`user-05-${made}`);
      await enroll(`z-${made}`);
    },
  ],
  [
    'secondaryMembers',
    ofMember('secondaryMembers', 'userId'),
    async () => {
      made += 1;
      await enroll(`a-${made}`, 'user-01');
      await enroll(`z-${made}`, 'user-01');
    },
  ],
  ['lineItems', ofOrder('lineItems', 'id'), () => addLine('order-0001')],
  ['events', ofOrder('events', 'id'), () => adjust('order-0001')],
  ['pointsEntries of an order', ofOrder('pointsEntries', 'id'), () => adjust('order-0001')],
  ['spendAdjustments of an order', ofOrder('spendAdjustments', 'id'), () => adjust('order-0001')],
  ['pointsEntries of a member', ofMember('pointsEntries', 'id'), () => adjust('order-0001')],
  ['spendAdjustments of a member', ofMember('spendAdjustments', 'id'), () => adjust('order-0001')],
];

describe.each(lists)('%s', (_, list, between) => {
  const most = list.field === 'lineItems' ? 500 : 100;

  it('shows each row once while others come in', async () => {
    const before = await walk(list);
    expect(before.length).toBeGreaterThanOrEqual(20);
    expect(new Set(before).size).toBe(before.length);
    const known = new Set(before);
    const during = await walk(list, between);
    expect(new Set(during).size).toBe(during.length);
    expect(during.filter((key) => known.has(key))).toEqual(before);
    expect((await page(list, 0, null, true)).totalCount).toBeGreaterThan(before.length);
  });

  it('keeps its bounds', async () => {
    expect(await page(list, 0, null)).toMatchObject({ edges: [], pageInfo: { hasNextPage: true, startCursor: null, endCursor: null } });
    expect((await page(list, most, null)).edges.length).toBeGreaterThan(20);
    const refused = { code: 'INVALID_INPUT', path: ['first'] };
    expect(await refusalOf(list, most + 1, null)).toEqual(refused);
    expect(await refusalOf(list, -1, null)).toEqual(refused);
  });

  it('takes its own cursors only', async () => {
    const other = list.field === 'events' ? ofSite('members', 'userId') : ofOrder('events', 'id');
    const foreign = (await page(other, 1, null)).pageInfo.endCursor ?? '';
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const cursor of ['', 'x', '%%%', 'null', encoded(null), encoded([]), encoded({}), encoded([list.field]), foreign])
      expect(await refusalOf(list, 5, cursor), cursor).toEqual({ code: 'INVALID_INPUT', path: ['after'] });
  });

  it('counts only when asked', async () => {
    server.takeStatements();
    await page(list, 5, null);
    expect(server.takeStatements().filter((sql) => sql.includes('count(*)'))).toEqual([]);
    await page(list, 5, null, true);
    expect(server.takeStatements().filter((sql) => sql.includes('count(*)'))).toHaveLength(1);
  });
});

describe('cursors of orders', () => {
  it.each(orderSorts)('belong to their sort: %s', async (sort) => {
    const { endCursor } = (await page(ofSite('orders', 'orderId', `, sort: ${sort}`), 3, null)).pageInfo;
    for (const other of orderSorts.filter((name) => name !== sort))
      expect(await refusalOf(ofSite('orders', 'orderId', `, sort: ${other}`), 3, endCursor)).toEqual({
        code: 'INVALID_INPUT',
        path: ['after'],
      });
  });
});

it('answers two pages of one list in one request, each by its own bounds', async () => {
  const answer = await server.execute(
    '{ order(by: { orderId: "order-0001" }) { one: lineItems(first: 1) { nodes { id } } two: lineItems(first: 3) { nodes { id } } } }',
  );
  const { order } = answer.data as { order: Record<'one' | 'two', { nodes: readonly unknown[] }> }; // The shape of the query just above.
  expect([order.one.nodes.length, order.two.nodes.length]).toEqual([1, 3]);
});
