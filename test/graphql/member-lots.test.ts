// A member's lots: pages that stay put, ids that lead back, and what expires when.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../support/world.ts';

const expiry = { expiryDays: 30 };

let world: World;
beforeEach(async () => {
  world = await openWorld(expiry);
  // Recorded in another order than that in which they expire.
  for (const day of [3, 1, 5, 2, 4]) await earn(day, 10 * day);
});
afterEach(() => world.close());

/** Points that were earned on a day of November, and expire at the same time of the same day of December. */
async function earn(day: number, price: number): Promise<void> {
  const { userErrors } = await world.order(`day-${day}`, [['p', 1, price]], {
    orderDate: `2026-11-${String(day).padStart(2, '0')}T12:00:00Z`,
  });
  expect(userErrors).toEqual([]);
}

type LotsPage = {
  readonly member: {
    readonly lots: {
      readonly totalCount: number;
      readonly nodes: readonly { readonly id: string; readonly order: { readonly orderId: string }; readonly remaining: number }[];
      readonly edges: readonly { readonly cursor: string }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly endCursor: string | null };
    };
  };
};
const lotsDocument = `query Lots($first: Int, $after: String) { member(by: { userId: "ann" }) { lots(first: $first, after: $after) {
  totalCount nodes { id remaining order { orderId } } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor }
} } }`;
async function lotsPage(first: number, after: string | null = null): Promise<LotsPage['member']['lots']> {
  const { data, errors } = await world.server.execute(lotsDocument, { first, after });
  expect(errors).toBeUndefined();
  return (data as LotsPage).member.lots; // As the document asks.
}
const namesOf = ({ nodes }: LotsPage['member']['lots']): readonly string[] => nodes.map(({ order }) => order.orderId);

describe('Member.lots', () => {
  it('lists what has something left, next to expire first, and what never expires last', async () => {
    await world.setProgram({ expiryDays: null });
    await earn(6, 60);
    await world.return('day-2', 'all');
    expect(await world.lots()).toMatchObject([
      { order: { orderId: 'day-1' }, remaining: 10, availableAt: '2026-11-01T12:00:00.000Z', expiresAt: '2026-12-01T12:00:00.000Z' },
      { order: { orderId: 'day-3' }, remaining: 30, availableAt: '2026-11-03T12:00:00.000Z', expiresAt: '2026-12-03T12:00:00.000Z' },
      { order: { orderId: 'day-4' }, remaining: 40 },
      { order: { orderId: 'day-5' }, remaining: 50 },
      { order: { orderId: 'day-6' }, remaining: 60, availableAt: '2026-11-06T12:00:00.000Z', expiresAt: null },
    ]);
    expect((await lotsPage(1)).totalCount).toBe(5);
    const entries = (await world.entries()).map(({ type, order, expiresAt }) => [type, order?.orderId, expiresAt]);
    expect(entries.slice(-2)).toEqual([
      ['EARN', 'day-6', null],
      ['RETURN', 'day-2', null],
    ]);
    expect(entries[1]).toEqual(['EARN', 'day-1', '2026-12-01T12:00:00.000Z']);
  });

  it('has pages that stay put when lots come before them and after', async () => {
    const first = await lotsPage(2);
    expect(namesOf(first)).toEqual(['day-1', 'day-2']);
    expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    expect(first.pageInfo.endCursor).toBe(first.edges[1]?.cursor);
    // One that expires before the cursor, one at the same instant as the cursor's but recorded later, one after it.
    for (const [name, orderDate] of [
      ['early', '2026-10-30T12:00:00Z'],
      ['equal', '2026-11-02T12:00:00Z'],
      ['late', '2026-11-06T12:00:00Z'],
    ] as const)
      expect((await world.order(name, [['p', 1, 1]], { orderDate })).userErrors).toEqual([]);
    const second = await lotsPage(3, first.pageInfo.endCursor);
    expect(namesOf(second)).toEqual(['equal', 'day-3', 'day-4']);
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const last = await lotsPage(3, second.pageInfo.endCursor);
    expect(namesOf(last)).toEqual(['day-5', 'late']);
    expect(last).toMatchObject({ totalCount: 8, pageInfo: { hasNextPage: false } });
  });

  it('refuses cursors of other lists', async () => {
    const entries = await world.server.execute('{ member(by: { userId: "ann" }) { pointsEntries(first: 1) { pageInfo { endCursor } } } }');
    const { endCursor } = (entries.data as { member: { pointsEntries: { pageInfo: { endCursor: string } } } }).member.pointsEntries
      .pageInfo;
    const { errors } = await world.server.execute(lotsDocument, { first: 1, after: endCursor });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', path: ['after'] } }]);
  });

  it('leads back from the id of a lot, also when nothing is left of it', async () => {
    const [lot] = (await lotsPage(1)).nodes;
    const ask = async () =>
      (
        await world.server.execute('query Ask($id: ID!) { node(id: $id) { ... on PointsLot { id remaining order { orderId } } } }', {
          id: lot?.id,
        })
      ).data;
    expect(await ask()).toEqual({ node: { id: lot?.id, remaining: 10, order: { orderId: 'day-1' } } });
    await world.return('day-1', 'all');
    expect(await ask()).toEqual({ node: { id: lot?.id, remaining: 0, order: { orderId: 'day-1' } } });
    for (const text of ['PointsLot:x', 'PointsLot:x:1', 'PointsLot:'])
      expect(
        (await world.server.execute('query Ask($id: ID!) { node(id: $id) { id } }', { id: Buffer.from(text).toString('base64url') })).data,
      ).toEqual({
        node: null,
      });
  });
});

