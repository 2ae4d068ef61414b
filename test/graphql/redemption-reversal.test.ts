// Redeemed points that are given back with returned and cancelled goods: how many, to which lots, and before what.
import { afterEach, describe, expect, test } from 'vitest';
import { day } from '../support/story.ts';
import { type Line, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const noPoints = { rules: [{ productId: 'gift', type: 'EXCLUDED' }] };
/** A member with 1000 points, and an order "g" that earns none and on which 100 are redeemed. */
async function redeemed(lines: readonly Line[], more: Record<string, unknown> = {}, program: Record<string, unknown> = {}): Promise<void> {
  world = await openWorld({ ...noPoints, ...program }, day(0));
  await world.order('funds', [['p', 1, 1000]]);
  expect((await world.order('g', lines, { redeemPoints: 100, ...more })).userErrors).toEqual([]);
}
const givenBack = async () => (await world.readOrder('g'))?.redeemedPointsReturned;
const typed = async (type: string) => (await world.entries()).filter((entry) => entry.type === type);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe('how many', () => {
  test.each([
    ['FLOOR', [34, 67, 100]],
    ['HALF_UP', [33, 67, 100]],
    ['CEILING', [33, 66, 100]],
  ])('%s: of 100 for three goods, returned one by one, %j in all', async (rounding, after) => {
    await redeemed([['gift', 3, 10]], {}, { rounding });
    const seen = [];
    for (let time = 0; time < 3; time += 1) {
      await world.return('g', [['gift', 1]]);
      seen.push(await givenBack());
    }
    expect(seen).toEqual(after);
    expect(await world.balances()).toMatchObject({ available: 1000, used: 0, lifetime: 1000 });
    expect(await world.readOrder('g')).toMatchObject({ pointsRedeemed: 100, redeemedPointsReturned: 100, pointsRemoved: 0 });
  });

  test('rounded as the program was at the order’s date', async () => {
    await redeemed([['gift', 3, 10]]);
    world.setClock(day(1));
    await world.setProgram({ ...noPoints, rounding: 'CEILING' });
    await world.return('g', [['gift', 1]]);
    expect(await givenBack()).toBe(34);
  });

  test('by value: the dearer line gives back more; discounts do not count', async () => {
    await redeemed([
      ['gift', 1, 30, { discount: '25' }],
      ['gift', 1, 10, { lineKey: 'b' }],
    ]);
    const order = await world.readOrder('g');
    const lineItem = { id: order?.lineItems.nodes[0]?.id };
    await world.send('updateOrder', { orderId: 'g', action: 'RETURN', lineItems: [{ lineItem, quantity: 1 }], idempotencyKey: 'r' });
    expect(await givenBack()).toBe(75);
  });

  test('cancelled goods count as returned ones', async () => {
    await redeemed([['gift', 4, 10]], { status: 'OPEN' });
    await world.cancel('g', [['gift', 1]]);
    expect(await givenBack()).toBe(25);
    await world.ship('g', 'all');
    await world.return('g', [['gift', 1]]);
    expect(await givenBack()).toBe(50);
  });

  test('an order that is wholly cancelled gives everything back', async () => {
    await redeemed([['gift', 7, 10]], { status: 'OPEN' });
    const { order, member } = await world.cancel('g', 'all');
    expect(order).toMatchObject({ status: 'CANCELLED', pointsRedeemed: 100, redeemedPointsReturned: 100 });
    expect(member?.points).toMatchObject({ available: 1000, used: 0, debt: 0 });
    expect(await typed('REDEEM_REVERSAL')).toMatchObject([{ points: 100, available: 100, held: 0, debt: 0 }]);
  });

  test('goods added later have no part in it', async () => {
    await redeemed([['gift', 2, 10]]);
    await world.add('g', [['q', 1, 80]]);
    await world.return('g', [['q', 1]]);
    expect(await givenBack()).toBe(0);
    await world.return('g', [['gift', 1]]);
    expect(await givenBack()).toBe(50);
  });

  test('a correction gives nothing back, and the next return goes by the corrected value', async () => {
    await redeemed([
      ['gift', 1, 10],
      ['p', 1, 10],
    ]);
    await world.correct('g', 'p', { unitPrice: '30' });
    expect(await givenBack()).toBe(0);
    await world.return('g', [['gift', 1]]);
    expect(await givenBack()).toBe(25);
  });

  test('nor does a corrected quantity', async () => {
    await redeemed([['gift', 4, 10]]);
    await world.correct('g', 'gift', { quantity: 2 });
    expect(await givenBack()).toBe(0);
    await world.return('g', [['gift', 1]]);
    expect(await givenBack()).toBe(50);
  });

  test('nor does one after which less of the value is kept; the next return makes up for it', async () => {
    await redeemed([['gift', 4, 10]]);
    await world.return('g', [['gift', 2]]);
    await world.correct('g', 'gift', { quantity: 3 }); // One of three is kept now: 33 of the 100 belong to it.
    expect(await givenBack()).toBe(50);
    await world.return('g', [['gift', 1]]);
    expect(await givenBack()).toBe(100);
  });
});

describe('to which lots', () => {
  /** 150 redeemed for two goods: 100 of "a" (expires on day 30) and 50 of the 100 of "b" (expires on day 40). */
  const fromTwoLots = async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('a', [['p', 1, 100]]);
    world.setClock(day(10));
    await world.order('b', [['p', 1, 100]]);
    await world.order('g', [['gift', 2, 10]], { redeemPoints: 150 });
  };
  const remaining = async () => (await world.lots()).map((lot) => [lot.order?.orderId, lot.remaining, lot.expiresAt]);

  test('the one spent last first, with its own expiry', async () => {
    await fromTwoLots();
    expect(await remaining()).toEqual([['b', 50, day(40)]]);
    world.setClock(day(15));
    await world.return('g', [['gift', 1]]);
    expect(await remaining()).toEqual([
      ['a', 25, day(30)],
      ['b', 100, day(40)],
    ]);
    await world.return('g', [['gift', 1]]);
    expect(await remaining()).toEqual([
      ['a', 100, day(30)],
      ['b', 100, day(40)],
    ]);
  });

  test('one that has expired: given back, and expired', async () => {
    await fromTwoLots();
    world.setClock(day(31));
    await world.return('g', [['gift', 1]]);
    expect(await remaining()).toEqual([['b', 100, day(40)]]);
    expect(sum((await typed('REDEEM_REVERSAL')).map(({ points }) => points))).toBe(75);
    expect(await typed('EXPIRE')).toMatchObject([{ points: -25, available: -25, order: { orderId: 'a' } }]);
    const types = (await world.entries()).map(({ type }) => type);
    expect(types.indexOf('EXPIRE')).toBeGreaterThan(types.lastIndexOf('REDEEM_REVERSAL'));
    expect(await world.balances()).toMatchObject({ available: 100, expired: 25, used: 75 });
  });

  test('debt is repaid first, also by points that have expired', async () => {
    world = await openWorld({ ...noPoints, expiryDays: 30 }, day(0));
    await world.order('a', [['p', 1, 100]]);
    await world.order('g', [['gift', 2, 10]], { redeemPoints: 100 });
    world.setClock(day(20));
    await world.order('c', [['p', 1, 60]]);
    await world.order('h', [['gift', 1, 10]], { redeemPoints: 60 });
    world.setClock(day(31));
    await world.return('c', 'all');
    expect(await world.balances()).toMatchObject({ available: 0, debt: 60 });
    await world.return('g', [['gift', 1]]);
    expect(await world.balances()).toMatchObject({ available: 0, debt: 10, expired: 0 });
    await world.return('g', [['gift', 1]]);
    expect(await world.balances()).toMatchObject({ available: 0, debt: 0, expired: 40, lifetime: 160 });
  });
});

