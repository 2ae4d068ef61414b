// The same quantities reached by any path end in the same balances.
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { day } from '../support/story.ts';
import { openWorld, plainProgram, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

/** Of a line: ordered, shipped, cancelled and returned in the end, and its price in cents. */
type Fate = {
  readonly ordered: number;
  readonly shipped: number;
  readonly cancelled: number;
  readonly returned: number;
  readonly cents: number;
};
type Move = { readonly action: 'ship' | 'cancel' | 'return'; readonly product: string };

const fate = fc
  .record({
    ordered: fc.integer({ min: 1, max: 5 }),
    share: fc.integer(),
    other: fc.integer(),
    back: fc.integer(),
    cents: fc.integer({ min: 1, max: 999 }),
  })
  .map(({ ordered, share, other, back, cents }): Fate => {
    const upTo = (number: number, most: number): number => Math.abs(number) % (most + 1);
    const shipped = upTo(share, ordered);
    return { ordered, shipped, cancelled: upTo(other, ordered - shipped), returned: upTo(back, shipped), cents };
  });
const fates = fc.array(fate, { minLength: 1, maxLength: 3 });
const productOf = (index: number): string => `p${index}`;

/** Goods one by one: everything that has to happen, in some order. A good is returned at its turn or as soon as it was shipped. */
const movesOf = (lines: readonly Fate[]): readonly Move[] =>
  lines.flatMap(({ shipped, cancelled, returned }, index) => {
    const times = (count: number, action: Move['action']): Move[] =>
      Array.from({ length: count }, () => ({ action, product: productOf(index) }));
    return [...times(shipped, 'ship'), ...times(cancelled, 'cancel'), ...times(returned, 'return')];
  });

/** A path: the moves shuffled, each return put off until its line has been shipped often enough. */
function walkable(shuffled: readonly Move[]): readonly Move[] {
  const path: Move[] = [];
  const waiting: Move[] = [];
  const count = (action: Move['action'], product: string): number =>
    path.filter((move) => move.action === action && move.product === product).length;
  for (const move of shuffled) {
    waiting.push(move);
    for (const held of [...waiting]) {
      if (held.action === 'return' && count('return', held.product) >= count('ship', held.product)) continue;
      waiting.splice(waiting.indexOf(held), 1);
      path.push(held);
    }
  }
  return [...path, ...waiting]; // By now everything has been shipped.
}

/** floor(price × goods × 0.7), the points of so many goods of a line, in whole numbers. */
const pointsOf = ({ cents }: Fate, goods: number): number => Math.floor((cents * goods * 7) / 1000);
const sumOf = (lines: readonly Fate[], goods: (line: Fate) => number): number =>
  lines.reduce((total, line) => total + pointsOf(line, goods(line)), 0);
const kept = ({ ordered, cancelled, returned }: Fate): number => ordered - cancelled - returned;
const keptShipped = ({ shipped, returned }: Fate): number => shipped - returned;

let turn = 0;
/** Places an order of a new member and walks the path, each move `hours` after the one before. */
async function walk(lines: readonly Fate[], path: readonly Move[], startDay: number, hours: number): Promise<string> {
  turn += 1;
  const userId = `member-${turn}`;
  world.setClock(day(startDay));
  await world.member(userId);
  const orderLines = lines.map(({ ordered, cents }, index) => [productOf(index), ordered, (cents / 100).toFixed(2)] as const);
  await world.order(userId, orderLines, { userId, status: 'OPEN' });
  for (const [index, { action, product }] of path.entries()) {
    world.setClock(new Date(Date.parse(day(startDay)) + index * hours * 3_600_000).toISOString());
    expect((await world[action](userId, [[product, 1]])).userErrors).toEqual([]);
  }
  return userId;
}

const paths = fates.chain((lines) =>
  fc.tuple(fc.constant(lines), fc.shuffledSubarray([...movesOf(lines)], { minLength: movesOf(lines).length }).map(walkable)),
);
const program = (hold: { readonly type: string; readonly days: number }) => ({
  hold,
  purchase: { ...plainProgram.purchase, baseRatio: '0.7' },
});
const runs = { numRuns: 40, endOnFailure: true };

describe('without a hold', () => {
  test('everything that is kept is available', async () => {
    world = await openWorld(program({ type: 'NONE', days: 0 }), day(0));
    const property = async ([lines, path]: readonly [readonly Fate[], readonly Move[]]) => {
      const userId = await walk(lines, path, 0, 0);
      expect(await world.balances(userId)).toMatchObject({ available: sumOf(lines, kept), held: 0, debt: 0 });
    };
    await fc.assert(fc.asyncProperty(paths, property), runs);
  });
});

describe('with a hold of five days from each shipment', () => {
  const hold = { type: 'LINE_SHIP_DATE', days: 5 };

  test('all at one instant: held until then, afterwards what is shipped and kept is available and the rest held', async () => {
    world = await openWorld(program(hold), day(0));
    let start = 0;
    const property = async ([lines, path]: readonly [readonly Fate[], readonly Move[]]) => {
      const userId = await walk(lines, path, start, 0);
      const retained = sumOf(lines, kept);
      expect(await world.balances(userId)).toMatchObject({ available: 0, held: retained, debt: 0 });
      world.setClock(day(start + 6)); // Not five: five days in which the clocks change may be an hour longer.
      await world.settle();
      const released = Math.min(retained, sumOf(lines, keptShipped));
      expect(await world.balances(userId)).toMatchObject({ available: released, held: retained - released, debt: 0 });
      start += 10;
    };
    await fc.assert(fc.asyncProperty(paths, property), runs);
  });

  test('spread over days, before and after releases: in the end everything that is kept is available', async () => {
    world = await openWorld(program(hold), day(0));
    let start = 0;
    const closed = paths.map(([lines, path]) => {
      const open = lines.flatMap((line, index) =>
        Array.from({ length: line.ordered - line.shipped - line.cancelled }, () => productOf(index)),
      );
      return [lines, [...path, ...open.map((product): Move => ({ action: 'ship', product }))]] as const;
    });
    const property = async ([lines, path]: readonly [readonly Fate[], readonly Move[]]) => {
      const userId = await walk(lines, path, start, 20);
      const { available, held } = await world.balances(userId);
      expect(available + held).toBe(sumOf(lines, kept));
      start += 40;
      world.setClock(day(start));
      await world.settle();
      expect(await world.balances(userId)).toMatchObject({ available: sumOf(lines, kept), held: 0, debt: 0 });
    };
    await fc.assert(fc.asyncProperty(closed, property), runs);
  });
});
