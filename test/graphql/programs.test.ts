// Programs of other currencies, scales and roundings, and discounts under both bases of points.
import { afterEach, describe, expect, test } from 'vitest';
import { type Line, openWorld, plainProgram, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const purchase = (changes: Record<string, unknown>) => ({ purchase: { ...plainProgram.purchase, ...changes } });
const yen = { currencyCode: 'JPY', timeZone: 'Asia/Tokyo', rounding: 'HALF_EVEN', ...purchase({ baseRatio: '0.5' }) };
const dinars = { currencyCode: 'KWD', timeZone: 'Asia/Kuwait', pointsScale: 3, rounding: 'CEILING', ...purchase({ baseRatio: '1.1' }) };
const cents = { pointsScale: 2, rounding: 'FLOOR', ...purchase({ baseRatio: '0.333' }) };

async function removedOneByOne(times: number): Promise<readonly (number | undefined)[]> {
  const removed = [];
  for (let time = 0; time < times; time += 1) removed.push((await world.return('o1', [['p', 1]])).pointsRemoved);
  return removed;
}

describe('yen, whole points, HALF_EVEN at half a point a yen', () => {
  test.each([
    [1, 0],
    [3, 2],
    [5, 2],
    [7, 4],
  ])('%i yen earn %i', async (price, points) => {
    world = await openWorld(yen);
    expect((await world.order('o1', [['p', 1, price]])).order).toMatchObject({ pointsAwarded: points, total: { amount: String(price) } });
  });

  test('five goods of one yen earn 2, and five returns take 0, 0, 1, 1, 0', async () => {
    world = await openWorld(yen);
    expect((await world.order('o1', [['p', 5, '1.00']])).order).toMatchObject({ pointsAwarded: 2, total: { amount: '5' } });
    expect(await removedOneByOne(5)).toEqual([0, 0, 1, 1, 0]);
  });
});

describe('dinars, three decimals of points, CEILING', () => {
  test('3 × 1.234 at 1.1 are 4.0722, so 4.073; three returns take 1.358, 1.357, 1.358', async () => {
    world = await openWorld(dinars);
    const { order, member } = await world.order('o1', [['p', 3, '1.234']]);
    expect(order).toMatchObject({ pointsAwarded: 4.073, total: { amount: '3.702' }, spend: { amount: '3.702' } });
    expect(member).toMatchObject({ points: { available: 4.073 } });
    expect(await removedOneByOne(3)).toEqual([1.358, 1.357, 1.358]);
  });

  test('the smallest price earns the smallest point, which is rounded up', async () => {
    world = await openWorld({ ...dinars, ...purchase({ baseRatio: '0.0001' }) });
    expect((await world.order('o1', [['p', 1, '0.001']])).order).toMatchObject({ pointsAwarded: 0.001 });
  });

  test('a credit of 0.001 rounds up like a line', async () => {
    world = await openWorld(dinars);
    await world.order('o1', [['p', 1, '1']]);
    expect((await world.adjust('o1', 'CREDIT', '0.001')).spendAdjustment).toMatchObject({ points: 0.002 });
  });
});

test('dollars, two decimals of points, FLOOR: 10.01 at 0.333 are 3.33333, so 3.33', async () => {
  world = await openWorld(cents);
  expect((await world.order('o1', [['p', 1, '10.01']])).order).toMatchObject({ pointsAwarded: 3.33 });
});

test('numbers beyond what a float tells apart are exact', async () => {
  world = await openWorld({ pointsScale: 3, rounding: 'HALF_UP', ...purchase({ baseRatio: '0.000000000001' }) });
  const { order } = await world.order('o1', [['p', 9, '9999999999.99']]);
  expect(order).toMatchObject({ total: { amount: '89999999999.91' }, pointsAwarded: 0.09 });
});

describe('discounts', () => {
  const lines = [
    ['a', 1, 10],
    ['b', 1, 10],
    ['c', 1, 10],
  ] as const;

  test('an order’s discount is spread so that no unit is lost, the earlier line first', async () => {
    world = await openWorld({ pointsScale: 2, ...purchase({ pointsBase: 'NET' }) });
    const { order } = await world.order('o1', lines, { discount: '10' });
    expect(order?.lineItems.nodes.map(({ total }) => total.amount)).toEqual(['6.66', '6.67', '6.67']);
    expect(order?.lineItems.nodes.map(({ pointsAwarded }) => pointsAwarded)).toEqual([6.66, 6.67, 6.67]);
    expect(order).toMatchObject({ total: { amount: '20.00' }, spend: { amount: '20.00' }, pointsAwarded: 20 });
  });

  test('a unit that is left goes to the largest remainder', async () => {
    world = await openWorld();
    const uneven: readonly Line[] = [
      ['a', 1, '10'],
      ['b', 1, '20'],
      ['c', 1, '40'],
    ];
    const { order } = await world.order('o1', uneven, { discount: '1' });
    expect(order?.lineItems.nodes.map(({ total }) => total.amount)).toEqual(['9.86', '19.71', '39.43']);
  });

  test('the spread is by value less the line’s own discount', async () => {
    world = await openWorld(purchase({ pointsBase: 'NET' }));
    const { order } = await world.order(
      'o1',
      [
        ['a', 1, 100, { discount: '40' }],
        ['b', 1, 20],
      ],
      { discount: '8' },
    );
    expect(order?.lineItems.nodes.map(({ total }) => total.amount)).toEqual(['54.00', '18.00']);
    expect(order).toMatchObject({ pointsAwarded: 72 });
  });

  test('under UNIT_PRICE a discount lowers spend and no points', async () => {
    world = await openWorld();
    const { order } = await world.order('o1', [['a', 1, 10, { discount: '2.50' }]], { discount: '1' });
    expect(order).toMatchObject({ pointsAwarded: 10, spend: { amount: '6.50' }, total: { amount: '6.50' } });
  });

  test('three goods with a discount of 0.10 keep 0.07 and 0.03 of it as they go back, and give back all points', async () => {
    world = await openWorld({ pointsScale: 2, ...purchase({ pointsBase: 'NET' }) });
    await world.order('o1', [['p', 3, 1, { discount: '0.10' }]]);
    const kept = [];
    for (let time = 0; time < 3; time += 1) {
      const { order } = await world.return('o1', [['p', 1]]);
      kept.push([order?.currentTotal.amount, order && order.pointsAwarded - order.pointsRemoved]);
    }
    expect(kept.map(([money]) => money)).toEqual(['1.93', '0.97', '0.00']);
    expect((await world.readMember())?.points.available).toBe(0);
  });
});
