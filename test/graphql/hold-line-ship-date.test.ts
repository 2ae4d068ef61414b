// Points on hold from each line's shipment: released after the days of the hold, each shipped quantity by itself.
import { afterEach, describe, expect, test } from 'vitest';
import { day, type Story, sweep, tell } from '../support/story.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const hold = { hold: { type: 'LINE_SHIP_DATE', days: 30 } };

const stories: readonly Story[] = [
  [
    '19: two shipped on day 0, one on day 10, one cancelled; on day 30 a return takes what is still held',
    [
      [0, 'order', (w) => w.order('o1', [['p', 4, 100]]), 0, 400, null],
      [0, 'ship two', (w) => w.ship('o1', [['p', 2]]), 0, 400, 30],
      [10, 'ship one', (w) => w.ship('o1', [['p', 1]]), 0, 400, 30],
      [10, 'cancel one', (w) => w.cancel('o1', [['p', 1]]), 0, 300, 30],
      [30, 'sweep', sweep, 200, 100, 40],
      [30, 'return one', (w) => w.return('o1', [['p', 1]]), 200, 0, null],
      [40, 'sweep', sweep, 200, 0, null],
    ],
  ],
  [
    'what is not shipped is not released, however long it waits',
    [
      [0, 'order', (w) => w.order('o1', [['p', 4, 100]]), 0, 400, null],
      [100, 'sweep', sweep, 0, 400, null],
      [100, 'ship one', (w) => w.ship('o1', [['p', 1]]), 0, 400, 130],
      [130, 'sweep', sweep, 100, 300, null],
    ],
  ],
  [
    'lines are released one by one',
    [
      [
        0,
        'order',
        (w) =>
          w.order('o1', [
            ['p', 1, 100],
            ['q', 1, 50],
          ]),
        0,
        150,
        null,
      ],
      [3, 'ship q', (w) => w.ship('o1', [['q', 1]]), 0, 150, 33],
      [7, 'ship p', (w) => w.ship('o1', [['p', 1]]), 0, 150, 33],
      [33, 'sweep', sweep, 50, 100, 37],
      [37, 'sweep', sweep, 150, 0, null],
    ],
  ],
  [
    'a return takes from the goods that are due last',
    [
      [0, 'order', (w) => w.order('o1', [['p', 3, 100]]), 0, 300, null],
      [0, 'ship one', (w) => w.ship('o1', [['p', 1]]), 0, 300, 30],
      [5, 'ship one', (w) => w.ship('o1', [['p', 1]]), 0, 300, 30],
      [10, 'ship one', (w) => w.ship('o1', [['p', 1]]), 0, 300, 30],
      [11, 'return one', (w) => w.return('o1', [['p', 1]]), 0, 200, 30],
      [30, 'sweep', sweep, 100, 100, 35],
      [35, 'sweep', sweep, 200, 0, null],
    ],
  ],
  [
    'everything returned while it is held: nothing is left to release',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, null],
      [0, 'ship', (w) => w.ship('o1', 'all'), 0, 200, 30],
      [1, 'return', (w) => w.return('o1', 'all'), 0, 0, null],
      [30, 'sweep', sweep, 0, 0, null],
    ],
  ],
  [
    'matured goods do not go back on hold: after a return the open ones need no second wait',
    [
      [0, 'order', (w) => w.order('o1', [['p', 4, 100]]), 0, 400, null],
      [0, 'ship two', (w) => w.ship('o1', [['p', 2]]), 0, 400, 30],
      [30, 'sweep', sweep, 200, 200, null],
      [31, 'return one', (w) => w.return('o1', [['p', 1]]), 200, 100, null],
      [32, 'ship two', (w) => w.ship('o1', [['p', 2]]), 200, 100, 62],
      [62, 'sweep', sweep, 300, 0, null],
    ],
  ],
  [
    'a late addition waits from its own shipment',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, null],
      [0, 'ship', (w) => w.ship('o1', 'all'), 0, 200, 30],
      [10, 'add', (w) => w.add('o1', [['q', 1, 50]]), 0, 250, 30],
      [12, 'ship q', (w) => w.ship('o1', [['q', 1]]), 0, 250, 30],
      [30, 'sweep', sweep, 200, 50, 42],
      [42, 'sweep', sweep, 250, 0, null],
    ],
  ],
  [
    'one that disregards the hold is available at once, and its shipment changes nothing',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, null],
      [0, 'ship', (w) => w.ship('o1', 'all'), 0, 200, 30],
      [10, 'add', (w) => w.add('o1', [['q', 1, 50]], { disregardHoldPeriod: true }), 50, 200, 30],
      [12, 'ship q', (w) => w.ship('o1', [['q', 1]]), 50, 200, 30],
      [30, 'sweep', sweep, 250, 0, null],
      [42, 'sweep', sweep, 250, 0, null],
    ],
  ],
  [
    'goods of one line with and without the hold: a shipment makes no more wait than still have to',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, null],
      [1, 'add to the line', (w) => w.add('o1', [['p', 1, 100]], { disregardHoldPeriod: true }), 100, 200, null],
      [5, 'ship two', (w) => w.ship('o1', [['p', 2]]), 100, 200, 35],
      [6, 'ship one', (w) => w.ship('o1', [['p', 1]]), 100, 200, 35],
      [35, 'sweep', sweep, 300, 0, null],
      [36, 'sweep', sweep, 300, 0, null],
    ],
  ],
  [
    'a shipment recorded after its hold is over releases at once',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, null],
      [40, 'ship, as of day 2', (w) => w.ship('o1', 'all', { occurredAt: day(2) }), 200, 0, null],
    ],
  ],
  [
    'an order placed as shipped waits from its ship date',
    [
      [10, 'order', (w) => w.order('o1', [['p', 2, 100]], { status: 'SHIPPED', orderDate: day(0), shippedAt: day(5) }), 0, 200, 35],
      [35, 'sweep', sweep, 200, 0, null],
    ],
  ],
  [
    'what is added to it is shipped at once, and waits from then',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]], { status: 'SHIPPED' }), 0, 200, 30],
      [10, 'add', (w) => w.add('o1', [['q', 1, 50]]), 0, 250, 30],
      [30, 'sweep', sweep, 200, 50, 40],
      [40, 'sweep', sweep, 250, 0, null],
    ],
  ],
];

