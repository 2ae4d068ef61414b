// Points on hold until the last line is shipped: released after the days of the hold, all together.
import { afterEach, describe, expect, test } from 'vitest';
import { day, type Story, sweep, tell } from '../support/story.ts';
import { type Line, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const hold = { hold: { type: 'ALL_LINES_SHIP_DATE', days: 30 } };
const two: readonly Line[] = [
  ['p', 2, 100],
  ['q', 1, 50],
];

const stories: readonly Story[] = [
  [
    'nothing is due while something is open; then everything is, from the last shipment',
    [
      [0, 'order', (w) => w.order('o1', two), 0, 250, null],
      [0, 'ship p', (w) => w.ship('o1', [['p', 2]]), 0, 250, null],
      [10, 'ship q', (w) => w.ship('o1', [['q', 1]]), 0, 250, 40],
      [30, 'sweep', sweep, 0, 250, 40],
      [40, 'sweep', sweep, 250, 0, null],
    ],
  ],
  [
    'the latest ship date counts, not the last to be recorded',
    [
      [0, 'order', (w) => w.order('o1', two), 0, 250, null],
      [10, 'ship q', (w) => w.ship('o1', [['q', 1]]), 0, 250, null],
      [11, 'ship p, as of day 2', (w) => w.ship('o1', [['p', 2]], { occurredAt: day(2) }), 0, 250, 40],
      [40, 'sweep', sweep, 250, 0, null],
    ],
  ],
  [
    'a cancellation of what was open closes the order; the last shipment counts',
    [
      [0, 'order', (w) => w.order('o1', two), 0, 250, null],
      [0, 'ship p', (w) => w.ship('o1', [['p', 2]]), 0, 250, null],
      [10, 'cancel q', (w) => w.cancel('o1', 'all'), 0, 200, 30],
      [30, 'sweep', sweep, 200, 0, null],
    ],
  ],
  [
    'closed when the days are over already: released at once',
    [
      [0, 'order', (w) => w.order('o1', two), 0, 250, null],
      [0, 'ship p', (w) => w.ship('o1', [['p', 2]]), 0, 250, null],
      [35, 'cancel q', (w) => w.cancel('o1', 'all'), 200, 0, null],
    ],
  ],
  [
    'parts of one line: returned, cancelled, and the rest released',
    [
      [0, 'order', (w) => w.order('o1', [['p', 3, 100]]), 0, 300, null],
      [0, 'ship one', (w) => w.ship('o1', [['p', 1]]), 0, 300, null],
      [5, 'ship one', (w) => w.ship('o1', [['p', 1]]), 0, 300, null],
      [6, 'return one', (w) => w.return('o1', [['p', 1]]), 0, 200, null],
      [7, 'cancel one', (w) => w.cancel('o1', [['p', 1]]), 0, 100, 35],
      [35, 'sweep', sweep, 100, 0, null],
    ],
  ],
  [
    'the ship date of a line that was returned counts as well',
    [
      [0, 'order', (w) => w.order('o1', two), 0, 250, null],
      [0, 'ship p', (w) => w.ship('o1', [['p', 2]]), 0, 250, null],
      [10, 'ship q', (w) => w.ship('o1', [['q', 1]]), 0, 250, 40],
      [11, 'return q', (w) => w.return('o1', [['q', 1]]), 0, 200, 40],
      [40, 'sweep', sweep, 200, 0, null],
    ],
  ],
  [
    'an addition before the release opens the order again: all wait for its shipment',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, null],
      [0, 'ship', (w) => w.ship('o1', 'all'), 0, 200, 30],
      [10, 'add', (w) => w.add('o1', [['q', 1, 50]]), 0, 250, null],
      [30, 'sweep', sweep, 0, 250, null],
      [40, 'ship q', (w) => w.ship('o1', [['q', 1]]), 0, 250, 70],
      [70, 'sweep', sweep, 250, 0, null],
    ],
  ],
  [
    'one that disregards the hold is available at once; the others still wait for its shipment',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, null],
      [0, 'ship', (w) => w.ship('o1', 'all'), 0, 200, 30],
      [10, 'add', (w) => w.add('o1', [['q', 1, 50]], { disregardHoldPeriod: true }), 50, 200, null],
      [30, 'sweep', sweep, 50, 200, null],
      [40, 'ship q', (w) => w.ship('o1', [['q', 1]]), 50, 200, 70],
      [70, 'sweep', sweep, 250, 0, null],
    ],
  ],
  [
    'an addition after the release waits alone',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, null],
      [0, 'ship', (w) => w.ship('o1', 'all'), 0, 200, 30],
      [30, 'sweep', sweep, 200, 0, null],
      [35, 'add', (w) => w.add('o1', [['q', 1, 50]]), 200, 50, null],
      [40, 'ship q', (w) => w.ship('o1', [['q', 1]]), 200, 50, 70],
      [70, 'sweep', sweep, 250, 0, null],
    ],
  ],
  [
    'an order placed as shipped waits from its date',
    [
      [0, 'order', (w) => w.order('o1', two, { status: 'SHIPPED' }), 0, 250, 30],
      [30, 'sweep', sweep, 250, 0, null],
    ],
  ],
  [
    'what is added to it is shipped at once, and all wait from then',
    [
      [0, 'order', (w) => w.order('o1', two, { status: 'SHIPPED' }), 0, 250, 30],
      [10, 'add', (w) => w.add('o1', [['r', 1, 30]]), 0, 280, 40],
      [30, 'sweep', sweep, 0, 280, 40],
      [40, 'sweep', sweep, 280, 0, null],
    ],
  ],
];

