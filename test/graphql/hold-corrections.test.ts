// Corrections of orders on hold: as if the values had been so from the start, as far as it can be known.
import { afterEach, describe, expect, test } from 'vitest';
import { day, type Story, sweep, tell } from '../support/story.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const quantity = (to: number) => (w: World) => w.correct('o1', 'p', { quantity: to });
const order = (w: World) => w.order('o1', [['p', 2, 100]]);
const ship = (count: number) => (w: World) => w.ship('o1', [['p', count]]);

const fromOrderDate: readonly Story[] = [
  [
    'more goods wait from the order’s date',
    [
      [0, 'order', order, 0, 200, 30],
      [10, 'three', quantity(3), 0, 300, 30],
      [30, 'sweep', sweep, 300, 0, null],
    ],
  ],
  [
    'once that is over they are available at once',
    [
      [0, 'order', order, 0, 200, 30],
      [30, 'sweep', sweep, 200, 0, null],
      [40, 'three', quantity(3), 300, 0, null],
    ],
  ],
  [
    'of an added line they wait from the addition',
    [
      [0, 'order', (w) => w.order('o1', [['q', 1, 50]]), 0, 50, 30],
      [10, 'add', (w) => w.add('o1', [['p', 2, 100]]), 0, 250, 30],
      [35, 'three', quantity(3), 50, 300, 40],
      [40, 'sweep', sweep, 350, 0, null],
    ],
  ],
  [
    'fewer go from those that are due last',
    [
      [0, 'order', order, 0, 200, 30],
      [10, 'add to the line', (w) => w.add('o1', [['p', 1, 100]]), 0, 300, 30],
      [20, 'two', quantity(2), 0, 200, 30],
      [30, 'sweep', sweep, 200, 0, null],
    ],
  ],
  [
    'a corrected quantity that closes the order releases it',
    [
      [0, 'order', order, 0, 200, 30],
      [5, 'ship one', ship(1), 0, 200, 30],
      [8, 'one', quantity(1), 100, 0, null],
    ],
  ],
];

const fromEachShipment: readonly Story[] = [
  [
    'more goods of a shipped line were shipped with it',
    [
      [0, 'order', order, 0, 200, null],
      [2, 'ship', ship(2), 0, 200, 32],
      [10, 'three', quantity(3), 0, 300, 32],
      [32, 'sweep', sweep, 300, 0, null],
      [40, 'four', quantity(4), 400, 0, null],
    ],
  ],
  [
    'more goods of an open line wait for their shipment',
    [
      [0, 'order', order, 0, 200, null],
      [2, 'ship one', ship(1), 0, 200, 32],
      [10, 'three', quantity(3), 0, 300, 32],
      [32, 'sweep', sweep, 100, 200, null],
    ],
  ],
  [
    'fewer shipped goods go from those that are due last',
    [
      [0, 'order', order, 0, 200, null],
      [2, 'ship one', ship(1), 0, 200, 32],
      [5, 'ship one', ship(1), 0, 200, 32],
      [10, 'one', quantity(1), 0, 100, 32],
      [32, 'sweep', sweep, 100, 0, null],
    ],
  ],
  [
    'a price changes held and released points alike',
    [
      [0, 'order', order, 0, 200, null],
      [0, 'ship one', ship(1), 0, 200, 30],
      [30, 'sweep', sweep, 100, 100, null],
      [31, 'a price of 150', (w) => w.correct('o1', 'p', { unitPrice: '150' }), 150, 150, null],
      [32, 'a price of 40', (w) => w.correct('o1', 'p', { unitPrice: '40' }), 40, 40, null],
    ],
  ],
];

const fromTheLastShipment: readonly Story[] = [
  [
    'a corrected quantity that closes the order: from the last shipment',
    [
      [0, 'order', order, 0, 200, null],
      [0, 'ship one', ship(1), 0, 200, null],
      [10, 'one', quantity(1), 0, 100, 30],
      [30, 'sweep', sweep, 100, 0, null],
    ],
  ],
  [
    'or at once, if those days are over',
    [
      [0, 'order', order, 0, 200, null],
      [0, 'ship one', ship(1), 0, 200, null],
      [40, 'one', quantity(1), 100, 0, null],
    ],
  ],
];

describe.each([
  ['ORDER_DATE', fromOrderDate],
  ['LINE_SHIP_DATE', fromEachShipment],
  ['ALL_LINES_SHIP_DATE', fromTheLastShipment],
])('%s', (type, stories) => {
  test.each(stories)('%s', async (_, steps) => {
    world = await openWorld({ hold: { type, days: 30 } }, day(0));
    await tell(world, steps);
  });
});

describe('points that a command frees, though its own goods wait', () => {
  /** One of two goods has matured, and a debit has taken all but 50 points. The order retains 50 of 200; 100 have matured. */
  const debited = async (type: string) => {
    world = await openWorld({ hold: { type, days: 30 }, expiryDays: 100 }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    await world.add('o1', [['q', 1, 100]], { disregardHoldPeriod: true });
    await world.adjust('o1', 'DEBIT', '150');
    expect(await world.balances()).toMatchObject({ available: 50, held: 0 });
    world.setClock(day(5));
  };

  test.each(['ORDER_DATE', 'LINE_SHIP_DATE', 'ALL_LINES_SHIP_DATE'])('%s: an addition’s, since the addition', async (type) => {
    await debited(type);
    await world.add('o1', [['r', 1, 30]], { occurredAt: day(4) });
    expect(await world.balances()).toMatchObject({ available: 80, held: 0 });
    expect((await world.lots()).map((lot) => [lot.remaining, lot.availableAt, lot.expiresAt])).toEqual([
      [50, day(0), day(100)],
      [30, day(4), day(104)],
    ]);
  });

  test('a credit’s, when it is made', async () => {
    await debited('LINE_SHIP_DATE');
    await world.adjust('o1', 'CREDIT', '20');
    expect((await world.lots()).map((lot) => [lot.remaining, lot.availableAt])).toEqual([
      [50, day(0)],
      [20, day(5)],
    ]);
  });
});
