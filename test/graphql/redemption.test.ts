// Redeeming points with an order: how much, from which lots, and both or neither.
import { afterEach, describe, expect, test } from 'vitest';
import { day } from '../support/story.ts';
import { type Line, openWorld, plainProgram, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const refusal = async (lines: readonly Line[], more: Record<string, unknown>) => (await world.order('o2', lines, more)).userErrors;

describe('redeemPoints', () => {
  test('takes available points with the order; spend and points of the order stay whole', async () => {
    world = await openWorld();
    await world.order('o1', [['p', 1, 100]]);
    const { order, member, userErrors } = await world.order('o2', [['p', 1, 40]], { redeemPoints: 70 });
    expect(userErrors).toEqual([]);
    expect(order).toMatchObject({ pointsRedeemed: 70, redeemedPointsReturned: 0, pointsAwarded: 40, spend: { amount: '40.00' } });
    expect(member?.points).toMatchObject({ available: 70, held: 0, debt: 0, used: 70, lifetime: 140 });
    const redeemed = (await world.entries()).filter(({ type }) => type === 'REDEEM');
    expect(redeemed).toMatchObject([{ actionId: 107, points: -70, available: -70, held: 0, debt: 0, order: { orderId: 'o2' } }]);
  });

  test('17: more than is available is refused; as much as is available is not', async () => {
    world = await openWorld();
    await world.order('o1', [['p', 1, 100]]);
    const before = await world.stored();
    expect(await refusal([['p', 1, 500]], { redeemPoints: 101 })).toMatchObject([
      { code: 'INSUFFICIENT_POINTS', path: ['input', 'redeemPoints'] },
    ]);
    expect(await world.stored()).toEqual(before);
    expect(await refusal([['p', 1, 500]], { redeemPoints: 100 })).toEqual([]);
  });

  test('held points cannot be redeemed', async () => {
    world = await openWorld({ hold: { type: 'ORDER_DATE', days: 30 } }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    expect(await refusal([['p', 1, 500]], { redeemPoints: 1 })).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
    world.setClock(day(30));
    expect(await refusal([['p', 1, 500]], { redeemPoints: 100 })).toEqual([]);
  });

  test.each([
    ['0.01', [['p', 1, '10.00']], {}, 1000],
    ['0.003', [['p', 1, '10.00']], {}, 3333],
    ['0.01', [['p', 1, '10.00', { discount: '2' }]], { discount: '3' }, 500],
    ['25', [['p', 1, '99.99']], {}, 3],
    ['0.01', [['p', 1, '10.00', { discount: '10' }]], {}, 0],
  ] as const)('a point of %s, lines %j, %j: at most %i', async (pointValue, lines, more, most) => {
    world = await openWorld({ pointValue });
    await world.order('funds', [['p', 1, 1_000_000]]);
    const before = await world.stored();
    expect(await refusal(lines, { ...more, redeemPoints: most + 1 })).toMatchObject([
      { code: 'REDEMPTION_EXCEEDS_TOTAL', path: ['input', 'redeemPoints'] },
    ]);
    expect(await world.stored()).toEqual(before);
    expect(await refusal(lines, { ...more, redeemPoints: most })).toEqual([]);
  });

  test.each([
    ['a program in which a point is worth nothing', '0', 1],
    ['more decimals than points have', '0.01', '1.5'],
    ['less than nothing', '0.01', '-1'],
  ])('is INVALID_INPUT: %s', async (_, pointValue, redeemPoints) => {
    world = await openWorld({ pointValue });
    await world.order('o1', [['p', 1, 100]]);
    expect(await refusal([['p', 1, 100]], { redeemPoints })).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'redeemPoints'] }]);
  });

  test('of 0 is no redemption', async () => {
    world = await openWorld({ pointValue: '0' });
    expect(await refusal([['p', 1, 100]], { redeemPoints: 0 })).toEqual([]);
    expect((await world.entries()).map(({ type }) => type)).toEqual(['EARN']);
  });

  test('with decimals, where points have some', async () => {
    world = await openWorld({ pointsScale: 2 });
    await world.order('o1', [['p', 1, '10.75']]);
    expect(await refusal([['p', 1, 0.5]], { redeemPoints: '10.76' })).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
    expect(await refusal([['p', 1, 0.5]], { redeemPoints: '10.75' })).toEqual([]);
    expect(await world.balances()).toMatchObject({ available: 0.5, used: 10.75 });
  });
});