describe('a hold of 30 days from the last shipment of all', () => {
  test.each(stories)('%s', async (_, steps) => {
    world = await openWorld(hold, day(0));
    await tell(world, steps);
  });

  test.each([
    ['when the days are over', 10, 30],
    ['when the order is closed, if that is later', 35, 35],
  ])('the points become available %s', async (_, closed, availableOn) => {
    world = await openWorld({ ...hold, expiryDays: 60 }, day(0));
    await world.order('o1', two);
    await world.ship('o1', [['p', 2]]);
    world.setClock(day(closed));
    await world.cancel('o1', 'all');
    world.setClock(day(36));
    await world.settle();
    expect(await world.lots()).toEqual([
      { order: { orderId: 'o1' }, remaining: 200, availableAt: day(availableOn), expiresAt: day(availableOn + 60) },
    ]);
    expect((await world.entries()).at(-1)).toMatchObject({ type: 'RELEASE', points: 200, occurredAt: day(availableOn) });
  });
});

describe('a hold that ended without points to release has ended', () => {
  test('goods whose points a debit had taken stay matured when an addition opens the order', async () => {
    world = await openWorld(hold, day(0));
    await world.order('o1', [['a', 1, 100]]);
    await world.ship('o1', 'all');
    await world.adjust('o1', 'DEBIT', '100');
    world.setClock(day(60));
    await world.add('o1', [['b', 1, 50]]);
    expect((await world.adjust('o1', 'CREDIT', '100')).userErrors).toEqual([]);
    expect(await world.balances()).toMatchObject({ available: 100, held: 50, debt: 0 });
  });

  test('goods above a full cap stay matured', async () => {
    const purchase = { configured: true, baseRatio: '1', maximumPointsPerOrder: '100' };
    world = await openWorld({ ...hold, purchase }, day(0));
    await world.order('o1', [['a', 1, 100]]);
    await world.ship('o1', 'all');
    await world.add('o1', [['b', 1, 100]], { disregardHoldPeriod: true });
    await world.ship('o1', 'all');
    world.setClock(day(60));
    await world.add('o1', [['c', 1, 10]]);
    await world.return('o1', [['b', 1]]);
    expect(await world.balances()).toMatchObject({ available: 100, held: 0 });
  });
});

test('an addition to an open order makes goods available that had matured since it was made, not since a hold that has not begun', async () => {
  world = await openWorld(hold, day(0));
  await world.order('o1', [['a', 2, 100]], { status: 'SHIPPED' });
  world.setClock(day(30));
  await world.settle();
  expect((await world.correct('o1', 'a', { shippedQuantity: 1 })).userErrors).toEqual([]);
  await world.adjust('o1', 'DEBIT', '60');
  world.setClock(day(80));
  // Shipped at once, as the order was; but one of a is open again, so that the added goods wait.
  await world.add('o1', [['b', 1, 50]], { occurredAt: day(35) });
  expect(await world.balances()).toMatchObject({ available: 190, held: 0 });
  expect((await world.lots()).at(-1)).toMatchObject({ remaining: 50, availableAt: day(35) });
});
