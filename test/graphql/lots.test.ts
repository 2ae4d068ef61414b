// Lots of available points: what makes one, when it expires, and in which order lots are spent.
import { afterEach, describe, expect, test } from 'vitest';
import { day } from '../support/story.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const noPoints = { rules: [{ productId: 'gift', type: 'EXCLUDED' }] };
/** [order, remaining] of each lot, next to expire first. */
const remaining = async () => (await world.lots()).map((lot) => [lot.order?.orderId, lot.remaining]);
/** Spends points on an order that earns none. */
const spend = async (orderId: string, points: number) => {
  const { userErrors } = await world.order(orderId, [['gift', 1, 1000]], { redeemPoints: points });
  expect(userErrors).toEqual([]);
};

describe('what makes a lot', () => {
  test('an order makes one, whatever its lines; an addition another; each with the instant at which it became available', async () => {
    world = await openWorld({ expiryDays: 100 }, day(0));
    await world.order('o1', [
      ['p', 1, 100],
      ['q', 1, 50],
    ]);
    world.setClock(day(10));
    await world.add('o1', [['r', 1, 30]], { occurredAt: day(5) });
    const order = { orderId: 'o1' };
    expect(await world.lots()).toEqual([
      { order, remaining: 150, availableAt: day(0), expiresAt: day(100) },
      { order, remaining: 30, availableAt: day(5), expiresAt: day(105) },
    ]);
  });

  test('a credit and a correction make lots when they are made', async () => {
    world = await openWorld({ expiryDays: 100 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    world.setClock(day(3));
    await world.adjust('o1', 'CREDIT', '20');
    world.setClock(day(4));
    await world.correct('o1', 'p', { quantity: 2 });
    expect((await world.lots()).map((lot) => [lot.remaining, lot.availableAt])).toEqual([
      [100, day(0)],
      [20, day(3)],
      [100, day(4)],
    ]);
  });

  test('a backdated order’s lot counts from the order’s date', async () => {
    world = await openWorld({ expiryDays: 100 }, day(0));
    await world.order('o1', [['p', 1, 100]], { orderDate: day(-40) });
    expect(await world.lots()).toMatchObject([{ availableAt: day(-40), expiresAt: day(60) }]);
  });

  test('without expiryDays a lot never expires', async () => {
    world = await openWorld({}, day(0));
    await world.order('o1', [['p', 1, 100]]);
    expect(await world.lots()).toMatchObject([{ remaining: 100, expiresAt: null }]);
    expect((await world.entries())[0]).toMatchObject({ expiresAt: null });
  });

  test('a change of expiryDays does not move lots that are there', async () => {
    world = await openWorld({ expiryDays: 100 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    world.setClock(day(1));
    await world.setProgram({ expiryDays: 20 });
    await world.order('o2', [['p', 1, 50]]);
    expect((await world.lots()).map((lot) => [lot.order?.orderId, lot.expiresAt])).toEqual([
      ['o2', day(21)],
      ['o1', day(100)],
    ]);
  });

  test('held points are in no lot', async () => {
    world = await openWorld({ hold: { type: 'ORDER_DATE', days: 30 }, expiryDays: 100 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    expect(await world.lots()).toEqual([]);
  });
});

describe('lots are spent', () => {
  test('next to expire first, which need not be the first recorded', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 100 }, day(0));
    await world.order('late', [['p', 1, 100]]);
    await world.order('early', [['p', 1, 100]], { orderDate: day(-10) });
    expect(await remaining()).toEqual([
      ['early', 100],
      ['late', 100],
    ]);
    await spend('g', 130);
    expect(await remaining()).toEqual([['late', 70]]);
  });

  test('those that never expire last', async () => {
    world = await openWorld(noPoints, day(0));
    await world.order('never', [['p', 1, 100]]);
    world.setClock(day(1));
    await world.setProgram({ ...noPoints, expiryDays: 3650 });
    await world.order('someday', [['p', 1, 100]]);
    await spend('g', 130);
    expect(await remaining()).toEqual([['never', 70]]);
  });

  test('of equal ones the first recorded', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 100 }, day(0));
    for (const orderId of ['z', 'a', 'm']) await world.order(orderId, [['p', 1, 100]]);
    await spend('g', 150);
    expect(await remaining()).toEqual([
      ['a', 50],
      ['m', 100],
    ]);
  });
});

describe('expiring(withinDays:) is cumulative, and right at once after whatever happens', () => {
  test('after partial returns of a lot that is about to expire', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 4, 100]]);
    world.setClock(day(25));
    await world.order('o2', [['p', 1, 50]]);
    const soon = async () => (await world.expiring([7, 30])).map(({ points, nextExpiryAt }) => [points, nextExpiryAt]);
    expect(await soon()).toEqual([
      [400, day(30)],
      [450, day(30)],
    ]);
    await world.return('o1', [['p', 1]]);
    expect(await soon()).toEqual([
      [300, day(30)],
      [350, day(30)],
    ]);
    await spend('g', 280);
    expect(await soon()).toEqual([
      [20, day(30)],
      [70, day(30)],
    ]);
    await world.return('o1', [['p', 1]]); // 20 of its own lot, 50 of the other's, 30 missing.
    expect(await soon()).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(await world.balances()).toMatchObject({ available: 0, debt: 30 });
  });

  test('a lot that expires just so many days from now is in the bucket, one that expires later is not', async () => {
    world = await openWorld({ expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    const within = async (at: string) => {
      world.setClock(at);
      return world.expiring([0, 6, 7, 8]);
    };
    const at = (withinDays: number, points: number) => ({ withinDays, points, nextExpiryAt: points > 0 ? day(30) : null });
    expect(await within(day(23))).toEqual([at(0, 0), at(6, 0), at(7, 100), at(8, 100)]);
    expect(await within(day(23, -1))).toEqual([at(0, 0), at(6, 0), at(7, 0), at(8, 100)]);
    expect(await within(day(24, -1))).toEqual([at(0, 0), at(6, 0), at(7, 100), at(8, 100)]);
  });

  test('days are calendar days: over the end of summer time too', async () => {
    world = await openWorld({ expiryDays: 30 }, '2026-10-10T19:00:00Z');
    await world.order('o1', [['p', 1, 100]]); // Expires at noon of 9 November, 20:00 UTC.
    world.setClock('2026-10-30T19:00:00Z');
    const nextExpiryAt = '2026-11-09T20:00:00.000Z';
    expect(await world.expiring([10, 9])).toEqual([
      { withinDays: 10, points: 100, nextExpiryAt },
      { withinDays: 9, points: 0, nextExpiryAt: null },
    ]);
  });
});
