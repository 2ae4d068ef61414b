// The expiry of lots: at which instant, what is written, and what comes first when several things are due.
import { afterEach, describe, expect, test } from 'vitest';
import { day, sweep } from '../support/story.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const noPoints = { rules: [{ productId: 'gift', type: 'EXCLUDED' }] };
const earlier = (instant: string): string => new Date(Date.parse(instant) - 1).toISOString();

describe('the instant of expiry', () => {
  test.each([
    ['29 February and a year of 365 days', 365, '2028-02-29T20:00:00.000Z', '2029-02-28T20:00:00.000Z'],
    ['a year of 365 days that ends on 29 February', 365, '2027-03-01T20:00:00.000Z', '2028-02-29T20:00:00.000Z'],
    ['over the start of summer time: the same local time', 10, '2027-03-04T20:00:00.000Z', '2027-03-14T19:00:00.000Z'],
    ['over the end of summer time: the same local time', 10, '2026-10-22T19:00:00.000Z', '2026-11-01T20:00:00.000Z'],
    ['a local time that does not exist moves forward', 10, '2027-03-04T10:30:00.000Z', '2027-03-14T10:30:00.000Z'],
    ['a local time that comes twice: the first', 10, '2026-10-22T08:30:00.000Z', '2026-11-01T08:30:00.000Z'],
    ['from the first of two such times', 10, '2026-11-01T08:30:00.000Z', '2026-11-11T09:30:00.000Z'],
    ['from the second of two such times', 10, '2026-11-01T09:30:00.000Z', '2026-11-11T09:30:00.000Z'],
  ])('%s', async (_, expiryDays, orderedAt, expiresAt) => {
    world = await openWorld({ expiryDays }, orderedAt);
    await world.order('o1', [['p', 1, 100]]);
    expect(await world.lots()).toMatchObject([{ availableAt: orderedAt, expiresAt }]);
    for (const [at, available] of [
      [earlier(expiresAt), 100],
      [expiresAt, 0],
    ] as const) {
      world.setClock(at);
      await world.settle();
      expect((await world.balances()).available, at).toBe(available);
    }
  });
});

describe('what is written', () => {
  test('an entry of the order that earned them, with the instant of expiry as its time', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 4, 100]]);
    await world.order('g', [['gift', 1, 100]], { redeemPoints: 150 });
    world.setClock(day(33));
    await world.settle();
    expect((await world.entries()).at(-1)).toMatchObject({
      type: 'EXPIRE',
      actionId: 106,
      points: -250,
      available: -250,
      held: 0,
      debt: 0,
      uncollected: 0,
      availableAfter: 0,
      order: { orderId: 'o1' },
      occurredAt: day(30),
      recordedAt: day(33),
    });
    expect(await world.balances()).toMatchObject({ available: 0, used: 150, expired: 250, lifetime: 400 });
    expect(await world.lots()).toEqual([]);
    expect(await world.readOrder('o1')).toMatchObject({ version: 1, pointsAwarded: 400, pointsRemoved: 0 });
  });

  test('a lot that was spent wholly expires silently', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    await world.order('g', [['gift', 1, 100]], { redeemPoints: 100 });
    world.setClock(day(33));
    await world.settle();
    expect((await world.entries()).filter(({ type }) => type === 'EXPIRE')).toEqual([]);
  });

  test('points that have expired cannot be redeemed, also before a sweep has come', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    world.setClock(day(30));
    expect((await world.order('g', [['gift', 1, 100]], { redeemPoints: 1 })).userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
    expect(await world.balances()).toMatchObject({ available: 0, expired: 100 });
  });

  test('they can be a millisecond before', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    world.setClock(day(30, -1));
    expect((await world.order('g', [['gift', 1, 100]], { redeemPoints: 100 })).userErrors).toEqual([]);
  });
});

