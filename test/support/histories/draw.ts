// What the generator draws from: the oracle's present world, the clock, names that are new, and how clients write values.

import { entriesOf } from '../oracle/account.ts';
import type { LineIdentifier } from '../oracle/command.ts';
import { print } from '../oracle/fraction.ts';
import { type OrderState, stateOf } from '../oracle/ledger.ts';
import type { Order } from '../oracle/order.ts';
import { currencyDecimals, type ProgramFile } from '../oracle/program.ts';
import { accountOf, programAt, type World } from '../oracle/world.ts';
import type { Random } from './random.ts';

export type Draw = {
  readonly random: Random;
  readonly world: World;
  readonly now: number;
  /** A name that was not used before. */
  readonly fresh: (prefix: string) => string;
  /** A new idempotency key, or one whose command was refused, which makes it free again. */
  readonly key: () => string;
};

/** Orders with longer histories are left alone, so that one page of events, entries and lines shows all of them. */
const maximumFacts = 30;
const maximumEntries = 60;
/** Mostly the latest orders, so that much happens to an order while its goods wait. */
const fewOrders = 5;
const recentOrders = 30;

export const programNow = ({ world, now }: Draw): ProgramFile => programAt(world, now);
export const firstProgram = ({ world }: Draw): ProgramFile => programAt(world, Number.NEGATIVE_INFINITY);
export const decimalsNow = (draw: Draw): number => currencyDecimals(programNow(draw));

/** Writes an amount as one of the forms that clients send: all decimals, the shortest, or a JSON number. */
export function spell({ random }: Draw, minor: bigint, decimals: number): string | number {
  const full = print(minor, decimals);
  const shortest = full.includes('.') ? full.replace(/\.?0+$/, '') : full;
  return random.weighted<string | number>([
    [5, full],
    [2, shortest],
    [1, full.includes('.') ? full : `${full}.0`],
    [2, Number(shortest)],
  ]);
}

/** Writes an instant with one of several offsets. */
export function instant({ random }: Draw, ms: number): string {
  const [offset, hours] = random.pick([
    ['Z', 0],
    ['+09:00', 9],
    ['-08:00', -8],
  ] as const);
  return new Date(ms + hours * 3_600_000).toISOString().replace('Z', offset);
}

export function pickOrder({ random, world }: Draw, suits: (state: OrderState, order: Order) => boolean): Order | null {
  const open = [...world.orders.values()].filter(
    (order) => order.facts.length < maximumFacts && entriesOf(accountOf(world, order.creditedTo), order.orderId).length < maximumEntries,
  );
  const recent = open.slice(
    -random.weighted([
      [5, fewOrders],
      [3, recentOrders],
      [2, open.length],
    ]),
  );
  const suitable = recent.filter((order) => suits(stateOf(order), order));
  const choice = suitable.length > 0 && random.chance(0.92) ? suitable : recent;
  return choice.length === 0 ? null : random.pick(choice);
}

/** Names a line by its product, its key or its id, whichever it has; a product may turn out to be ambiguous. */
export function identify({ random, world }: Draw, order: Order, position: number): LineIdentifier {
  const { lines } = stateOf(order);
  const line = lines[position];
  if (line === undefined) throw new Error(`Order ${order.orderId} has no line ${position}.`);
  const id = [...world.lineIds].find(([, known]) => known.orderId === order.orderId && known.position === position)?.[0];
  const unique = lines.filter((each) => each.productId === line.productId).length === 1;
  return random.weighted<LineIdentifier>([
    [unique ? 4 : 0.4, { productId: line.productId }],
    [line.lineKey === null ? 0 : 4, { lineKey: line.lineKey ?? '' }],
    [id === undefined ? 0 : 3, { id: id ?? '' }],
  ]);
}

export const positionsOf = (state: OrderState, suits: (line: OrderState['lines'][number]) => boolean): number[] =>
  state.lines.flatMap((line, position) => (suits(line) ? [position] : []));

/** Some values of a list, in its order, without repeats. */
export function some<T>({ random }: Draw, values: readonly T[], most: number): T[] {
  const chosen = new Set(Array.from({ length: random.int(1, most) }, () => random.int(0, values.length - 1)));
  return values.filter((_, index) => chosen.has(index));
}
