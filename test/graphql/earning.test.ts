// Rules for products and categories, campaigns, and the explanation of a line's points.
import { afterEach, describe, expect, test } from 'vitest';
import { type Line, openWorld, plainProgram, type World } from '../support/world.ts';
import type { EarningView } from '../support/world-documents.ts';

let world: World;
afterEach(() => world.close());

const silverFromStart = { tiers: { period: 'LIFETIME', levels: [{ name: 'Silver', minimumSpend: '0', ratio: '1.5' }] } };
const rules = {
  rules: [
    { productId: 'mug', type: 'FLAT', points: '7.5' },
    { productId: 'gift-card', type: 'EXCLUDED' },
    { categoryId: 'shoes', type: 'RATIO', ratio: '2' },
    { productId: 'boot', type: 'RATIO', ratio: '0.5' },
    { categoryId: 'free', type: 'RATIO', ratio: '0' },
  ],
};

async function earn(
  line: Line,
  more: Record<string, unknown> = {},
): Promise<{ points: number | undefined; earning: EarningView | undefined }> {
  const { order } = await world.order(`o-${Math.random()}`, [line], more);
  return { points: order?.lineItems.nodes[0]?.pointsAwarded, earning: order?.lineItems.nodes[0]?.earning };
}

describe('rules', () => {
  test.each<[string, Line, number, string | null]>([
    ['FLAT: points per unit, rounded once, whatever price and tier', ['mug', 3, 1000], 22, null],
    ['FLAT: a price of 0 earns as well', ['mug', 2, 0], 15, null],
    ['EXCLUDED: nothing', ['gift-card', 1, 100], 0, '0'],
    ['a category’s ratio', ['shoe', 1, 100, { categoryId: 'shoes' }], 300, '3'],
    ['a product’s ratio beats its category’s', ['boot', 1, 100, { categoryId: 'shoes' }], 75, '0.75'],
    ['no rule', ['hat', 1, 100, { categoryId: 'hats' }], 150, '1.5'],
  ])('%s', async (_, line, points, ratio) => {
    world = await openWorld({ ...rules, ...silverFromStart });
    expect(await earn(line)).toMatchObject({ points, earning: { ratio } });
  });
});

describe('campaigns', () => {
  const week = { from: '2026-11-01T00:00:00Z', before: '2026-11-08T00:00:00Z', tiers: [], storeIds: [], coupons: [] };
  const points = async (orderDate: string, more: Record<string, unknown> = {}, line: Record<string, unknown> = {}) =>
    (await earn(['p', 1, 100, line], { orderDate, ...more })).points;

  test.each([
    ['2026-10-31T23:59:59.999Z', 100],
    ['2026-11-01T00:00:00.000Z', 300],
    ['2026-11-07T23:59:59.999Z', 300],
    ['2026-11-08T00:00:00.000Z', 100],
  ])('half open: an order at %s earns %i', async (orderDate, expected) => {
    world = await openWorld({ campaigns: [{ ...week, name: 'Week', multiplier: '3' }] });
    expect(await points(orderDate)).toBe(expected);
  });

  test.each([
    [['2', '10', '9'], 1000],
    [['0.25', '0.5'], 50],
  ])('of several that apply, %j, the largest counts', async (multipliers, expected) => {
    world = await openWorld({ campaigns: multipliers.map((multiplier) => ({ ...week, name: multiplier, multiplier })) });
    expect(await points('2026-11-02T00:00:00Z')).toBe(expected);
  });

  test('stores, coupons of order or line, and tiers: one of each list that is named', async () => {
    const double = { ...week, name: 'Double', multiplier: '2' };
    world = await openWorld({ campaigns: [{ ...double, storeIds: ['s1', 's2'], coupons: ['SPRING', 'VIP'] }] });
    const at = '2026-11-02T00:00:00Z';
    expect(await points(at)).toBe(100);
    expect(await points(at, { storeId: 's2' })).toBe(100);
    expect(await points(at, { storeId: 's3', coupons: ['VIP'] })).toBe(100);
    expect(await points(at, { storeId: 's2', coupons: ['OTHER', 'VIP'] })).toBe(200);
    expect(await points(at, { storeId: 's1' }, { coupon: 'SPRING' })).toBe(200);
  });

  test('a campaign for a tier looks at the tier held before the order', async () => {
    const levels = [
      { name: 'Bronze', minimumSpend: '0', ratio: '1' },
      { name: 'Silver', minimumSpend: '100', ratio: '1' },
    ];
    world = await openWorld({
      tiers: { period: 'LIFETIME', levels },
      campaigns: [{ ...week, name: 'T', multiplier: '2', tiers: ['Silver'] }],
    });
    expect(await points('2026-11-02T00:00:00Z')).toBe(100);
    expect(await points('2026-11-02T00:00:00Z')).toBe(200);
  });

  test('an addition looks at its own date', async () => {
    world = await openWorld({ campaigns: [{ ...week, name: 'Week', multiplier: '3' }] });
    await world.order('o1', [['p', 1, 100]], { orderDate: '2026-10-01T00:00:00Z' });
    expect((await world.add('o1', [['q', 1, 10]], { occurredAt: '2026-11-07T23:59:59.999Z' })).pointsAwarded).toBe(30);
    expect((await world.add('o1', [['r', 1, 10]], { occurredAt: '2026-11-08T00:00:00.000Z' })).pointsAwarded).toBe(10);
  });
});

