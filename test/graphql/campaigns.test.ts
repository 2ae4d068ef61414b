// Campaigns: from when until when, for whom, and which of several counts.
import { afterEach, describe, expect, test } from 'vitest';
import { day } from '../support/story.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const week = { name: 'Week', multiplier: '3', from: day(0), before: day(7) };
const points = async (orderId: string, more: Record<string, unknown> = {}, line: Record<string, unknown> = {}) =>
  (await world.order(orderId, [['p', 1, 100, line]], more)).order?.pointsAwarded;

describe('from is in, before is out', () => {
  test.each([
    [day(0, -1), 100],
    [day(0), 300],
    [day(7, -1), 300],
    [day(7), 100],
  ])('at %s by the clock of the server: %i', async (at, expected) => {
    world = await openWorld({ campaigns: [week] }, at);
    expect((await world.cart([['p', 1, 100]])).cart?.points).toBe(expected);
    expect(await points('o1')).toBe(expected);
  });

  test.each([
    [day(0, -1), 10],
    [day(0), 30],
    [day(7, -1), 30],
    [day(7), 10],
  ])('an addition at %s: %i', async (occurredAt, expected) => {
    world = await openWorld({ campaigns: [week] }, day(20));
    await world.order('o1', [['p', 1, 100]], { orderDate: day(-5) });
    expect((await world.add('o1', [['q', 1, 10]], { occurredAt })).pointsAwarded).toBe(expected);
  });

  test('a campaign may be written in any offset', async () => {
    world = await openWorld({ campaigns: [{ ...week, from: '2026-06-02T04:00:00+09:00', before: '2026-06-01T21:00:00+01:00' }] }, day(5));
    expect(await points('a', { orderDate: '2026-06-01T18:59:59.999Z' })).toBe(100);
    expect(await points('b', { orderDate: '2026-06-01T19:00:00Z' })).toBe(300);
    expect(await points('c', { orderDate: '2026-06-01T20:00:00Z' })).toBe(100);
  });

  test('points that were earned stay when it is over, on hold or not', async () => {
    world = await openWorld({ campaigns: [week], hold: { type: 'ORDER_DATE', days: 30 } }, day(6));
    expect(await points('o1')).toBe(300);
    world.setClock(day(36));
    await world.settle();
    expect(await world.balances()).toMatchObject({ available: 300, held: 0 });
  });
});

describe('for whom', () => {
  const levels = [
    { name: 'Bronze', minimumSpend: '0', ratio: '1' },
    { name: 'Silver', minimumSpend: '100', ratio: '1' },
    { name: 'Gold', minimumSpend: '300', ratio: '1' },
  ];
  const tiers = { tiers: { period: 'LIFETIME', levels } };

  test('tiers: the one held just before the order', async () => {
    world = await openWorld({ ...tiers, campaigns: [{ ...week, tiers: ['Silver'] }] }, day(1));
    expect([await points('a'), await points('b'), await points('c'), await points('d')]).toEqual([100, 300, 300, 100]);
  });

  test.each([
    ['all three lists match', { storeId: 's1', coupons: ['NEW'] }, {}, 300],
    ['the store does not', { storeId: 's9', coupons: ['NEW'] }, {}, 100],
    ['no store', { coupons: ['NEW'] }, {}, 100],
    ['the coupon does not', { storeId: 's1', coupons: ['OLD'] }, {}, 100],
    ['no coupon', { storeId: 's1' }, {}, 100],
    ['the coupon stands on the line', { storeId: 's2' }, { coupon: 'VIP' }, 300],
    ['case counts', { storeId: 'S1', coupons: ['NEW'] }, {}, 100],
  ])('%s: %j %j earns %i', async (_, more, line, expected) => {
    const campaign = { ...week, tiers: ['Silver', 'Gold'], storeIds: ['s1', 's2'], coupons: ['NEW', 'VIP'] };
    world = await openWorld({ ...tiers, campaigns: [campaign] }, day(1));
    await points('first');
    expect(await points('o1', more, line)).toBe(expected);
  });

  test('a tier that does not match is enough to fail', async () => {
    const campaign = { ...week, tiers: ['Gold'], storeIds: ['s1'], coupons: ['NEW'] };
    world = await openWorld({ ...tiers, campaigns: [campaign] }, day(1));
    await points('first');
    expect(await points('o1', { storeId: 's1', coupons: ['NEW'] })).toBe(100);
  });

  test('a coupon of the order counts for all its lines, one of a line for that line', async () => {
    world = await openWorld({ campaigns: [{ ...week, coupons: ['VIP'] }] }, day(1));
    const lines = async (orderId: string, more: Record<string, unknown>, first: Record<string, unknown>) =>
      (
        await world.order(
          orderId,
          [
            ['p', 1, 100, first],
            ['q', 1, 100],
          ],
          more,
        )
      ).order?.lineItems.nodes.map((line) => line.pointsAwarded);
    expect(await lines('a', { coupons: ['VIP'] }, {})).toEqual([300, 300]);
    expect(await lines('b', {}, { coupon: 'VIP' })).toEqual([300, 100]);
  });
});

describe('of several', () => {
  test('the largest that applies counts, not the largest of all; the others do not multiply', async () => {
    const campaigns = [
      { ...week, name: 'Stores', multiplier: '5', storeIds: ['s1'] },
      { ...week, name: 'Everybody', multiplier: '2' },
      { ...week, name: 'Coupon', multiplier: '4', coupons: ['VIP'] },
      { ...week, name: 'Over', multiplier: '10', from: day(-9), before: day(0) },
    ];
    world = await openWorld({ campaigns }, day(1));
    expect(await points('a')).toBe(200);
    expect(await points('b', { coupons: ['VIP'] })).toBe(400);
    expect(await points('c', { coupons: ['VIP'], storeId: 's1' })).toBe(500);
  });

  test('a multiplier below 1 lowers points when it is the only one', async () => {
    world = await openWorld({ campaigns: [{ ...week, multiplier: '0.5' }] }, day(1));
    expect(await points('a')).toBe(50);
  });
});
