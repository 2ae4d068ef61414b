// Points with decimals, and currencies without or with three.
import { afterEach, describe, expect, test } from 'vitest';
import { day } from '../support/story.ts';
import { openWorld, plainProgram, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const base = (baseRatio: string) => ({ purchase: { ...plainProgram.purchase, baseRatio } });

describe('one rounding a line, at the decimals that points have', () => {
  // 10.10 × 0.125 = 1.2625, of two goods 2.525.
  test.each([
    [0, 'FLOOR', 2, 1],
    [1, 'FLOOR', 2.5, 1.2],
    [1, 'CEILING', 2.6, 1.3],
    [2, 'FLOOR', 2.52, 1.26],
    [2, 'HALF_UP', 2.53, 1.26],
    [2, 'HALF_EVEN', 2.52, 1.26],
    [3, 'FLOOR', 2.525, 1.262],
    [3, 'HALF_UP', 2.525, 1.263],
    [3, 'HALF_EVEN', 2.525, 1.262],
    [3, 'CEILING', 2.525, 1.263],
  ])('%i decimals, %s: two goods earn %d, one keeps %d', async (pointsScale, rounding, two, one) => {
    world = await openWorld({ pointsScale, rounding, ...base('0.125') });
    expect((await world.order('o1', [['p', 2, '10.10']])).order).toMatchObject({ pointsAwarded: two });
    await world.return('o1', [['p', 1]]);
    expect((await world.balances()).available).toBe(one);
    await world.return('o1', [['p', 1]]);
    expect((await world.balances()).available).toBe(0);
  });

  test('a rounding for each line, not for the order', async () => {
    world = await openWorld({ pointsScale: 1 });
    const lines = ['a', 'b', 'c'].map((product) => [product, 1, '0.19'] as const);
    expect((await world.order('o1', lines)).order).toMatchObject({ pointsAwarded: 0.3 });
  });
});

describe('three decimals all the way', () => {
  test('redeemed, taken back, owed and repaid', async () => {
    world = await openWorld({ pointsScale: 3, rules: [{ productId: 'gift', type: 'EXCLUDED' }], ...base('0.111') }, day(0));
    await world.order('o1', [['p', 3, 1]]); // 0.333
    await world.order('g', [['gift', 1, 1]], { redeemPoints: '0.250' });
    expect(await world.balances()).toMatchObject({ available: 0.083, used: 0.25 });
    await world.return('o1', [['p', 2]]); // 0.222
    expect(await world.balances()).toMatchObject({ available: 0, debt: 0.139 });
    await world.order('o2', [['p', 2, 1]]);
    expect(await world.balances()).toMatchObject({ available: 0.083, debt: 0 });
  });

  test('expired', async () => {
    world = await openWorld({ pointsScale: 3, expiryDays: 30, ...base('0.111') }, day(0));
    await world.order('o1', [['p', 3, 1]]);
    expect(await world.expiring([30])).toEqual([{ withinDays: 30, points: 0.333, nextExpiryAt: day(30) }]);
    world.setClock(day(30));
    await world.settle();
    expect(await world.balances()).toMatchObject({ available: 0, expired: 0.333 });
  });
});

describe('currencies', () => {
  test.each([
    ['JPY', '0.01', 3, '150', 4, 3, '450'],
    ['JPY', '1', 1, '99', 99, 0, '99'],
    ['KWD', '1', 4, '1.250', 5, 3, '5.000'],
    ['KWD', '10', 3, '0.005', 0, 0, '0.015'],
    ['KWD', '1000', 3, '0.005', 15, 10, '0.015'],
  ])('%s at %s: %i × %s earn %i, and %i after one comes back', async (currencyCode, ratio, quantity, price, earned, kept, total) => {
    world = await openWorld({ currencyCode, ...base(ratio) });
    expect((await world.order('o1', [['p', quantity, price]])).order).toMatchObject({ pointsAwarded: earned, spend: { amount: total } });
    await world.return('o1', [['p', 1]]);
    expect((await world.balances()).available).toBe(kept);
  });

  test.each([
    ['JPY', '150.5'],
    ['KWD', '1.2505'],
  ])('%s: %s has too many decimals', async (currencyCode, price) => {
    world = await openWorld({ currencyCode });
    expect((await world.order('o1', [['p', 1, price]])).userErrors).toMatchObject([{ code: 'INVALID_MONEY_SCALE' }]);
  });

  test('yen under a hold: released, and half of it given back of a redemption', async () => {
    const rules = [{ productId: 'gift', type: 'EXCLUDED' }];
    world = await openWorld(
      { currencyCode: 'JPY', pointValue: '1', rules, hold: { type: 'ORDER_DATE', days: 30 }, ...base('0.01') },
      day(0),
    );
    await world.order('o1', [['p', 1, 15_050]]);
    world.setClock(day(30));
    await world.order('g', [['gift', 2, 75]], { redeemPoints: 150 });
    expect(await world.balances()).toMatchObject({ available: 0, used: 150 });
    await world.cancel('g', [['gift', 1]]);
    expect(await world.balances()).toMatchObject({ available: 75, used: 75 });
  });
});