describe('Earning', () => {
  test('steps: each factor in its order with the running points, then the rounding', async () => {
    const campaign = { name: 'Week', multiplier: '3', from: '2026-11-01T00:00:00Z', before: '2026-12-01T00:00:00Z' };
    const purchase = { ...plainProgram.purchase, baseRatio: '0.1' };
    world = await openWorld({ ...rules, ...silverFromStart, purchase, campaigns: [campaign] });
    const { points, earning } = await earn(['shoe', 2, '5.55', { categoryId: 'shoes' }]);
    expect(points).toBe(9);
    expect(earning).toMatchObject({ tier: 'Silver', ratio: '0.9', zeroReason: null });
    expect(earning?.steps.map(({ kind, factor, points: running }) => [kind, factor, running])).toEqual([
      ['BASE', '0.1', '1.11'],
      ['TIER', '1.5', '1.665'],
      ['CATEGORY_RULE', '2', '3.33'],
      ['CAMPAIGN', '3', '9.99'],
      ['ROUNDING', null, '9'],
    ]);
    expect(earning?.steps.map(({ label }) => label)).toEqual(['Plain', 'Silver', 'shoes', 'Week', expect.stringContaining('FLOOR')]);
  });

  test('steps of a product’s rule and of points per unit', async () => {
    world = await openWorld(rules);
    const kinds = async (line: Line) => (await earn(line)).earning?.steps.map(({ kind, points }) => [kind, points]);
    expect(await kinds(['boot', 1, 100])).toEqual([
      ['BASE', '100'],
      ['PRODUCT_RULE', '50'],
      ['ROUNDING', '50'],
    ]);
    expect(await kinds(['mug', 3, 100])).toEqual([
      ['FLAT', '22.5'],
      ['ROUNDING', '22'],
    ]);
  });

  test.each<[string, Line]>([
    ['EXCLUDED', ['gift-card', 1, 100]],
    ['ZERO_PRICE', ['p', 1, 0]],
    ['ZERO_RATIO', ['p', 1, 100, { categoryId: 'free' }]],
    ['ROUNDED_TO_ZERO', ['p', 1, '0.99']],
  ])('zeroReason %s', async (zeroReason, line) => {
    world = await openWorld(rules);
    expect(await earn(line)).toMatchObject({ points: 0, earning: { zeroReason } });
    expect((await world.cart([line])).cart?.lineItems).toMatchObject([{ points: 0, earning: { zeroReason } }]);
  });

  test('zeroReason OPTED_OUT: the member may order and earns nothing', async () => {
    world = await openWorld();
    await world.changeMember('ann', { optedIn: false });
    expect(await earn(['p', 1, 100])).toMatchObject({ points: 0, earning: { zeroReason: 'OPTED_OUT' } });
    expect((await world.readMember())?.totalSpend.amount).toBe('100.00');
  });

  test('zeroReason PURCHASE_NOT_CONFIGURED; a cart is refused then', async () => {
    world = await openWorld({ purchase: { ...plainProgram.purchase, configured: false } });
    expect(await earn(['p', 1, 100])).toMatchObject({ points: 0, earning: { zeroReason: 'PURCHASE_NOT_CONFIGURED' } });
    expect((await world.cart([['p', 1, 100]])).userErrors).toMatchObject([{ code: 'PURCHASE_ACTION_NOT_CONFIGURED', path: ['input'] }]);
  });
});
