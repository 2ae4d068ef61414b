// Dry runs: the same answer under throw-away ids, and nothing written; and the state that a payload shows.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWorld, type World } from '../support/world.ts';
import { type BulkPayload, type MutationName, memberFields, type OrderView, orderFields } from '../support/world-documents.ts';

type Fields = Readonly<Record<string, unknown>>;
let world: World;
beforeEach(async () => {
  world = await openWorld({
    tiers: {
      period: 'LIFETIME',
      levels: [
        { name: 'Bronze', minimumSpend: '0', ratio: '1' },
        { name: 'Silver', minimumSpend: '500', ratio: '1.5' },
      ],
    },
  });
  await world.order('o1', [
    ['D1', 4, 100],
    ['D2', 2, 50],
  ]);
  await world.order('o2', [['p', 4, 10]], { status: 'OPEN' });
  await world.adjust('o1', 'CREDIT', '10');
});
afterEach(() => world.close());

const line = (productId: string) => ({ productId, quantity: 2, unitPrice: '33.10' });
const returning = { orderId: 'o1', action: 'RETURN', lineItems: [{ lineItem: { productId: 'D1' }, quantity: 1 }], idempotencyKey: 'try' };
const commands: readonly (readonly [name: MutationName, input: Fields])[] = [
  ['createOrder', { orderId: 'new', userId: 'ann', lineItems: [line('x'), line('y')] }],
  ['updateOrder', returning],
  ['addToOrder', { orderId: 'o1', lineItems: [line('x')], idempotencyKey: 'try' }],
  ['correctOrder', { orderId: 'o1', lineItems: [{ lineItem: { productId: 'D1' }, quantity: 5 }], idempotencyKey: 'try' }],
  ['adjustSpend', { orderId: 'o1', type: 'DEBIT', amount: '20', reason: 'r', adjustedBy: 'a', idempotencyKey: 'try' }],
  ['bulkCreateOrders', { orders: ['n1', 'n2', 'n1'].map((orderId) => ({ orderId, userId: 'ann', lineItems: [line('x')] })) }],
  [
    'bulkUpdateOrders',
    {
      updates: [
        { update: { orderId: 'o2', action: 'SHIP', allLineItems: true, idempotencyKey: 't1' } },
        { add: { orderId: 'o2', lineItems: [line('z')], idempotencyKey: 't2' } },
        { update: returning },
        { update: { ...returning, lineItems: [{ lineItem: { productId: 'D1' }, quantity: 9 }], idempotencyKey: 't3' } },
      ],
    },
  ],
];

