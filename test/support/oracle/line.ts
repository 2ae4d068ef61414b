// A line as the facts have left it: its quantities, its dates, the goods whose hold is over and those that wait.
import { keptOf, openOf } from './earning.ts';
import type { AgreedLine, LineQuantities } from './order.ts';

/** Goods that wait for the same instant. */
type Portion = { readonly quantity: number; readonly due: number };

export type Line = AgreedLine &
  LineQuantities & {
    /** The date of the order, or of the addition that made the line. */
    readonly madeAt: number;
    readonly firstShip: number | null;
    readonly lastShip: number | null;
    readonly matured: number;
    readonly portions: readonly Portion[];
    readonly awarded: bigint;
    readonly removed: bigint;
  };

export function sumsOf(lines: readonly LineQuantities[]): LineQuantities {
  const total = (pick: (line: LineQuantities) => number) => lines.reduce((all, line) => all + pick(line), 0);
  return {
    ordered: total((line) => line.ordered),
    shipped: total((line) => line.shipped),
    cancelled: total((line) => line.cancelled),
    returned: total((line) => line.returned),
  };
}

/** What "shipped" means for a hold: nothing is open and something went out. */
export function isClosed(lines: readonly LineQuantities[]): boolean {
  const sums = sumsOf(lines);
  return openOf(sums) === 0 && sums.shipped > 0;
}

/** The status function, of one line or of the sums over an order's lines. */
export function statusOf({ ordered, shipped, cancelled, returned }: LineQuantities): string {
  if (cancelled === ordered) return 'CANCELLED';
  if (shipped > 0 && returned === shipped && shipped + cancelled === ordered) return 'RETURNED';
  if (returned > 0) return 'PARTIALLY_RETURNED';
  if (shipped > 0) return shipped + cancelled === ordered ? 'SHIPPED' : 'PARTIALLY_SHIPPED';
  return cancelled > 0 ? 'PARTIALLY_CANCELLED' : 'OPEN';
}

const waitingOf = (line: Line): number => line.portions.reduce((all, portion) => all + portion.quantity, 0);

/** Goods begin to wait, but no more than are neither matured nor waiting. */
export function withPortion(line: Line, quantity: number, due: number): Line {
  const size = Math.min(quantity, keptOf(line) - line.matured - waitingOf(line));
  return size > 0 ? { ...line, portions: [...line.portions, { quantity: size, due }] } : line;
}

/** Goods that waited are gone, those that are due last first. */
export function withoutWaiting(line: Line, quantity: number): Line {
  let left = quantity;
  const portions = line.portions
    .toSorted((a, b) => b.due - a.due)
    .map((portion) => {
      const gone = Math.min(left, portion.quantity);
      left -= gone;
      return { ...portion, quantity: portion.quantity - gone };
    });
  return { ...line, portions: portions.filter((portion) => portion.quantity > 0) };
}

/** Matured and waiting goods are never more than the kept ones. */
export function fitted(line: Line): Line {
  const fewer = withoutWaiting(line, Math.max(0, line.matured + waitingOf(line) - keptOf(line)));
  return { ...fewer, matured: Math.min(fewer.matured, keptOf(fewer)) };
}

/** Portions that are due by an instant have matured. */
export function ripened(line: Line, at: number): Line {
  const waiting = line.portions.filter((portion) => portion.due > at);
  const due = waitingOf(line) - waiting.reduce((all, portion) => all + portion.quantity, 0);
  return { ...line, portions: waiting, matured: line.matured + due };
}

export const allMatured = (line: Line): Line => ({ ...line, portions: [], matured: keptOf(line) });