describe('PointsBalance.expiring', () => {
  it('is cumulative, and right after partial returns of what is about to expire', async () => {
    // The lots expire 7, 8, 9, 10 and 11 days from now, to the millisecond.
    const expiring = [
      { withinDays: 6, points: 0, nextExpiryAt: null },
      { withinDays: 7, points: 10, nextExpiryAt: '2026-12-01T12:00:00.000Z' },
      { withinDays: 8, points: 30, nextExpiryAt: '2026-12-01T12:00:00.000Z' },
      { withinDays: 9, points: 60, nextExpiryAt: '2026-12-01T12:00:00.000Z' },
      { withinDays: 30, points: 150, nextExpiryAt: '2026-12-01T12:00:00.000Z' },
      { withinDays: 8, points: 30, nextExpiryAt: '2026-12-01T12:00:00.000Z' },
    ];
    expect(await world.expiring([6, 7, 8, 9, 30, 8])).toEqual(expiring);
    await world.return('day-1', 'all');
    expect(await world.expiring([7, 8, 30])).toEqual([
      { withinDays: 7, points: 0, nextExpiryAt: null },
      { withinDays: 8, points: 20, nextExpiryAt: '2026-12-02T12:00:00.000Z' },
      { withinDays: 30, points: 140, nextExpiryAt: '2026-12-02T12:00:00.000Z' },
    ]);
  });

  it('counts days in the time zone of the program', async () => {
    await world.setProgram({ expiryDays: 110 });
    await world.order('ahead', [['p', 1, 7]], { orderDate: '2026-11-24T12:04:00Z' });
    // Within these days an hour is skipped: 110 days end at 11:00 UTC, four minutes before the expiry.
    expect(await world.expiring([110, 111])).toMatchObject([{ points: 150 }, { points: 157 }]);
  });

  it('does not count what never expires', async () => {
    await world.setProgram({ expiryDays: null });
    await earn(6, 60);
    expect(await world.expiring([36_500])).toMatchObject([{ points: 150 }]);
  });

  it.each([
    ['21 buckets', Array.from({ length: 21 }, (_, index) => index)],
    ['days below 0', [7, -1]],
    ['more than a hundred years', [36_501]],
  ])('refuses %s', async (_, withinDays) => {
    const answer = await world.server.execute(
      'query Ask($withinDays: [Int!]!) { member(by: { userId: "ann" }) { points { expiring(withinDays: $withinDays) { points } } } }',
      { withinDays },
    );
    expect(answer.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', path: ['withinDays'] } }]);
  });

  it('answers 0 to 20 buckets of 0 to 36,500 days', async () => {
    expect(await world.expiring([])).toEqual([]);
    expect(await world.expiring(Array.from({ length: 20 }, () => 36_500))).toHaveLength(20);
    expect(await world.expiring([0])).toEqual([{ withinDays: 0, points: 0, nextExpiryAt: null }]);
  });
});

describe('in a dry run', () => {
  type Account = {
    readonly points: { readonly expiring: readonly unknown[] };
    readonly lots: LotsPage['member']['lots'];
    readonly more: LotsPage['member']['lots'];
  };
  const account = `member { points { expiring(withinDays: [7, 8, 30]) { points nextExpiryAt } }
    lots(first: 2) { ...Page } more: lots(first: 20, after: $after) { ...Page } }`;
  const fragment = `fragment Page on PointsLotConnection { totalCount nodes { id remaining order { orderId } } edges { cursor }
    pageInfo { hasNextPage hasPreviousPage endCursor } }`;
  async function run(command: string, dryRun: boolean, after: string | null): Promise<Account> {
    const document = `mutation Run($after: String, $dryRun: Boolean!) { ${command} { userErrors { message } ${account} } } ${fragment}`;
    const { data, errors } = await world.server.execute(document, { dryRun, after });
    expect(errors).toBeUndefined();
    const [payload] = Object.values(data as Record<string, { readonly userErrors: unknown; readonly member: Account }>); // As the document asks.
    expect(payload?.userErrors).toEqual([]);
    return payload?.member as Account; // There is one command in it.
  }
  const withoutIds = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (name, inner) => (name === 'id' ? undefined : inner)));

  it.each([
    [
      'a new order',
      'createOrder(dryRun: $dryRun, input: { orderId: "new", userId: "ann", orderDate: "2026-11-01T12:00:00Z", lineItems: [{ productId: "p", quantity: 1, unitPrice: 7 }] })',
    ],
    ['a return', 'updateOrder(dryRun: $dryRun, input: { orderId: "day-1", action: RETURN, allLineItems: true, idempotencyKey: "k" })'],
  ])('lots and what expires are as %s would make them', async (_, command) => {
    const { pageInfo } = await lotsPage(1);
    const before = await lotsPage(20);
    const tried = await run(command, true, pageInfo.endCursor);
    expect(await lotsPage(20)).toEqual(before);
    const done = await run(command, false, pageInfo.endCursor);
    expect(withoutIds(tried)).toEqual(withoutIds(done));
    expect(await lotsPage(20)).not.toEqual(before);
    const ids = tried.lots.nodes.map(({ id }) => id);
    expect((await world.server.execute('query Ask($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).data).toEqual({
      nodes: ids.map(() => null),
    });
  });

  it('a lot of the order that is tried leads to that order', async () => {
    const tried = await world.server.execute(`mutation { createOrder(dryRun: true, input: { orderId: "new", userId: "ann",
      orderDate: "2026-10-25T12:00:00Z", lineItems: [{ productId: "p", quantity: 1, unitPrice: 7 }] })
      { order { id } member { lots(first: 1) { nodes { remaining order { id orderId } } } } } }`);
    const { createOrder } = tried.data as { createOrder: { order: { id: string }; member: unknown } }; // As the document asks.
    expect(createOrder.member).toEqual({ lots: { nodes: [{ remaining: 7, order: { id: createOrder.order.id, orderId: 'new' } }] } });
  });
});