describe('both or neither', () => {
  test('an order that is refused for something else debits nothing', async () => {
    world = await openWorld();
    await world.order('o1', [['p', 1, 100]]);
    const before = await world.stored();
    expect((await refusal([['p', 1, 100, { discount: '100.01' }]], { redeemPoints: 50 })).map(({ code }) => code)).toEqual([
      'INVALID_PRICE',
    ]);
    expect(await world.stored()).toEqual(before);
  });

  test('the same order again debits nothing more; with other points it is a conflict', async () => {
    world = await openWorld();
    await world.order('o1', [['p', 1, 100]]);
    await world.order('o2', [['p', 1, 10]], { redeemPoints: 30 });
    expect(await world.order('o2', [['p', 1, 10]], { redeemPoints: '30' })).toMatchObject({ replayed: true, userErrors: [] });
    expect(await refusal([['p', 1, 10]], { redeemPoints: 31 })).toMatchObject([{ code: 'ORDER_ID_CONFLICT' }]);
    expect(await world.balances()).toMatchObject({ available: 80, used: 30 });
  });

  test('two orders at once for the same points: one is placed', async () => {
    world = await openWorld();
    await world.order('o1', [['p', 1, 100]]);
    const place = (orderId: string) => world.order(orderId, [['p', 1, 1, {}]], { redeemPoints: 100 });
    const codes = (await Promise.all([place('a'), place('b')])).flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(codes).toEqual(['INSUFFICIENT_POINTS']);
    expect(await world.balances()).toMatchObject({ available: 1, used: 100 });
  });

  test('rows of a bulk call see what the rows before them left', async () => {
    world = await openWorld();
    await world.order('o1', [['p', 1, 100]]);
    const row = (orderId: string, redeemPoints: number) => ({
      orderId,
      userId: 'ann',
      redeemPoints,
      lineItems: [{ productId: 'p', quantity: 1, unitPrice: 20 }],
    });
    const { rows } = await world.bulkCreate([row('a', 90), row('b', 31), row('c', 30)]);
    expect(rows.map(({ status }) => status)).toEqual(['CREATED', 'FAILED', 'CREATED']);
    expect(rows[1]?.userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS', path: ['input', 'orders', '1', 'redeemPoints'] }]);
    expect(await world.balances()).toMatchObject({ available: 20, used: 120 });
  });
});

test('a secondary member redeems what the primary member has', async () => {
  world = await openWorld({ secondaryMembers: { earnForPrimary: true } });
  await world.order('o1', [['p', 1, 100]]);
  await world.member('sue', { primaryUserId: 'ann' });
  expect(await refusal([['p', 1, 20]], { userId: 'sue', redeemPoints: 100 })).toEqual([]);
  expect(await world.balances()).toMatchObject({ available: 20, used: 100 });
  expect(await world.balances('sue')).toMatchObject({ available: 0, used: 0 });
});

describe('money of other currencies', () => {
  test.each([
    ['JPY', '1', '150', 150],
    ['JPY', '0.4', '1', 2],
    ['KWD', '0.0005', '1.250', 2500],
    ['KWD', '0.002', '0.001', 0],
  ])('%s, a point of %s, a total of %s: at most %i points', async (currencyCode, pointValue, price, most) => {
    world = await openWorld({ currencyCode, pointValue, purchase: { ...plainProgram.purchase, baseRatio: '1000' } });
    await world.order('funds', [['p', 1, 100]]);
    expect((await world.cart([['p', 1, price]])).cart?.maximumRedeemable).toBe(most);
    expect(await refusal([['p', 1, price]], { redeemPoints: most + 1 })).toMatchObject([{ code: 'REDEMPTION_EXCEEDS_TOTAL' }]);
    expect(await refusal([['p', 1, price]], { redeemPoints: most })).toEqual([]);
  });
});
