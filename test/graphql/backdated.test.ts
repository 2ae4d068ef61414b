// Orders that are recorded late: rules, holds and lots as of their date, and both times on every entry.
import { afterEach, describe, expect, test } from 'vitest';
import { day } from '../support/story.ts';
import { openWorld, plainProgram, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const noPoints = { rules: [{ productId: 'gift', type: 'EXCLUDED' }] };
const tale = async () =>
  (await world.entries()).map(({ type, points, available, debt, occurredAt, recordedAt }) => ({
    type,
    points,
    available,
    debt,
    occurredAt,
    recordedAt,
  }));

describe('a lot that has expired already', () => {
  test('is earned and expired, and both times stand in both entries', async () => {
    world = await openWorld({ expiryDays: 30 }, day(0));
    const { order, member } = await world.order('o1', [['p', 1, 100]], { orderDate: day(-40) });
    expect(order).toMatchObject({ pointsAwarded: 100, pointsRemoved: 0 });
    expect(member?.points).toMatchObject({ available: 0, held: 0, debt: 0, expired: 100, lifetime: 100 });
    expect(await tale()).toEqual([
      { type: 'EARN', points: 100, available: 100, debt: 0, occurredAt: day(-40), recordedAt: day(0) },
      { type: 'EXPIRE', points: -100, available: -100, debt: 0, occurredAt: day(-10), recordedAt: day(0) },
    ]);
    expect(await world.lots()).toEqual([]);
  });

  test('also when it expires at this very instant', async () => {
    world = await openWorld({ expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 1, 100]], { orderDate: day(-30) });
    expect(await world.balances()).toMatchObject({ available: 0, expired: 100 });
    await world.order('o2', [['p', 1, 100]], { orderDate: day(-30, 1) });
    expect(await world.balances()).toMatchObject({ available: 100, expired: 100 });
  });

  test('repays debt before it expires', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 1, 60]]);
    await world.order('g', [['gift', 1, 10]], { redeemPoints: 60 });
    await world.return('o1', 'all');
    await world.order('old', [['p', 1, 100]], { orderDate: day(-40) });
    expect(await world.balances()).toMatchObject({ available: 0, debt: 0, expired: 40, lifetime: 160 });
    expect((await tale()).slice(-2)).toMatchObject([
      { type: 'EARN', points: 100, available: 40, debt: -60 },
      { type: 'EXPIRE', points: -40, available: -40, debt: 0 },
    ]);
  });

  test('or not yet: its points cannot pay for a redemption on the same order', async () => {
    world = await openWorld({ expiryDays: 30 }, day(0));
    const { userErrors } = await world.order('o1', [['p', 1, 100]], { orderDate: day(-1), redeemPoints: 1 });
    expect(userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
  });

  test('is not charged when the order comes back', async () => {
    world = await openWorld({ expiryDays: 30, debtPolicy: 'REFUSE' }, day(0));
    await world.order('o1', [['p', 1, 100]], { orderDate: day(-40) });
    expect((await world.return('o1', 'all')).userErrors).toEqual([]);
    expect((await world.entries()).at(-1)).toMatchObject({ points: -100, available: 0, debt: 0, uncollected: 100 });
  });
});

describe('a hold that is over already', () => {
  test.each([
    ['ORDER_DATE', { status: 'OPEN' }, day(-10)],
    ['ORDER_DATE', { status: 'SHIPPED' }, day(-40)],
    ['LINE_SHIP_DATE', { status: 'SHIPPED', shippedAt: day(-35) }, day(-5)],
    ['ALL_LINES_SHIP_DATE', { status: 'SHIPPED', shippedAt: day(-30) }, day(0)],
  ])('%s, %j: earned as available, since %s', async (type, more, availableAt) => {
    world = await openWorld({ hold: { type, days: 30 }, expiryDays: 90 }, day(0));
    await world.order('o1', [['p', 1, 100]], { orderDate: day(-40), ...more });
    expect(await world.balances()).toMatchObject({ available: 100, held: 0, lifetime: 100 });
    expect((await world.entries()).map((entry) => [entry.type, entry.available, entry.held])).toEqual([['EARN', 100, 0]]);
    expect(await world.lots()).toMatchObject([{ availableAt }]);
  });

  test.each([
    ['ORDER_DATE', { status: 'OPEN' }, day(20)],
    ['LINE_SHIP_DATE', { status: 'SHIPPED', shippedAt: day(-1) }, day(29)],
    ['LINE_SHIP_DATE', { status: 'OPEN' }, null],
    ['ALL_LINES_SHIP_DATE', { status: 'SHIPPED' }, day(20)],
  ])('or not yet: %s, %j is released at %s', async (type, more, releaseAt) => {
    world = await openWorld({ hold: { type, days: 30 } }, day(0));
    const { order } = await world.order('o1', [['p', 1, 100]], { orderDate: day(-10), ...more });
    expect(order).toMatchObject({ pointsHeld: 100, pointsReleaseAt: releaseAt });
  });
});

