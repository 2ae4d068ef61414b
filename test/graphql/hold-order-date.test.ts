// Points on hold from the order's date: released after the days of the hold, or when the order is wholly shipped.
import { afterEach, describe, expect, test } from 'vitest';
import { day, type Story, sweep, tell } from '../support/story.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const hold = { hold: { type: 'ORDER_DATE', days: 30 } };

const stories: readonly Story[] = [
  [
    'nothing shipped: 30 days after the order',
    [
      [0, 'order', (w) => w.order('o1', [['p', 4, 100]]), 0, 400, 30],
      [29, 'sweep', sweep, 0, 400, 30],
      [30, 'sweep', sweep, 400, 0, null],
    ],
  ],
  [
    'a part shipped: 30 days after the order all the same, and nothing more when the rest is shipped',
    [
      [0, 'order', (w) => w.order('o1', [['p', 4, 100]]), 0, 400, 30],
      [10, 'ship two', (w) => w.ship('o1', [['p', 2]]), 0, 400, 30],
      [30, 'sweep', sweep, 400, 0, null],
      [31, 'ship two', (w) => w.ship('o1', [['p', 2]]), 400, 0, null],
    ],
  ],
  [
    'the last shipment releases everything at once',
    [
      [0, 'order', (w) => w.order('o1', [['p', 4, 100]]), 0, 400, 30],
      [10, 'ship two', (w) => w.ship('o1', [['p', 2]]), 0, 400, 30],
      [12, 'ship two', (w) => w.ship('o1', [['p', 2]]), 400, 0, null],
      [30, 'sweep', sweep, 400, 0, null],
    ],
  ],
  [
    'a cancellation of what was open closes the order and releases what was shipped',
    [
      [0, 'order', (w) => w.order('o1', [['p', 4, 100]]), 0, 400, 30],
      [5, 'ship two', (w) => w.ship('o1', [['p', 2]]), 0, 400, 30],
      [9, 'cancel one', (w) => w.cancel('o1', [['p', 1]]), 0, 300, 30],
      [10, 'cancel one', (w) => w.cancel('o1', [['p', 1]]), 200, 0, null],
    ],
  ],
  [
    'wholly cancelled: nothing is held, nothing released',
    [
      [0, 'order', (w) => w.order('o1', [['p', 4, 100]]), 0, 400, 30],
      [5, 'cancel', (w) => w.cancel('o1', 'all'), 0, 0, null],
      [30, 'sweep', sweep, 0, 0, null],
    ],
  ],
  [
    'a return takes from what is held',
    [
      [0, 'order', (w) => w.order('o1', [['p', 4, 100]]), 0, 400, 30],
      [5, 'ship two', (w) => w.ship('o1', [['p', 2]]), 0, 400, 30],
      [6, 'return one', (w) => w.return('o1', [['p', 1]]), 0, 300, 30],
      [30, 'sweep', sweep, 300, 0, null],
    ],
  ],
  [
    'an addition waits 30 days from its own date',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, 30],
      [10, 'add', (w) => w.add('o1', [['q', 1, 50]]), 0, 250, 30],
      [30, 'sweep', sweep, 200, 50, 40],
      [40, 'sweep', sweep, 250, 0, null],
    ],
  ],
  [
    'the date of an addition is when it occurred, not when it was recorded',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, 30],
      [10, 'add', (w) => w.add('o1', [['q', 1, 50]], { occurredAt: day(2) }), 0, 250, 30],
      [30, 'sweep', sweep, 200, 50, 32],
      [32, 'sweep', sweep, 250, 0, null],
    ],
  ],
  [
    'an addition that disregards the hold is available at once; the rest waits',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, 30],
      [10, 'add', (w) => w.add('o1', [['q', 1, 50]], { disregardHoldPeriod: true }), 50, 200, 30],
      [30, 'sweep', sweep, 250, 0, null],
      [40, 'sweep', sweep, 250, 0, null],
    ],
  ],
  [
    'of a line that grew, a cancellation takes the goods that are due last',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, 30],
      [10, 'add to the line', (w) => w.add('o1', [['p', 1, 100]]), 0, 300, 30],
      [12, 'cancel one', (w) => w.cancel('o1', [['p', 1]]), 0, 200, 30],
      [30, 'sweep', sweep, 200, 0, null],
    ],
  ],
  [
    'so does a return, also when others have matured',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, 30],
      [10, 'add to the line', (w) => w.add('o1', [['p', 1, 100]]), 0, 300, 30],
      [30, 'sweep', sweep, 200, 100, 40],
      [31, 'ship one', (w) => w.ship('o1', [['p', 1]]), 200, 100, 40],
      [32, 'return one', (w) => w.return('o1', [['p', 1]]), 200, 0, null],
    ],
  ],
  [
    'the shipment of everything releases additions too',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, 30],
      [10, 'add', (w) => w.add('o1', [['q', 1, 50]]), 0, 250, 30],
      [20, 'ship all', (w) => w.ship('o1', 'all'), 250, 0, null],
    ],
  ],
  [
    'what was released stays released when an addition opens the order again',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]]), 0, 200, 30],
      [5, 'ship all', (w) => w.ship('o1', 'all'), 200, 0, null],
      [10, 'add', (w) => w.add('o1', [['q', 1, 50]]), 200, 50, 40],
      [12, 'ship all', (w) => w.ship('o1', 'all'), 250, 0, null],
    ],
  ],
  ['an order placed as shipped is never held', [[0, 'order', (w) => w.order('o1', [['p', 4, 100]], { status: 'SHIPPED' }), 400, 0, null]]],
  [
    'what is added to it is shipped at once, and not held either',
    [
      [0, 'order', (w) => w.order('o1', [['p', 2, 100]], { status: 'SHIPPED' }), 200, 0, null],
      [10, 'add', (w) => w.add('o1', [['q', 1, 50]]), 250, 0, null],
    ],
  ],
];

describe('a hold of 30 days from the order date', () => {
  test.each(stories)('%s', async (_, steps) => {
    world = await openWorld(hold, day(0));
    await tell(world, steps);
  });
});

describe('when the points of a shipped order became available', () => {
  const shippedOn = async (occurredAt: string) => {
    world = await openWorld({ ...hold, expiryDays: 365 }, day(0));
    await world.order('o1', [['p', 2, 100]]);
    world.setClock(day(12));
    await world.ship('o1', [['p', 1]], { occurredAt: day(5) });
    await world.ship('o1', [['p', 1]], { occurredAt });
    return world.lots();
  };

  test('is the last ship date, whenever it was recorded', async () => {
    expect(await shippedOn(day(8))).toEqual([{ order: { orderId: 'o1' }, remaining: 200, availableAt: day(8), expiresAt: day(8 + 365) }]);
  });

  test('also when the last to be recorded was shipped first', async () => {
    expect(await shippedOn(day(3))).toMatchObject([{ availableAt: day(5) }]);
  });

  test('is the date of the cancellation that closed the order, if that is later', async () => {
    world = await openWorld({ ...hold, expiryDays: 365 }, day(0));
    await world.order('o1', [['p', 2, 100]]);
    world.setClock(day(12));
    await world.ship('o1', [['p', 1]], { occurredAt: day(5) });
    await world.cancel('o1', [['p', 1]], { occurredAt: day(7) });
    expect(await world.lots()).toMatchObject([{ remaining: 100, availableAt: day(7) }]);
  });
});