describe('before what', () => {
  test('points are given back before any are taken back: a return that pays for itself is not refused', async () => {
    world = await openWorld({ ...noPoints, debtPolicy: 'REFUSE' }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    await world.order('o2', [['p', 2, 50]], { redeemPoints: 100 });
    await world.order('o3', [['gift', 1, 10]], { redeemPoints: 100 });
    const { userErrors, order } = await world.return('o2', 'all');
    expect(userErrors).toEqual([]);
    expect(order).toMatchObject({ pointsRemoved: 100, redeemedPointsReturned: 100 });
    expect((await world.entries()).slice(-2).map(({ type, available }) => [type, available])).toEqual([
      ['REDEEM_REVERSAL', 100],
      ['RETURN', -100],
    ]);
    expect(await world.balances()).toMatchObject({ available: 0, debt: 0 });
  });

  test('the debt of a return after a redemption goes when the redeeming order comes back too', async () => {
    world = await openWorld(noPoints, day(0));
    await world.order('o1', [['p', 2, 100]]);
    await world.order('g', [['gift', 1, 10]], { redeemPoints: 200 });
    await world.return('o1', 'all');
    expect(await world.balances()).toMatchObject({ available: 0, debt: 200, used: 200 });
    await world.return('g', 'all');
    expect(await typed('REDEEM_REVERSAL')).toMatchObject([{ points: 200, available: 0, debt: -200 }]);
    expect(await world.balances()).toMatchObject({ available: 0, debt: 0, used: 0, lifetime: 200 });
  });
});