describe('what is recorded late on an order', () => {
  test('an addition whose hold is over is earned as available, since the end of that hold', async () => {
    world = await openWorld({ hold: { type: 'ORDER_DATE', days: 30 }, expiryDays: 90 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    world.setClock(day(50));
    await world.add('o1', [['q', 1, 30]], { occurredAt: day(10) });
    expect(await world.balances()).toMatchObject({ available: 130, held: 0 });
    expect((await world.entries()).at(-1)).toMatchObject({
      type: 'EARN',
      points: 30,
      available: 30,
      occurredAt: day(10),
      recordedAt: day(50),
    });
    expect((await world.lots()).map((lot) => [lot.remaining, lot.availableAt])).toEqual([
      [100, day(30)],
      [30, day(40)],
    ]);
  });

  test('a shipment releases as of the end of its hold', async () => {
    world = await openWorld({ hold: { type: 'LINE_SHIP_DATE', days: 30 }, expiryDays: 90 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    world.setClock(day(50));
    await world.ship('o1', 'all', { occurredAt: day(2) });
    expect((await world.entries()).at(-1)).toMatchObject({ type: 'RELEASE', points: 100, occurredAt: day(32), recordedAt: day(50) });
    expect(await world.lots()).toMatchObject([{ remaining: 100, availableAt: day(32), expiresAt: day(122) }]);
    expect((await world.readOrder('o1'))?.events.nodes.map(({ type }) => type)).toEqual(['CREATED', 'SHIPPED', 'POINTS_RELEASED']);
  });

  test('and its points expire at once, if that is over too', async () => {
    world = await openWorld({ hold: { type: 'LINE_SHIP_DATE', days: 30 }, expiryDays: 10 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    world.setClock(day(50));
    await world.ship('o1', 'all', { occurredAt: day(2) });
    expect((await tale()).slice(1)).toMatchObject([
      { type: 'RELEASE', points: 100, occurredAt: day(32) },
      { type: 'EXPIRE', points: -100, occurredAt: day(42) },
    ]);
    expect(await world.balances()).toMatchObject({ available: 0, held: 0, expired: 100, lifetime: 100 });
  });
});

describe('the program of the order’s date', () => {
  const versions = async (before: Record<string, unknown>, after: Record<string, unknown>) => {
    world = await openWorld(before, day(-60));
    await world.setProgram(after, day(-20));
    world.setClock(day(0));
  };

  test('decides its rules and ratios', async () => {
    await versions(
      { rules: [{ productId: 'mug', type: 'FLAT', points: '5' }] },
      { rules: [{ productId: 'mug', type: 'FLAT', points: '9' }], purchase: { ...plainProgram.purchase, baseRatio: '3' } },
    );
    const points = async (orderId: string, orderDate: string) =>
      (
        await world.order(
          orderId,
          [
            ['mug', 2, 1],
            ['p', 1, 10],
          ],
          { orderDate },
        )
      ).order?.lineItems.nodes.map((line) => line.pointsAwarded);
    expect(await points('a', day(-20, -1))).toEqual([10, 10]);
    expect(await points('b', day(-20))).toEqual([18, 30]);
  });

  test('decides its hold for its whole life, and no later program does', async () => {
    await versions({ hold: { type: 'LINE_SHIP_DATE', days: 30 } }, { hold: { type: 'NONE', days: 0 } });
    await world.order('o1', [['p', 2, 100]], { orderDate: day(-21), status: 'OPEN' });
    await world.ship('o1', [['p', 1]]);
    await world.add('o1', [['q', 1, 10]]);
    expect(await world.readOrder('o1')).toMatchObject({ pointsHeld: 210, pointsReleaseAt: day(30) });
    await world.order('o2', [['p', 1, 100]], { orderDate: day(-19), status: 'OPEN' });
    expect(await world.readOrder('o2')).toMatchObject({ pointsHeld: 0, pointsReleaseAt: null });
  });

  test('decides its cap, also for additions later', async () => {
    const cap = (points: string) => ({ purchase: { ...plainProgram.purchase, maximumPointsPerOrder: points } });
    await versions(cap('150'), cap('1000'));
    expect((await world.order('o1', [['p', 1, 100]], { orderDate: day(-30) })).order).toMatchObject({ pointsAwarded: 100 });
    expect((await world.add('o1', [['q', 1, 100]])).pointsAwarded).toBe(50);
  });
});

test('the tier is the one at the order’s date, and a campaign of that time counts', async () => {
  const campaign = { name: 'May', multiplier: '2', from: day(-30), before: day(-20), tiers: ['Silver'] };
  const levels = [
    { name: 'Bronze', minimumSpend: '0', ratio: '1' },
    { name: 'Silver', minimumSpend: '100', ratio: '1.5' },
  ];
  world = await openWorld({ tiers: { period: 'LIFETIME', levels }, campaigns: [campaign] }, day(0));
  await world.order('spent', [['p', 1, 100]], { orderDate: day(-25) });
  const points = async (orderId: string, orderDate: string) =>
    (await world.order(orderId, [['p', 1, 10]], { orderDate })).order?.pointsAwarded;
  expect(await points('a', day(-26))).toBe(10); // Still Bronze.
  expect(await points('b', day(-24))).toBe(30); // Silver, and the campaign.
  expect(await points('c', day(-20))).toBe(15); // Silver, after the campaign.
});
