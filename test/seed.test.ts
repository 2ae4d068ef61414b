// The demo: what a newcomer finds in it, whatever the day on which it is made.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { orderStatuses } from '../src/domain/line-item.ts';
import { demoMembers, emailOf } from '../src/seed/members.ts';
import { seedDemo } from '../src/seed/seed.ts';
import { openServer, type TestServer } from './support/server.ts';

type Page<Node> = { readonly nodes: readonly Node[] };
type OrderRow = {
  readonly orderId: string;
  readonly status: string;
  readonly version: number;
  readonly orderDate: string;
  readonly source: string | null;
  readonly storeId: string | null;
  readonly pointsAwarded: number;
  readonly pointsRemoved: number;
  readonly lineItems: Page<{ readonly productId: string }>;
  readonly events: Page<{ readonly type: string; readonly occurredAt: string }>;
  readonly pointsEntries: Page<{ readonly points: number }>;
  readonly spendAdjustments: Page<{ readonly type: string; readonly points: number }>;
};
type MemberRow = {
  readonly userId: string;
  readonly status: string;
  readonly optedIn: boolean;
  readonly tier: { readonly name: string } | null;
  readonly points: { readonly available: number };
  readonly secondaryMembers: Page<{ readonly userId: string }>;
  readonly pointsEntries: Page<{ readonly points: number }>;
};

const membersQuery = `{ members(first: 100) { nodes {
  userId status optedIn tier { name } points { available }
  secondaryMembers { nodes { userId } } pointsEntries(first: 100) { nodes { points } }
} } }`;
const ordersQuery = `query ($after: String) { orders(first: 100, after: $after, sort: ORDER_DATE_ASC) {
  pageInfo { hasNextPage endCursor }
  nodes {
    orderId status version orderDate source storeId pointsAwarded pointsRemoved
    lineItems { nodes { productId } } events { nodes { type occurredAt } }
    pointsEntries(first: 100) { nodes { points } } spendAdjustments { nodes { type points } }
  }
} }`;

/** A day in autumn, a leap day, and the days on which the clocks of the demo's time zone change. */
const days = ['2026-11-24T12:00:00Z', '2028-02-29T08:30:00Z', '2027-03-14T10:00:00Z', '2027-11-07T09:00:00Z'];

async function seeded(now: number): Promise<TestServer> {
  const server = openServer(now);
  let ids = 0;
  const newId = (): string => `id-${(ids++).toString().padStart(6, '0')}`;
  expect(await seedDemo(server.store, { now, newId })).toEqual({ members: 30, orders: 200 });
  return server;
}

async function read<Data>(server: TestServer, query: string, variables = {}): Promise<Data> {
  const answer = await server.execute(query, variables);
  expect(answer.errors).toBeUndefined();
  return answer.data as Data; // The query above asks for these fields.
}

const membersOf = async (server: TestServer): Promise<readonly MemberRow[]> =>
  (await read<{ members: Page<MemberRow> }>(server, membersQuery)).members.nodes;

async function ordersOf(server: TestServer): Promise<readonly OrderRow[]> {
  type Answer = { orders: Page<OrderRow> & { pageInfo: { hasNextPage: boolean; endCursor: string } } };
  const orders: OrderRow[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const page: Answer['orders'] = (await read<Answer>(server, ordersQuery, { after })).orders;
    orders.push(...page.nodes);
    after = page.pageInfo.endCursor;
    more = page.pageInfo.hasNextPage;
  }
  return orders;
}

const sum = (rows: readonly { readonly points: number }[]): number => rows.reduce((total, { points }) => total + points, 0);
/** How many rows there are under each key. */
function countBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return counts;
}

