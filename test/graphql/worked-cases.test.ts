// The worked cases of the rules, each under its number, through GraphQL with all the numbers it names.
import { afterEach, describe, expect, test } from 'vitest';
import { type Line, openWorld, plainProgram, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const threeLines: readonly Line[] = [
  ['D1', 1, 100],
  ['D2', 2, 200],
  ['D3', 3, 300],
];
const silverAndGold = {
  tiers: {
    period: 'LIFETIME',
    levels: [
      { name: 'Bronze', minimumSpend: '0', ratio: '1' },
      { name: 'Silver', minimumSpend: '500', ratio: '1.5' },
    ],
  },
};
const baseRatio = (ratio: string, rounding = 'FLOOR') => ({ rounding, purchase: { ...plainProgram.purchase, baseRatio: ratio } });
const available = async (userId = 'ann'): Promise<number | undefined> => (await world.readMember(userId))?.points.available;
const lineOf = async (orderId: string, productId: string) =>
  (await world.readOrder(orderId))?.lineItems.nodes.find((line) => line.productId === productId);
/** Points taken by each of some returns of one unit. */
async function returnsOfOne(orderId: string, productId: string, times: number): Promise<readonly (number | undefined)[]> {
  const taken = [];
  for (let time = 0; time < times; time += 1) taken.push((await world.return(orderId, [[productId, 1]])).pointsRemoved);
  return taken;
}

describe('the 1400-point order', () => {
  test('1: lines of 100, 400 and 900 points, an order of 1400, shipped', async () => {
    world = await openWorld();
    const { order, member, replayed, userErrors } = await world.order('o1', threeLines);
    expect({ replayed, userErrors }).toEqual({ replayed: false, userErrors: [] });
    expect(order).toMatchObject({ status: 'SHIPPED', pointsAwarded: 1400, pointsRemoved: 0, version: 1, total: { amount: '1400.00' } });
    expect(order?.lineItems.nodes.map((line) => line.pointsAwarded)).toEqual([100, 400, 900]);
    expect(order?.pointsEntries.nodes.map(({ type, points }) => [type, points])).toEqual([
      ['EARN', 100],
      ['EARN', 400],
      ['EARN', 900],
    ]);
    expect(member).toMatchObject({ points: { available: 1400, lifetime: 1400, debt: 0 }, totalSpend: { amount: '1400.00' } });
  });

  test('2: returning D1 takes its 100 points back; what was awarded stays written', async () => {
    world = await openWorld();
    await world.order('o1', threeLines);
    const { order, member, pointsRemoved } = await world.return('o1', [['D1', 1]]);
    expect(pointsRemoved).toBe(100);
    expect(order).toMatchObject({ status: 'PARTIALLY_RETURNED', pointsAwarded: 1400, pointsRemoved: 100, version: 2 });
    expect(await lineOf('o1', 'D1')).toMatchObject({ status: 'RETURNED', returnedQuantity: 1, currentTotal: { amount: '0.00' } });
    expect(member).toMatchObject({ points: { available: 1300, lifetime: 1400 }, totalSpend: { amount: '1300.00' } });
  });

  test('3 and 4: returning one D3 leaves two; three more are refused and nothing is written', async () => {
    world = await openWorld();
    await world.order('o1', threeLines);
    await world.return('o1', [['D1', 1]]);
    expect((await world.return('o1', [['D3', 1]])).pointsRemoved).toBe(300);
    expect(await lineOf('o1', 'D3')).toMatchObject({ status: 'PARTIALLY_RETURNED', returnableQuantity: 2 });

    const before = await world.stored();
    const refused = await world.return('o1', [
      ['D2', 1],
      ['D3', 3],
    ]);
    expect(refused).toMatchObject({ order: null, member: null, pointsRemoved: 0 });
    expect(refused.userErrors).toMatchObject([{ code: 'QUANTITY_EXCEEDED', maximum: 2, path: ['input', 'lineItems', '1', 'quantity'] }]);
    expect(await world.stored()).toEqual(before);
  });

  test('5: a shipped order cannot be cancelled', async () => {
    world = await openWorld();
    await world.order('o1', threeLines);
    const before = await world.stored();
    const [error] = (await world.cancel('o1', 'all')).userErrors;
    expect(error).toMatchObject({ code: 'INVALID_TRANSITION', path: ['input', 'action'] });
    expect(error?.allowedActions).toEqual(['RETURN', 'ADD', 'CORRECT', 'ADJUST_SPEND']);
    expect((await world.cancel('o1', [['D1', 1]])).userErrors).toMatchObject([{ code: 'INVALID_TRANSITION' }]);
    expect(await world.stored()).toEqual(before);
  });
});

describe('frozen rules', () => {
  test('7: a Silver order of 300 points gives back 150 for one of two, although the member became Gold since', async () => {
    const gold = { name: 'Gold', minimumSpend: '900', ratio: '2' };
    world = await openWorld({ tiers: { ...silverAndGold.tiers, levels: [...silverAndGold.tiers.levels, gold] } });
    await world.order('first', [['p', 5, 100]]);
    expect((await world.order('o1', [['p', 2, 100]])).order).toMatchObject({ pointsAwarded: 300 });
    await world.order('big', [['p', 5, 100]]);
    expect((await world.readMember())?.tier).toMatchObject({ name: 'Gold', ratio: '2' });
    expect((await world.return('o1', [['p', 1]])).pointsRemoved).toBe(150);
    expect(await lineOf('o1', 'p')).toMatchObject({ earning: { tier: 'Silver', ratio: '1.5' } });
  });

  test('7: a program that changed since changes nothing either', async () => {
    world = await openWorld(silverAndGold);
    await world.order('o1', [['p', 3, 100]]);
    await world.setProgram(baseRatio('7', 'CEILING'));
    expect(await returnsOfOne('o1', 'p', 3)).toEqual([100, 100, 100]);
  });

  test('8: 2 points for four goods; four returns of one take 1, 0, 1, 0', async () => {
    world = await openWorld(baseRatio('0.1'));
    expect((await world.order('o1', [['p', 4, '5.00']])).order).toMatchObject({ pointsAwarded: 2 });
    expect(await returnsOfOne('o1', 'p', 4)).toEqual([1, 0, 1, 0]);
    expect(await world.readOrder('o1')).toMatchObject({ status: 'RETURNED', pointsAwarded: 2, pointsRemoved: 2 });
  });

  test.each([
    ['FLOOR', 10, [3, 4, 3]],
    ['HALF_UP', 11, [4, 3, 4]],
  ])('9: 3 × 3.50 under %s earn %i; three returns of one take %j', async (rounding, earned, taken) => {
    world = await openWorld(baseRatio('1', rounding));
    expect((await world.order('o1', [['p', 3, '3.50']])).order).toMatchObject({ pointsAwarded: earned });
    expect(await returnsOfOne('o1', 'p', 3)).toEqual(taken);
    expect(await available()).toBe(0);
  });
});

test('11: one of two shipped, another product added: 30 more points, the new line open', async () => {
  world = await openWorld();
  await world.order('o1', [['p1', 2, 50]], { status: 'OPEN' });
  await world.ship('o1', [['p1', 1]]);
  const { order, pointsAwarded } = await world.add('o1', [['p2', 1, 30]]);
  expect(pointsAwarded).toBe(30);
  expect(order).toMatchObject({ status: 'PARTIALLY_SHIPPED', pointsAwarded: 130, total: { amount: '130.00' } });
  expect(await lineOf('o1', 'p2')).toMatchObject({ status: 'OPEN', shippedQuantity: 0 });
});

describe('spend adjustments', () => {
  test('12: a debit of 50 on the Silver order takes 75 points and the tier', async () => {
    world = await openWorld(silverAndGold);
    expect((await world.order('A', [['p', 10, 50]])).order).toMatchObject({ pointsAwarded: 500 });
    expect((await world.order('B', [['p', 1, 100]])).order).toMatchObject({ pointsAwarded: 150 });
    expect((await world.return('A', [['p', 2]])).member).toMatchObject({ totalSpend: { amount: '500.00' }, tier: { name: 'Silver' } });
    const { spendAdjustment, member } = await world.adjust('B', 'DEBIT', '50');
    expect(spendAdjustment).toMatchObject({ points: -75, tierBefore: 'Silver', tierAfter: 'Bronze' });
    expect(member).toMatchObject({ totalSpend: { amount: '450.00' }, tier: { name: 'Bronze' }, points: { available: 475 } });
  });

  test.each([
    ['CREDIT', '50', 50, 150],
    ['DEBIT', '30', -30, 70],
  ] as const)('12a: %s of %s is %i points; the full return takes %i', async (type, amount, points, taken) => {
    world = await openWorld();
    await world.order('o1', [['p', 1, 100]]);
    expect((await world.adjust('o1', type, amount)).spendAdjustment).toMatchObject({ points });
    const { pointsRemoved, order } = await world.return('o1', 'all');
    expect(pointsRemoved).toBe(taken);
    expect(order).toMatchObject({ spend: { amount: '0.00' }, currentTotal: { amount: '0.00' } });
    expect(await world.readMember()).toMatchObject({ points: { available: 0 }, totalSpend: { amount: '0.00' } });
  });

  test('12b: a debit never makes the order negative, and stays spent when goods are added', async () => {
    world = await openWorld();
    await world.order('o1', [['p', 10, 10]]);
    const after = [await available()];
    await world.adjust('o1', 'DEBIT', '90');
    after.push(await available());
    await world.return('o1', [['p', 5]]);
    after.push(await available());
    await world.add('o1', [['q', 2, 10]]);
    after.push(await available());
    expect(after).toEqual([100, 10, 0, 20]);
  });

  test('a credit of 67.43 at 1 is 67 points', async () => {
    world = await openWorld();
    await world.order('o1', [['p', 1, 100]]);
    expect((await world.adjust('o1', 'CREDIT', '67.43')).spendAdjustment).toMatchObject({ points: 67 });
  });
});

test('13: a secondary member orders for the household, leaves, and returns: the primary gives the points back', async () => {
  world = await openWorld({ secondaryMembers: { earnForPrimary: true } });
  await world.member('sue', { primaryUserId: 'ann' });
  const { order, member } = await world.order('o1', [['p', 1, 100]], { userId: 'sue' });
  expect(order).toMatchObject({ member: { userId: 'sue' }, creditedTo: { userId: 'ann' } });
  expect(member).toMatchObject({ userId: 'ann', points: { available: 100 } });
  await world.unlink('sue');
  await world.order('own', [['p', 1, 40]], { userId: 'sue' });
  const returned = await world.return('o1', 'all');
  expect(returned).toMatchObject({ pointsRemoved: 100, member: { userId: 'ann', points: { available: 0 } } });
  expect(await available('sue')).toBe(40);
});

describe('14: five rows, the third with the first row’s id and other lines, the fourth of an unknown member', () => {
  const row = (orderId: string, price: number, userId = 'ann') => ({
    orderId,
    userId,
    lineItems: [{ productId: 'p', quantity: 1, unitPrice: price }],
  });
  const rows = [row('r1', 10), row('r2', 20), row('r1', 99), row('r4', 40, 'nobody'), row('r5', 50)];
  const failures = [
    { code: 'ORDER_ID_CONFLICT', path: ['input', 'orders', '2', 'orderId'] },
    { code: 'MEMBER_NOT_FOUND', path: ['input', 'orders', '3', 'userId'] },
  ];

  test('by default the good rows are written', async () => {
    world = await openWorld();
    const { rows: outcomes, ...counts } = await world.bulkCreate(rows);
    expect(outcomes.map(({ status }) => status)).toEqual(['CREATED', 'CREATED', 'FAILED', 'FAILED', 'CREATED']);
    expect(outcomes.flatMap(({ userErrors }) => userErrors)).toMatchObject(failures);
    expect(outcomes.map(({ index, orderId }) => [index, orderId])).toEqual(rows.map(({ orderId }, index) => [index, orderId]));
    expect(counts).toEqual({ created: 3, updated: 0, unchanged: 0, failed: 2, skipped: 0, userErrors: [] });
    expect(await available()).toBe(80);
  });

  test('under REJECT_ALL none is, and the good rows are skipped', async () => {
    world = await openWorld();
    const before = await world.stored();
    const { rows: outcomes, ...counts } = await world.bulkCreate(rows, 'REJECT_ALL');
    expect(outcomes.map(({ status }) => status)).toEqual(['SKIPPED', 'SKIPPED', 'FAILED', 'FAILED', 'SKIPPED']);
    expect(outcomes.flatMap(({ userErrors }) => userErrors)).toMatchObject(failures);
    expect(counts).toMatchObject({ created: 0, failed: 2, skipped: 3 });
    expect(outcomes.every(({ order }) => order === null)).toBe(true);
    expect(await world.stored()).toEqual(before);
  });
});

test('17: redeeming more than is available: no order, no debit', async () => {
  world = await openWorld();
  await world.order('o1', [['p', 1, 100]]);
  const before = await world.stored();
  const refused = await world.order('o2', [['p', 1, 100]], { redeemPoints: 101 });
  expect(refused.userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS', path: ['input', 'redeemPoints'] }]);
  expect(await world.stored()).toEqual(before);
  expect(await world.readOrder('o2')).toBeNull();
});

test('18: a cap of 1000; returning the line of 600 takes 200, the other 800', async () => {
  world = await openWorld({ purchase: { ...plainProgram.purchase, maximumPointsPerOrder: '1000' } });
  const { order } = await world.order('o1', [
    ['a', 1, 800],
    ['b', 1, 600],
  ]);
  expect(order).toMatchObject({ pointsAwarded: 1000 });
  expect(order?.lineItems.nodes.map((line) => line.pointsAwarded)).toEqual([800, 600]);
  expect((await world.return('o1', [['b', 1]])).pointsRemoved).toBe(200);
  expect((await world.return('o1', [['a', 1]])).pointsRemoved).toBe(800);
});

test('3 × 100 shipped, one returned, the quantity corrected to 2: 100 points go', async () => {
  world = await openWorld();
  await world.order('o1', [['p', 3, 100]]);
  await world.return('o1', [['p', 1]]);
  const { order, pointsRemoved, pointsAwarded } = await world.correct('o1', 'p', { quantity: 2 });
  expect({ pointsRemoved, pointsAwarded }).toEqual({ pointsRemoved: 100, pointsAwarded: 0 });
  expect(order).toMatchObject({ status: 'PARTIALLY_RETURNED', pointsAwarded: 300, pointsRemoved: 200, total: { amount: '200.00' } });
  expect(await lineOf('o1', 'p')).toMatchObject({ quantity: 2, shippedQuantity: 2, returnedQuantity: 1 });
});