describe('a hold of 30 days from each ship date', () => {
  test.each(stories)('%s', async (_, steps) => {
    world = await openWorld(hold, day(0));
    await tell(world, steps);
  });

  test('6: one of three lines shipped, all line items cancelled: the open ones go, the order is shipped', async () => {
    world = await openWorld(hold, day(0));
    await world.order('o1', [
      ['a', 1, 100],
      ['b', 2, 200],
      ['c', 3, 300],
    ]);
    await world.ship('o1', [['b', 2]]);
    const { order, pointsRemoved } = await world.cancel('o1', 'all');
    expect(pointsRemoved).toBe(1000);
    expect(order).toMatchObject({ status: 'SHIPPED', pointsAwarded: 1400, pointsRemoved: 1000, pointsHeld: 400, pointsReleaseAt: day(30) });
    expect(order?.lineItems.nodes.map(({ status, cancelledQuantity }) => [status, cancelledQuantity])).toEqual([
      ['CANCELLED', 1],
      ['SHIPPED', 0],
      ['CANCELLED', 3],
    ]);
    expect(await world.balances()).toMatchObject({ available: 0, held: 400, lifetime: 0 });
  });

  test('fractions of points are released so that the parts add up to the whole', async () => {
    world = await openWorld({ ...hold, pointsScale: 1 }, day(0));
    await world.order('o1', [['p', 3, '3.35']]); // 1 earns 3.3, 2 earn 6.7, 3 earn 10.0 of 10.05.
    for (const shipped of [0, 1, 2]) {
      world.setClock(day(shipped));
      await world.ship('o1', [['p', 1]]);
    }
    const available = [];
    for (const due of [30, 31, 32]) {
      world.setClock(day(due));
      await world.settle();
      available.push((await world.balances()).available);
    }
    expect(available).toEqual([3.3, 6.7, 10]);
    expect((await world.entries()).filter(({ type }) => type === 'RELEASE').map(({ points }) => points)).toEqual([3.3, 3.4, 3.3]);
  });
});

describe('spend adjustments of an order on hold', () => {
  /** 4 × 100, of which two have matured and two are open. */
  const halfReleased = async () => {
    world = await openWorld(hold, day(0));
    await world.order('o1', [['p', 4, 100]]);
    await world.ship('o1', [['p', 2]]);
    world.setClock(day(30));
    await world.settle();
  };

  test.each([
    ['CREDIT', '50', 250, 200],
    ['DEBIT', '100', 200, 100],
    ['DEBIT', '200', 200, 0],
    ['DEBIT', '300', 100, 0],
  ] as const)('%s of %s: available %i, held %i', async (type, amount, available, held) => {
    await halfReleased();
    expect((await world.adjust('o1', type, amount)).userErrors).toEqual([]);
    expect(await world.balances()).toMatchObject({ available, held, debt: 0 });
  });
});
