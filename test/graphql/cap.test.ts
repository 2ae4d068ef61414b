// The cap on the points of an order: with additions, returns, corrections, adjustments and holds.
import { afterEach, describe, expect, test } from 'vitest';
import { day, type Story, sweep, tell } from '../support/story.ts';
import { type Line, openWorld, plainProgram, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const cap = (points: string, more: Record<string, unknown> = {}) => ({
  purchase: { ...plainProgram.purchase, maximumPointsPerOrder: points },
  ...more,
});
const two: readonly Line[] = [
  ['a', 1, 800],
  ['b', 1, 600],
];
const available = async () => (await world.balances()).available;

describe('a cap of 1000', () => {
  test.each([
    ['a', 400],
    ['b', 200],
  ])('18: lines worth 800 and 600; the return of %s takes %i, and the other the rest', async (first, taken) => {
    world = await openWorld(cap('1000'));
    expect((await world.order('o1', two)).order).toMatchObject({ pointsAwarded: 1000 });
    expect((await world.return('o1', [[first, 1]])).pointsRemoved).toBe(taken);
    expect((await world.return('o1', 'all')).pointsRemoved).toBe(1000 - taken);
    expect(await world.balances()).toMatchObject({ available: 0, debt: 0 });
  });

  test.each([
    ['999.99', 999],
    ['1000', 1000],
    ['1001', 1000],
  ])('an order of %s earns %i', async (price, points) => {
    world = await openWorld(cap('1000'));
    expect((await world.order('o1', [['p', 1, price]])).order).toMatchObject({ pointsAwarded: points });
  });

  test('partial returns of one line take nothing until the cap is reached', async () => {
    world = await openWorld(cap('1000'));
    await world.order('o1', [['p', 4, 400]]);
    const taken = [];
    for (let time = 0; time < 4; time += 1) taken.push((await world.return('o1', [['p', 1]])).pointsRemoved);
    expect(taken).toEqual([0, 200, 400, 400]);
  });

  test('an addition earns what is left below it; a return after it takes what is above it first', async () => {
    world = await openWorld(cap('1000'));
    await world.order('o1', [['a', 1, 800]]);
    expect((await world.add('o1', [['b', 1, 600]])).pointsAwarded).toBe(200);
    expect((await world.add('o1', [['c', 1, 100]])).pointsAwarded).toBe(0);
    expect((await world.return('o1', [['c', 1]])).pointsRemoved).toBe(0);
    expect((await world.return('o1', [['a', 1]])).pointsRemoved).toBe(400);
    expect(await available()).toBe(600);
  });

  test('adjustments come on top of it', async () => {
    world = await openWorld(cap('1000'));
    await world.order('o1', two);
    await world.adjust('o1', 'CREDIT', '50');
    expect(await available()).toBe(1050);
    await world.adjust('o1', 'DEBIT', '80');
    expect(await available()).toBe(970);
    await world.return('o1', [['b', 1]]);
    expect(await available()).toBe(770);
  });

  test('a correction moves what the cap lets through', async () => {
    world = await openWorld(cap('1000'));
    await world.order('o1', two);
    expect(await world.correct('o1', 'b', { quantity: 2 })).toMatchObject({ pointsAwarded: 0, pointsRemoved: 0 });
    expect(await world.correct('o1', 'a', { unitPrice: '100' })).toMatchObject({ pointsAwarded: 0, pointsRemoved: 0 });
    expect(await world.correct('o1', 'b', { quantity: 1 })).toMatchObject({ pointsAwarded: 0, pointsRemoved: 300 });
  });

  test('it stays with the order when the program changes', async () => {
    world = await openWorld(cap('1000'), day(0));
    await world.order('o1', [['a', 1, 800]]);
    world.setClock(day(1));
    await world.setProgram(cap('500'));
    expect((await world.add('o1', [['b', 1, 600]])).pointsAwarded).toBe(200);
    expect((await world.order('o2', two)).order).toMatchObject({ pointsAwarded: 500 });
  });

  test('what the cap changes is an entry of the order, with the line’s figures before it', async () => {
    world = await openWorld(cap('1000'));
    const { order } = await world.order('o1', two);
    expect(order?.lineItems.nodes.map((line) => line.pointsAwarded)).toEqual([800, 600]);
    const answer = await world.server.execute(
      '{ order(by: { orderId: "o1" }) { pointsEntries { nodes { points lineItem { productId } } } } }',
    );
    expect(answer.data).toEqual({ order: { pointsEntries: { nodes: [{ points: 1000, lineItem: null }] } } });
  });
});

test.each([
  ['0', 0],
  ['10.55', 10.55],
])('a cap of %s at two decimals', async (points, awarded) => {
  world = await openWorld(cap(points, { pointsScale: 2 }));
  expect((await world.order('o1', [['p', 3, '4.01']])).order).toMatchObject({ pointsAwarded: awarded });
});

const stories: readonly Story[] = [
  [
    'releases go up to the cap',
    [
      [0, 'order', (w) => w.order('o1', two), 0, 1000, null],
      [0, 'ship b', (w) => w.ship('o1', [['b', 1]]), 0, 1000, 30],
      [5, 'ship a', (w) => w.ship('o1', [['a', 1]]), 0, 1000, 30],
      [30, 'sweep', sweep, 600, 400, 35],
      [35, 'sweep', sweep, 1000, 0, null],
      [36, 'return b', (w) => w.return('o1', [['b', 1]]), 800, 0, null],
    ],
  ],
  [
    'goods above the cap mature without releasing anything',
    [
      [0, 'order', (w) => w.order('o1', [['p', 3, 500]]), 0, 1000, null],
      [0, 'ship two', (w) => w.ship('o1', [['p', 2]]), 0, 1000, 30],
      [30, 'sweep', sweep, 1000, 0, null],
      [31, 'ship one', (w) => w.ship('o1', [['p', 1]]), 1000, 0, null],
      [32, 'return one', (w) => w.return('o1', [['p', 1]]), 1000, 0, null],
      [33, 'return one', (w) => w.return('o1', [['p', 1]]), 500, 0, null],
    ],
  ],
  [
    'when the only matured goods come back, the points of the others are on hold again',
    [
      [0, 'order', (w) => w.order('o1', two), 0, 1000, null],
      [0, 'ship b', (w) => w.ship('o1', [['b', 1]]), 0, 1000, 30],
      [30, 'sweep', sweep, 600, 400, null],
      [31, 'return b', (w) => w.return('o1', [['b', 1]]), 0, 800, null],
    ],
  ],
  [
    'an addition that disregards the hold releases up to the cap',
    [
      [0, 'order', (w) => w.order('o1', [['a', 1, 800]]), 0, 800, null],
      [1, 'add b', (w) => w.add('o1', [['b', 1, 600]], { disregardHoldPeriod: true }), 600, 400, null],
      [2, 'cancel a', (w) => w.cancel('o1', [['a', 1]]), 600, 0, null],
    ],
  ],
];

describe('a cap of 1000 with a hold of 30 days from each shipment', () => {
  test.each(stories)('%s', async (_, steps) => {
    world = await openWorld(cap('1000', { hold: { type: 'LINE_SHIP_DATE', days: 30 } }), day(0));
    await tell(world, steps);
  });
});
