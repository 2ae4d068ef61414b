// What a fact moved of an order's points: one movement a line where the lines alone explain it, else one of the order.
import { greatest, least, sum } from './fraction.ts';

export type Movement = {
  readonly type: string;
  readonly actionId: number | null;
  readonly position: number | null;
  readonly points: bigint;
  readonly held: bigint;
  /** What becomes available, or has to be taken back from what is available. */
  readonly released: bigint;
};
/** The rise or fall of what is retained, and of the part of it that is released. */
export type Delta = { readonly retained: bigint; readonly released: bigint };
type Label = { readonly type: string; readonly actionId: number | null };

/** Parts what was held before and is released now from the rest, which is the deed's own. */
function parted({ retained, released }: Delta, position: number | null, label: Label): { own: Movement[]; releases: Movement[] } {
  const held = retained - released;
  const freed = greatest(0n, least(released, -held));
  const own = { ...label, position, points: retained, held: held + freed, released: released - freed };
  const release = { type: 'RELEASE', actionId: null, position, points: freed, held: -freed, released: freed };
  const moves = own.points !== 0n || own.held !== 0n || own.released !== 0n;
  return { own: moves ? [own] : [], releases: freed > 0n ? [release] : [] };
}

/** All of one sign, or nothing. */
const oneWay = (rises: readonly bigint[]): boolean => rises.every((rise) => rise >= 0n) || rises.every((rise) => rise <= 0n);

/** The lines explain what moved when their movements add up to it and none goes the other way than another. */
function explained(order: Delta, lines: readonly Delta[]): boolean {
  const retained = lines.map((line) => line.retained);
  const released = lines.map((line) => line.released);
  const held = lines.map((line) => line.retained - line.released);
  const alike = oneWay(retained) && oneWay(released) && oneWay(held);
  return alike && sum(retained) === order.retained && sum(released) === order.released;
}

/** The deed's own movements first, then what it released of the points that were held before. */
export function movementsOf(label: Label, order: Delta, lines: readonly Delta[]): Movement[] {
  const parts = explained(order, lines) ? lines.map((line, position) => parted(line, position, label)) : [parted(order, null, label)];
  return [...parts.flatMap((part) => part.own), ...parts.flatMap((part) => part.releases)];
}