describe('several things that are due', () => {
  const tale = async () => (await world.entries()).map(({ type, points, availableAfter }) => [type, points, availableAfter]);

  test('go in the order of their instants, at equal instants releases first', async () => {
    world = await openWorld({ hold: { type: 'LINE_SHIP_DATE', days: 30 }, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 1, 100]], { status: 'SHIPPED' }); // Released on day 30, expires on day 60.
    await world.order('o2', [['p', 1, 70]], { orderDate: day(0), status: 'OPEN' });
    world.setClock(day(30));
    await world.ship('o2', 'all'); // Released on day 60, expires on day 90.
    world.setClock(day(100));
    await world.settle();
    expect(await tale()).toEqual([
      ['EARN', 100, 0],
      ['EARN', 70, 0],
      ['RELEASE', 100, 100],
      ['RELEASE', 70, 170],
      ['EXPIRE', -100, 70],
      ['EXPIRE', -70, 0],
    ]);
  });

  test('an expiry comes before a later release', async () => {
    world = await openWorld({ hold: { type: 'LINE_SHIP_DATE', days: 30 }, expiryDays: 10 }, day(0));
    await world.order('o1', [['p', 1, 100]], { status: 'SHIPPED' }); // Released on day 30, expires on day 40.
    await world.order('o2', [['p', 1, 70]]);
    world.setClock(day(20));
    await world.ship('o2', 'all'); // Released on day 50, expires on day 60.
    world.setClock(day(100));
    await world.settle();
    expect((await tale()).slice(2)).toEqual([
      ['RELEASE', 100, 100],
      ['EXPIRE', -100, 0],
      ['RELEASE', 70, 70],
      ['EXPIRE', -70, 0],
    ]);
  });

  test('once each, whatever the order of sweep, restart and command', async () => {
    world = await openWorld({ hold: { type: 'LINE_SHIP_DATE', days: 30 }, expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 1, 100]], { status: 'SHIPPED' });
    world.setClock(day(70));
    await Promise.all([world.settle(), world.return('o1', [['p', 1]]), world.settle()]);
    await world.restart();
    await sweep(world);
    expect((await world.entries()).map(({ type, points, uncollected }) => [type, points, uncollected])).toEqual([
      ['EARN', 100, 0],
      ['RELEASE', 100, 0],
      ['EXPIRE', -100, 0],
      ['RETURN', -100, 100],
    ]);
  });

  test('a refused command leaves what had expired expired', async () => {
    world = await openWorld({ expiryDays: 30 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    world.setClock(day(30));
    expect((await world.return('o1', [['p', 2]])).userErrors).toMatchObject([{ code: 'QUANTITY_EXCEEDED' }]);
    expect(await world.balances()).toMatchObject({ available: 0, expired: 100 });
  });

  test('are settled however many they are', async () => {
    world = await openWorld({ hold: { type: 'LINE_SHIP_DATE', days: 30 }, expiryDays: 30 }, day(0));
    const count = 230;
    const rows = Array.from({ length: count }, (_, index) => ({
      orderId: `o-${index}`,
      userId: 'ann',
      status: 'SHIPPED',
      orderDate: day(-20, index),
      lineItems: [{ productId: 'p', quantity: 1, unitPrice: 10 }],
    }));
    expect((await world.bulkCreate(rows)).created).toBe(count);
    expect(await world.balances()).toMatchObject({ available: 0, held: 2300 });
    world.setClock(day(10, 99));
    await world.settle();
    expect(await world.balances()).toMatchObject({ available: 1000, held: 1300 });
    world.setClock(day(40, 99));
    expect((await world.order('now', [['p', 1, 1]])).userErrors).toEqual([]);
    expect(await world.balances()).toMatchObject({ available: 1300, held: 1, expired: 1000, lifetime: 2300 });
    world.setClock(day(60));
    await world.settle();
    expect(await world.balances()).toMatchObject({ available: 0, held: 1, expired: 2300, lifetime: 2300 });
  });
});