/** All ids in an answer, and the answer without them. */
function splitIds(answer: unknown): { readonly ids: readonly string[]; readonly figures: unknown } {
  const ids = new Set<string>();
  const figures: unknown = JSON.parse(
    JSON.stringify(answer, (name, value: unknown) => {
      if (name !== 'id') return value;
      ids.add(String(value));
      return undefined;
    }),
  );
  return { ids: [...ids], figures };
}
const foundOf = async (ids: readonly string[]): Promise<readonly unknown[]> => {
  const answer = await world.server.execute('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  return (answer.data as { nodes: readonly unknown[] }).nodes; // The document asks for this shape.
};

describe.each(commands)('%s', (name, input) => {
  test('as a dry run answers the same, writes nothing, and its ids are nobody’s', async () => {
    const before = await world.stored();
    const tried = splitIds(await world.send<unknown>(name, input, true));
    expect(await world.stored()).toEqual(before);
    expect(tried.ids.length).toBeGreaterThan(3);
    expect(await foundOf(tried.ids)).toEqual(tried.ids.map(() => null));

    const done = splitIds(await world.send<unknown>(name, input));
    expect(tried.figures).toEqual(done.figures);
    expect(await world.stored()).not.toEqual(before);
    expect(tried.ids.filter((id) => done.ids.includes(id))).toEqual([]);
    expect(await foundOf(done.ids)).toEqual(done.ids.map((id) => ({ id })));
  });
});

test('a dry run is refused as the real call is', async () => {
  const input = { ...returning, lineItems: [{ lineItem: { productId: 'D1' }, quantity: 9 }] };
  const tried = await world.send('updateOrder', input, true);
  expect(tried.userErrors).toMatchObject([{ code: 'QUANTITY_EXCEEDED', maximum: 4 }]);
  expect(await world.send('updateOrder', input)).toEqual(tried);
});

describe('several mutations in one operation', () => {
  const step = (alias: string, key: string, dryRun = false) =>
    `${alias}: updateOrder(dryRun: ${dryRun}, input: { orderId: "o1", action: RETURN, lineItems: [{ lineItem: { productId: "D1" }, quantity: 1 }], idempotencyKey: "${key}" }) {
      order { ...OrderFields member { ...MemberFields } } }`;
  type Steps = Readonly<
    Record<string, { readonly order: OrderView & { readonly member: { readonly points: { readonly available: number } } } }>
  >;
  const run = async (steps: readonly string[]): Promise<Steps> => {
    const answer = await world.server.execute(`mutation { ${steps.join('\n')} }${orderFields}${memberFields}`);
    expect(answer.errors).toBeUndefined();
    return answer.data as Steps; // The document asks for this shape.
  };
  const returned = (order: OrderView | undefined) => order?.lineItems.nodes[0]?.returnedQuantity;

  test('each shows its own state, edges included', async () => {
    const steps = await run([step('a', 'k1'), step('b', 'k2'), step('c', 'k3')]);
    expect(Object.values(steps).map(({ order }) => [order.version, returned(order), order.pointsRemoved, order.events.totalCount])).toEqual(
      [
        [3, 1, 100, 3],
        [4, 2, 200, 4],
        [5, 3, 300, 5],
      ],
    );
    const points = Object.values(steps).map(({ order }) => order.member.points.available);
    expect(points.map((point) => (points[0] ?? 0) - point)).toEqual([0, 100, 200]);
  });

  test('a dry run between two real ones leaves no trace', async () => {
    const steps = await run([step('a', 'k1'), step('tried', 'k2', true), step('b', 'k3')]);
    expect(Object.values(steps).map(({ order }) => [order.version, returned(order)])).toEqual([
      [3, 1],
      [4, 2],
      [4, 2],
    ]);
    expect(steps['tried']?.order.id).not.toBe(steps['a']?.order.id);
    expect(steps['b']?.order.id).toBe(steps['a']?.order.id);
  });
});

test.each([false, true])('the rows of a bulk call show the order after the whole call (dry run: %s)', async (dryRun) => {
  const ship = (key: string) => ({
    update: { orderId: 'o2', action: 'SHIP', lineItems: [{ lineItem: { productId: 'p' }, quantity: 1 }], idempotencyKey: key },
  });
  const { rows } = await world.send<BulkPayload>('bulkUpdateOrders', { updates: [ship('s1'), ship('s2'), ship('s1')] }, dryRun);
  expect(rows.map(({ status }) => status)).toEqual(['UPDATED', 'UPDATED', 'UNCHANGED']);
  expect(rows.map(({ order }) => [order?.version, order?.lineItems.nodes[0]?.shippedQuantity])).toEqual([
    [3, 2],
    [3, 2],
    [3, 2],
  ]);
  expect(await world.readOrder('o2')).toMatchObject({ version: dryRun ? 1 : 3 });
});

test('node and nodes find an object of every type, in order, also among garbage', async () => {
  const order = await world.readOrder('o1');
  const member = await world.readMember();
  const ids = [
    order?.id,
    order?.lineItems.nodes[0]?.id,
    order?.events.nodes[0]?.id,
    order?.pointsEntries.nodes[0]?.id,
    order?.spendAdjustments.nodes[0]?.id,
    member?.id,
    member?.points.id,
  ];
  const types = ['Order', 'LineItem', 'OrderEvent', 'PointsEntry', 'SpendAdjustment', 'Member', 'PointsBalance'];
  const asked = ['garbage', ...ids, '', ids[0]];
  const { data } = await world.server.execute('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids: asked });
  const found = ids.map((id, index) => ({ __typename: types[index], id }));
  expect(data).toEqual({ nodes: [null, ...found, null, found[0]] });
  for (const [index, id] of ids.entries())
    expect((await world.server.execute('query ($id: ID!) { node(id: $id) { __typename id } }', { id })).data).toEqual({
      node: found[index],
    });
  await world.setProgram({ siteId: 'other' });
  const other = await world.server.execute('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }, { 'x-site-id': 'other' });
  expect(other).toEqual({ data: { nodes: ids.map(() => null) } });
});
