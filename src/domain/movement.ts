// What moved of an order's points between two moments: of each line where the lines explain it, else of the order as a whole.
import { dueInstants, type HoldTerms, maturedBy } from './hold.ts';
import type { Instant } from './instant.ts';
import { keptQuantity, type LineItem } from './line-item.ts';
import { type Order, standingOf } from './order.ts';
import { linePoints } from './points.ts';
import type { Program } from './program.ts';
import type { Movement } from './wallet.ts';

export type LineMove = {
  readonly before: LineItem | null;
  readonly line: LineItem;
  /** The rise or fall of what its kept goods are worth, and of what its matured goods are. */
  readonly points: number;
  readonly available: number;
};
/** A movement of a line, or of the order when there is no position: what the event itself moved, and what it released of points held before. */
export type Part = { readonly position: number | null; readonly own: Movement; readonly released: number };

/** The hold of an order: that of the program version at its date. */
export function holdTermsOf(programs: readonly Program[], { programVersion }: Order): HoldTerms {
  const program = programs.find(({ version }) => version === programVersion);
  if (!program) throw new Error(`There is no program version ${programVersion}.`);
  return program;
}

export function lineMoves(before: readonly LineItem[], after: readonly LineItem[]): readonly LineMove[] {
  const old = new Map(before.map((line) => [line.position, line]));
  return after.map((line) => {
    const previous = old.get(line.position) ?? null;
    if (previous === line) return { before: previous, line, points: 0, available: 0 };
    const rise = (count: (one: LineItem) => number): number =>
      Number(linePoints(line, count(line)) - (previous ? linePoints(previous, count(previous)) : 0n));
    return { before: previous, line, points: rise(keptQuantity), available: rise(({ matured }) => matured) };
  });
}

/** Takes what is released of points held before out of a movement. */
function split(position: number | null, points: number, available: number): Part {
  const held = points - available;
  const released = available > 0 && held < 0 ? Math.min(available, 0 - held) : 0;
  return { position, own: { points, available: available - released, held: held + released }, released };
}

const isOneWay = (numbers: readonly number[]): boolean => numbers.every((one) => one >= 0) || numbers.every((one) => one <= 0);

/** One part per line when the lines alone explain what moved and none moves against another; else one of the order. */
export function partsOf(moves: readonly LineMove[], points: number, available: number): readonly Part[] {
  const own = moves.filter((move) => move.points !== 0 || move.available !== 0);
  const sum = (of: (move: LineMove) => number): number => own.reduce((total, move) => total + of(move), 0);
  const explained =
    sum((move) => move.points) === points &&
    sum((move) => move.available) === available &&
    isOneWay(own.map((move) => move.points)) &&
    isOneWay(own.map((move) => move.available)) &&
    isOneWay(own.map((move) => move.points - move.available));
  if (explained) return own.map((move) => split(move.line.position, move.points, move.available));
  return points === 0 && available === 0 ? [] : [split(null, points, available)];
}

/** When held points of an order will next be released if nothing else happens; null when none will, or that depends on a shipment. */
export function nextRelease(terms: HoldTerms, order: Order, lines: readonly LineItem[]): Instant | null {
  const { retainedPoints, releasedPoints } = standingOf(order, lines);
  if (retainedPoints === releasedPoints) return null;
  const rises = (at: Instant): boolean => standingOf(order, maturedBy(terms, lines, at)).releasedPoints > releasedPoints;
  return dueInstants(terms, lines).find(rises) ?? null;
}

/** How many goods of each line that was there before have matured. */
export const maturedQuantities = (moves: readonly LineMove[]): readonly { readonly position: number; readonly quantity: number }[] =>
  moves
    .map(({ before, line }) => ({ position: line.position, quantity: before ? line.matured - before.matured : 0 }))
    .filter(({ quantity }) => quantity > 0);
