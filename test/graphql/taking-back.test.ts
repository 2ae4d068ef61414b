// Where points that are taken back come from: held, own lots, other lots, and what had expired.
import { afterEach, describe, expect, test } from 'vitest';
import { day } from '../support/story.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const noPoints = { rules: [{ productId: 'gift', type: 'EXCLUDED' }] };
const remaining = async () => (await world.lots()).map((lot) => [lot.order?.orderId, lot.remaining]);
/** Spends points on an order that earns none. */
const spend = async (orderId: string, points: number) => {
  const { userErrors } = await world.order(orderId, [['gift', 1, 1000]], { redeemPoints: points });
  expect(userErrors).toEqual([]);
};
const lastEntry = async () => {
  const entry = (await world.entries()).at(-1);
  return (
    entry && {
      type: entry.type,
      points: entry.points,
      available: entry.available,
      held: entry.held,
      debt: entry.debt,
      uncollected: entry.uncollected,
    }
  );
};

describe('in this order', () => {
  test('held points of the order before its available ones', async () => {
    world = await openWorld({ hold: { type: 'LINE_SHIP_DATE', days: 30 } }, day(0));
    await world.order('o1', [['p', 3, 100]]);
    await world.ship('o1', [['p', 2]]);
    world.setClock(day(10));
    await world.ship('o1', [['p', 1]]);
    world.setClock(day(30));
    await world.return('o1', [['p', 2]]);
    expect(await lastEntry()).toEqual({ type: 'RETURN', points: -200, available: -100, held: -100, debt: 0, uncollected: 0 });
  });

  test('its own lot, although another expires earlier; then the other lots, next to expire first', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 100 }, day(0));
    await world.order('own', [['p', 1, 100]]);
    world.setClock(day(1));
    await world.order('later', [['p', 1, 100]]);
    await spend('g', 60);
    await world.order('sooner', [['p', 1, 100]], { orderDate: day(-1) });
    expect(await remaining()).toEqual([
      ['sooner', 100],
      ['own', 40],
      ['later', 100],
    ]);
    await world.return('own', 'all');
    expect(await remaining()).toEqual([
      ['sooner', 40],
      ['later', 100],
    ]);
    expect(await lastEntry()).toEqual({ type: 'RETURN', points: -100, available: -100, held: 0, debt: 0, uncollected: 0 });
  });

  test('of its own lots, next to expire first', async () => {
    world = await openWorld({ expiryDays: 100 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    world.setClock(day(5));
    await world.add('o1', [['q', 1, 100]]);
    await world.return('o1', [['q', 1]]);
    expect((await world.lots()).map((lot) => [lot.remaining, lot.availableAt])).toEqual([[100, day(5)]]);
  });
});