describe.each(days)('the demo made on %s', (day) => {
  const now = Date.parse(day);
  let server: TestServer;
  let members: readonly MemberRow[];
  let orders: readonly OrderRow[];
  beforeAll(async () => {
    server = await seeded(now);
    [members, orders] = [await membersOf(server), await ordersOf(server)];
  });
  afterAll(() => server.close());

  test('has 30 members in three tiers, four of them with secondary members', () => {
    expect(members.map(({ userId }) => userId)).toEqual(demoMembers.map(({ userId }) => userId));
    expect(members).toHaveLength(30);
    const tiers = countBy(members, ({ tier }) => tier?.name ?? 'none');
    expect([...tiers.keys()].toSorted()).toEqual(['Bronze', 'Gold', 'Silver']);
    expect(Math.min(...tiers.values())).toBeGreaterThanOrEqual(5);
    const primaries = members.filter(({ secondaryMembers }) => secondaryMembers.nodes.length > 0);
    expect(primaries.map(({ userId }) => userId)).toEqual(['user-001', 'user-002', 'user-003', 'user-004']);
    expect(primaries[0]?.secondaryMembers.nodes).toContainEqual({ userId: 'user-021' });
    expect(members.filter(({ status }) => status === 'BLOCKED').map(({ userId }) => userId)).toEqual(['user-029']);
    expect(members.filter(({ optedIn }) => !optedIn).map(({ userId }) => userId)).toEqual(['user-030']);
    for (const { points, pointsEntries } of members) expect(points.available).toBe(sum(pointsEntries.nodes));
  });

  test('has 200 orders of 14 months, in every status, with every kind of change', () => {
    expect(orders).toHaveLength(200);
    expect(orders.map(({ orderId }) => orderId).toSorted()).toEqual(
      Array.from({ length: 200 }, (_, index) => `order-${String(index + 1).padStart(4, '0')}`),
    );
    expect([...countBy(orders, ({ status }) => status).keys()].toSorted()).toEqual([...orderStatuses].toSorted());
    const events = countBy(
      orders.flatMap((order) => order.events.nodes),
      ({ type }) => type,
    );
    expect(Object.fromEntries(events)).toEqual({
      CREATED: 200,
      SHIPPED: expect.toSatisfy((count: number) => count >= 40),
      RETURNED: expect.toSatisfy((count: number) => count >= 40),
      CANCELLED: expect.toSatisfy((count: number) => count >= 20),
      LINES_ADDED: expect.toSatisfy((count: number) => count >= 20),
      CORRECTED: expect.toSatisfy((count: number) => count >= 15),
      SPEND_ADJUSTED: expect.toSatisfy((count: number) => count >= 30),
    });
    const adjustments = countBy(
      orders.flatMap((order) => order.spendAdjustments.nodes),
      ({ type }) => type,
    );
    expect([...adjustments.keys()].toSorted()).toEqual(['CREDIT', 'DEBIT']);
    expect(new Set(orders.map(({ source }) => source)).size).toBeGreaterThanOrEqual(4);
    expect(new Set(orders.map(({ storeId }) => storeId)).size).toBeGreaterThanOrEqual(4);
    const dates = orders.flatMap((order) => [order.orderDate, ...order.events.nodes.map(({ occurredAt }) => occurredAt)]).map(Date.parse);
    expect(Math.max(...dates)).toBeLessThan(now);
    expect((now - Math.min(...dates)) / 86_400_000).toBeCloseTo(425, -1);
  });

  test('has entries that come to what each order retains', () => {
    for (const order of orders) {
      const retained = order.pointsAwarded - order.pointsRemoved + sum(order.spendAdjustments.nodes);
      expect([order.orderId, sum(order.pointsEntries.nodes)]).toEqual([order.orderId, retained]);
    }
  });

  test('has the three orders that the example operations work on, untouched', () => {
    const examples = orders.filter(({ orderId }) => orderId <= 'order-0003');
    const found = examples.map(({ orderId, status, version, pointsAwarded, lineItems }) => ({
      ...{ orderId, status, version, pointsAwarded },
      products: lineItems.nodes.map(({ productId }) => productId),
    }));
    expect(found).toEqual([
      { orderId: 'order-0002', status: 'SHIPPED', version: 1, pointsAwarded: 1400, products: ['D1', 'D2', 'D3'] },
      { orderId: 'order-0001', status: 'OPEN', version: 1, pointsAwarded: 1750, products: ['D1', 'D2', 'D3'] },
      { orderId: 'order-0003', status: 'OPEN', version: 1, pointsAwarded: 100, products: ['p1'] },
    ]);
  });
});

describe('seeding', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');

  test('is done once: a site with a program is left alone', async () => {
    const server = await seeded(now);
    onTestFinished(server.close);
    const before = [await membersOf(server), await ordersOf(server)];
    expect(await seedDemo(server.store, { now: now + 60_000, newId: () => 'another' })).toBeNull();
    expect([await membersOf(server), await ordersOf(server)]).toEqual(before);
    expect(await server.store.reads.programs('demo')).toHaveLength(1);
  });

  test('makes the same demo every time', async () => {
    const [one, other] = [await seeded(now), await seeded(now)];
    onTestFinished(async () => {
      await one.close();
      await other.close();
    });
    expect(await ordersOf(other)).toEqual(await ordersOf(one));
    expect(await membersOf(other)).toEqual(await membersOf(one));
  });

  test('invents addresses that reach nobody, one for each member', () => {
    const emails = demoMembers.map(emailOf);
    expect(new Set(emails).size).toBe(30);
    for (const email of emails) expect(email).toMatch(/^[a-z]+\.[a-z]+@example\.com$/);
  });
});
