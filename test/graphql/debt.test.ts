// What becomes of points that cannot be taken back: debt, let go, or a refusal, by the program's debt policy.
import { afterEach, describe, expect, test } from 'vitest';
import { day } from '../support/story.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const noPoints = { rules: [{ productId: 'gift', type: 'EXCLUDED' }] };
const spend = async (orderId: string, points: number) => {
  const { userErrors } = await world.order(orderId, [['gift', 1, 1000]], { redeemPoints: points, status: 'SHIPPED' });
  expect(userErrors).toEqual([]);
};
const standing = async () => {
  const { available, held, debt } = await world.balances();
  return { available, held, debt };
};
const movement = async () => {
  const entry = (await world.entries()).at(-1);
  return entry && { points: entry.points, available: entry.available, debt: entry.debt, uncollected: entry.uncollected };
};

describe('10: 200 points earned and all redeemed; the order that earned them comes back', () => {
  const spent = async (debtPolicy: string) => {
    world = await openWorld({ ...noPoints, debtPolicy }, day(0));
    await world.order('o1', [['p', 2, 100]]);
    await spend('g', 200);
  };

  test('ALLOW: 200 of debt, which the next 300 points repay', async () => {
    await spent('ALLOW');
    const { pointsRemoved, userErrors } = await world.return('o1', 'all');
    expect({ pointsRemoved, userErrors }).toEqual({ pointsRemoved: 200, userErrors: [] });
    expect(await movement()).toEqual({ points: -200, available: 0, debt: 200, uncollected: 0 });
    expect(await standing()).toEqual({ available: 0, held: 0, debt: 200 });
    await world.order('o2', [['p', 3, 100]]);
    expect(await movement()).toEqual({ points: 300, available: 100, debt: -200, uncollected: 0 });
    expect(await standing()).toEqual({ available: 100, held: 0, debt: 0 });
    expect(await world.lots()).toMatchObject([{ order: { orderId: 'o2' }, remaining: 100 }]);
    expect(await world.balances()).toMatchObject({ lifetime: 500 });
  });

  test('CLAMP: they are let go, and the shortfall stands in the entry', async () => {
    await spent('CLAMP');
    expect((await world.return('o1', 'all')).pointsRemoved).toBe(200);
    expect(await movement()).toEqual({ points: -200, available: 0, debt: 0, uncollected: 200 });
    await world.order('o2', [['p', 3, 100]]);
    expect(await standing()).toEqual({ available: 300, held: 0, debt: 0 });
  });

  test('REFUSE: the return is refused, and nothing is written', async () => {
    await spent('REFUSE');
    const before = await world.stored();
    const refused = await world.return('o1', 'all');
    expect(refused).toMatchObject({ order: null, pointsRemoved: 0, userErrors: [{ code: 'INSUFFICIENT_POINTS' }] });
    expect((await world.return('o1', [['p', 1]])).userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
    expect(await world.stored()).toEqual(before);
  });
});

describe('after a release: 200 released, 150 of them spent, 100 to be taken back', () => {
  const spent = async (debtPolicy: string) => {
    world = await openWorld({ ...noPoints, hold: { type: 'LINE_SHIP_DATE', days: 30 }, debtPolicy }, day(0));
    await world.order('o1', [['p', 2, 100]], { status: 'SHIPPED' });
    world.setClock(day(31));
    await spend('g', 150);
  };

  test.each([
    ['ALLOW', { points: -100, available: -50, debt: 50, uncollected: 0 }],
    ['CLAMP', { points: -100, available: -50, debt: 0, uncollected: 50 }],
  ])('%s: %j', async (debtPolicy, moved) => {
    await spent(debtPolicy);
    await world.return('o1', [['p', 1]]);
    expect(await movement()).toEqual(moved);
  });

  test('REFUSE: refused', async () => {
    await spent('REFUSE');
    expect((await world.return('o1', [['p', 1]])).userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
    expect(await standing()).toEqual({ available: 50, held: 0, debt: 0 });
  });
});

describe('after an expiry: 400 earned, 150 spent, 250 expired, then all taken back', () => {
  const expired = async (debtPolicy: string) => {
    world = await openWorld({ ...noPoints, expiryDays: 30, debtPolicy }, day(0));
    await world.order('o1', [['p', 4, 100]]);
    await spend('g', 150);
    world.setClock(day(30));
  };

  test.each([
    ['ALLOW', { points: -400, available: 0, debt: 150, uncollected: 250 }],
    ['CLAMP', { points: -400, available: 0, debt: 0, uncollected: 400 }],
  ])('%s: %j', async (debtPolicy, moved) => {
    await expired(debtPolicy);
    await world.return('o1', 'all');
    expect(await movement()).toEqual(moved);
  });

  test('REFUSE: what has expired can be returned, what was spent cannot', async () => {
    await expired('REFUSE');
    expect((await world.return('o1', 'all')).userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
    expect((await world.return('o1', [['p', 2]])).userErrors).toEqual([]);
    expect(await movement()).toEqual({ points: -200, available: 0, debt: 0, uncollected: 200 });
    expect((await world.return('o1', [['p', 1]])).userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
  });
});

describe('REFUSE', () => {
  test.each([
    ['a cancellation', () => world.cancel('o1', [['p', 2]])],
    ['a correction', () => world.correct('o1', 'p', { quantity: 2 })],
    ['a debit', () => world.adjust('o1', 'DEBIT', '200')],
  ])('%s of more than there is is refused, of as much accepted', async (_, act) => {
    world = await openWorld({ ...noPoints, debtPolicy: 'REFUSE' }, day(0));
    await world.order('o1', [['p', 4, 100]], { status: 'OPEN' });
    await spend('g', 201);
    expect((await act()).userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
    await world.order('one', [['p', 1, 1]]);
    expect((await act()).userErrors).toEqual([]);
    expect(await standing()).toEqual({ available: 0, held: 0, debt: 0 });
  });
});

describe('debt', () => {
  /** 100 points of debt. */
  const indebted = async (program: Record<string, unknown> = {}) => {
    world = await openWorld({ ...noPoints, ...program }, day(0));
    await world.order('o1', [['p', 1, 100]], { status: 'SHIPPED' });
    world.setClock(day(30));
    await spend('g', 100);
    await world.return('o1', 'all');
    expect(await standing()).toEqual({ available: 0, held: 0, debt: 100 });
  };

  test('is not repaid by held points, and is when they are released', async () => {
    await indebted({ hold: { type: 'LINE_SHIP_DATE', days: 30 } });
    await world.order('o2', [['p', 1, 150]], { status: 'SHIPPED' });
    expect(await standing()).toEqual({ available: 0, held: 150, debt: 100 });
    world.setClock(day(60));
    await world.settle();
    expect((await world.entries()).at(-1)).toMatchObject({ type: 'RELEASE', points: 150, available: 50, held: -150, debt: -100 });
    expect(await world.lots()).toMatchObject([{ remaining: 50 }]);
    expect(await world.balances()).toMatchObject({ available: 50, debt: 0, lifetime: 250 });
  });

  test.each([
    ['an order', 40, () => world.order('o2', [['p', 1, 40]])],
    ['a credit', 30, () => world.adjust('g', 'CREDIT', '30')],
    ['a correction', 70, () => world.correct('half', 'p', { quantity: 2 })],
    ['an addition', 60, () => world.add('half', [['q', 1, 60]])],
  ])('is repaid by %s', async (_, repaid, act) => {
    await indebted();
    await world.order('half', [['p', 1, 70]]); // Leaves 30 of debt.
    expect(await standing()).toEqual({ available: 0, held: 0, debt: 30 });
    expect((await act()).userErrors).toEqual([]);
    expect(await standing()).toEqual({ available: repaid - 30, held: 0, debt: 0 });
  });

  test('never stands beside available points, and a redemption finds none', async () => {
    await indebted();
    await world.order('o2', [['p', 1, 99]]);
    expect(await standing()).toEqual({ available: 0, held: 0, debt: 1 });
    expect((await world.order('o3', [['p', 1, 500]], { redeemPoints: 1 })).userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
  });

  test('follows the policy of now, not of the order’s date', async () => {
    world = await openWorld({ ...noPoints, debtPolicy: 'ALLOW' }, day(0));
    await world.order('o1', [['p', 2, 100]]);
    await spend('g', 200);
    world.setClock(day(1));
    await world.setProgram({ ...noPoints, debtPolicy: 'CLAMP' });
    await world.return('o1', [['p', 1]]);
    expect(await movement()).toEqual({ points: -100, available: 0, debt: 0, uncollected: 100 });
    world.setClock(day(2));
    await world.setProgram({ ...noPoints, debtPolicy: 'REFUSE' });
    expect((await world.return('o1', [['p', 1]])).userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
  });

  test('is repaid when a cancellation closes an order and so releases it', async () => {
    world = await openWorld({ ...noPoints, hold: { type: 'ORDER_DATE', days: 30 } }, day(0));
    await world.order('o1', [['p', 2, 100]], { status: 'SHIPPED' });
    await spend('g', 200);
    await world.return('o1', [['p', 1]]);
    await world.order('o2', [['p', 4, 40]]);
    await world.ship('o2', [['p', 3]]);
    expect(await standing()).toEqual({ available: 0, held: 160, debt: 100 });
    await world.cancel('o2', 'all');
    expect(await standing()).toEqual({ available: 20, held: 0, debt: 0 });
  });
});