describe('what has expired of its own lot', () => {
  test('is counted first, and charged to nobody', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 4, 100]]);
    world.setClock(day(31));
    await world.order('o2', [['p', 1, 70]]);
    const { pointsRemoved } = await world.return('o1', [['p', 1]]);
    expect(pointsRemoved).toBe(100);
    expect(await lastEntry()).toEqual({ type: 'RETURN', points: -100, available: 0, held: 0, debt: 0, uncollected: 100 });
    expect(await world.balances()).toMatchObject({ available: 70, debt: 0, expired: 400 });
  });

  test('is counted once: what is beyond it comes from other lots, then is missing', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 4, 100]]);
    await spend('g', 150);
    world.setClock(day(31)); // 250 have expired.
    await world.order('o2', [['p', 1, 70]]);
    await world.return('o1', [['p', 2]]);
    expect(await lastEntry()).toMatchObject({ points: -200, available: 0, debt: 0, uncollected: 200 });
    await world.return('o1', [['p', 1]]);
    expect(await lastEntry()).toMatchObject({ points: -100, available: -50, debt: 0, uncollected: 50 });
    await world.return('o1', [['p', 1]]);
    expect(await lastEntry()).toMatchObject({ points: -100, available: -20, debt: 80, uncollected: 0 });
    expect(await world.balances()).toMatchObject({ available: 0, debt: 80, expired: 250 });
    expect(await world.readOrder('o1')).toMatchObject({ pointsAwarded: 400, pointsRemoved: 400 });
  });

  test('and of no other order’s lot', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    world.setClock(day(5));
    await world.order('o2', [['p', 1, 100]]);
    await spend('g', 150); // o1's 100 and 50 of o2's.
    world.setClock(day(36)); // 50 of o2's have expired.
    await world.return('o1', 'all');
    expect(await lastEntry()).toMatchObject({ points: -100, available: 0, debt: 100, uncollected: 0 });
  });

  test('nor of a lot that paid for the order', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 2, 100]]);
    world.setClock(day(5));
    await world.order('o2', [['p', 1, 100]], { redeemPoints: 50 }); // Paid by o1's lot.
    world.setClock(day(31)); // 150 of o1's have expired.
    await spend('g', 100); // All of o2's own lot.
    await world.return('o2', 'all'); // 50 are given back to o1's lot and expire.
    expect(await lastEntry()).toMatchObject({ type: 'RETURN', points: -100, available: 0, debt: 100, uncollected: 0 });
    expect(await world.balances()).toMatchObject({ available: 0, debt: 100, expired: 200 });
  });

  test('includes what was given back after its expiry', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 4, 100]]);
    await spend('g', 150);
    world.setClock(day(40));
    await world.return('g', 'all');
    expect(await world.balances()).toMatchObject({ available: 0, expired: 400, used: 0 });
    await world.return('o1', 'all');
    expect(await lastEntry()).toMatchObject({ points: -400, available: 0, debt: 0, uncollected: 400 });
  });
});

describe('a take-back of another kind', () => {
  test.each([
    ['a cancellation', 'CANCEL', -200, () => world.cancel('o1', [['p', 2]])],
    ['a correction', 'CORRECTION', -200, () => world.correct('o1', 'p', { quantity: 2 })],
    ['a debit', 'SPEND_ADJUSTMENT', -200, () => world.adjust('o1', 'DEBIT', '200')],
  ])('%s takes from own and other lots, then makes debt', async (_, type, points, act) => {
    world = await openWorld(noPoints, day(0));
    await world.order('o1', [['p', 4, 100]], { status: 'OPEN' });
    await world.order('o2', [['p', 1, 30]]);
    await spend('g', 350); // 50 are left of o1's, 30 of o2's.
    expect((await act()).userErrors).toEqual([]);
    expect(await lastEntry()).toEqual({ type, points, available: -80, held: 0, debt: 120, uncollected: 0 });
    expect(await world.lots()).toEqual([]);
  });
});

describe('what nobody takes back by name', () => {
  test('an addition with which a debit counts again, once the order has value', async () => {
    world = await openWorld({ rules: [{ productId: 'gift', type: 'FLAT', points: '50' }] }, day(0));
    await world.order('o1', [
      ['gift', 1, 0],
      ['p', 1, 10],
    ]);
    await world.adjust('o1', 'DEBIT', '10');
    await world.return('o1', [['p', 1]]); // Nothing of value is left, so that the debit counts nothing.
    expect(await world.balances()).toMatchObject({ available: 50 });
    expect((await world.add('o1', [['q', 1, '0.50']])).userErrors).toEqual([]);
    expect(await world.balances()).toMatchObject({ available: 40, debt: 0 });
  });

  test('points that were ever awarded stay within what is kept exactly, on hold as well', async () => {
    const purchase = { configured: true, baseRatio: '999999.999' };
    world = await openWorld({ pointsScale: 3, hold: { type: 'ORDER_DATE', days: 30 }, purchase }, day(0));
    await world.order('o1', [['a', 1, '9000000.01']]);
    expect((await world.correct('o1', 'a', { unitPrice: '0.01' })).userErrors).toEqual([]);
    const path = ['input', 'lineItems', '0'];
    expect((await world.correct('o1', 'a', { unitPrice: '9000000.01' })).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path }]);
  });
});
