// Works out an order from the list of its facts, from the first one on.
import type { OrderAction } from './command.ts';
import { capped, keptOf, moneyOf, openOf, pointsOf, returnableOf } from './earning.ts';
import { fraction, greatest, least, power10, rounded, sum, times } from './fraction.ts';
import { availableSince, dueInstants, goodsAfter, goodsAt } from './hold.ts';
import { type Line, sumsOf } from './line.ts';
import { type Delta, type Movement, movementsOf } from './movement.ts';
import type { AgreedLine, Deed, Fact, Order } from './order.ts';

type Adjustment = {
  readonly type: 'CREDIT' | 'DEBIT';
  readonly amount: bigint;
  readonly points: bigint;
  readonly tierBefore: string | null;
  readonly tierAfter: string | null;
};
export type OrderState = {
  readonly lines: readonly Line[];
  readonly closedAt: number | null;
  readonly version: number;
  readonly total: bigint;
  readonly adjustedMoney: bigint;
  readonly adjustedPoints: bigint;
  readonly awarded: bigint;
  readonly removed: bigint;
  /** retained(after) − retained(before) of the last fact, what it moved, and since when what it made available is available. */
  readonly lastDelta: bigint;
  readonly lastMovements: readonly Movement[];
  readonly lastAvailableSince: number;
  readonly events: readonly string[];
  readonly adjustments: readonly Adjustment[];
};

const nothing: OrderState = {
  lines: [],
  closedAt: null,
  version: 0,
  total: 0n,
  adjustedMoney: 0n,
  adjustedPoints: 0n,
  awarded: 0n,
  removed: 0n,
  lastDelta: 0n,
  lastMovements: [],
  lastAvailableSince: 0,
  events: [],
  adjustments: [],
};

export const linesMoney = (lines: readonly Line[]): bigint => sum(lines.map((line) => moneyOf(line, keptOf(line))));
const linesValue = (lines: readonly Line[]): bigint => sum(lines.map((line) => line.unitPrice * BigInt(keptOf(line))));
const linesPoints = (order: Order, lines: readonly Line[]): bigint =>
  capped(sum(lines.map((line) => pointsOf(line, keptOf(line)))), order.cap);
const maturedPoints = (order: Order, lines: readonly Line[]): bigint =>
  capped(sum(lines.map((line) => pointsOf(line, line.matured))), order.cap);
const linesTotal = (lines: readonly Line[]): bigint => sum(lines.map((line) => moneyOf(line, line.ordered)));

/** Adjustments count only while the lines retain a value. */
const effective = (state: OrderState, adjustment: bigint): bigint => (linesValue(state.lines) === 0n ? 0n : adjustment);
export const spendOf = (state: OrderState): bigint => linesMoney(state.lines) + effective(state, state.adjustedMoney);
export const retainedPoints = (order: Order, state: OrderState): bigint =>
  linesPoints(order, state.lines) + effective(state, state.adjustedPoints);

/** What the order retains and holds no longer. */
export function releasedPoints(order: Order, state: OrderState): bigint {
  const credited = greatest(0n, effective(state, state.adjustedPoints));
  return least(retainedPoints(order, state), maturedPoints(order, state.lines) + credited);
}
export const heldPoints = (order: Order, state: OrderState): bigint => retainedPoints(order, state) - releasedPoints(order, state);

/** sign(x) × round(|x| × ratio): the points that a net adjustment is worth. */
function adjustmentPoints(order: Order, net: bigint): bigint {
  const size = net < 0n ? -net : net;
  const exact = times(fraction(size, power10(order.decimals)), order.adjustmentRatio);
  const points = rounded(times(exact, fraction(power10(order.scale))), order.rounding);
  return net < 0n ? -points : points;
}

const agreed = (line: AgreedLine, madeAt: number, shippedAt: number | null): Line => ({
  ...line,
  madeAt,
  shipped: shippedAt === null ? 0 : line.ordered,
  cancelled: 0,
  returned: 0,
  firstShip: shippedAt,
  lastShip: shippedAt,
  matured: 0,
  portions: [],
  awarded: 0n,
  removed: 0n,
});

const ship = (line: Line, quantity: number, at: number): Line => ({
  ...line,
  shipped: line.shipped + quantity,
  firstShip: Math.min(line.firstShip ?? at, at),
  lastShip: Math.max(line.lastShip ?? at, at),
});

function move(line: Line, action: 'SHIP' | 'RETURN' | 'CANCEL', quantity: number, at: number): Line {
  if (action === 'SHIP') return ship(line, quantity, at);
  return action === 'RETURN' ? { ...line, returned: line.returned + quantity } : { ...line, cancelled: line.cancelled + quantity };
}

const replace = (lines: readonly Line[], position: number, change: (line: Line) => Line): Line[] =>
  lines.map((line, index) => (index === position ? change(line) : line));

function added(order: Order, lines: readonly Line[], fact: Deed & { kind: 'added' }): readonly Line[] {
  return fact.steps.reduce<readonly Line[]>((so, step) => {
    if ('line' in step) return so.concat(agreed(step.line, fact.at, order.createdShipped ? fact.at : null));
    const { position, quantity } = step.grow;
    return replace(so, position, (line) => {
      const grown = { ...line, ordered: line.ordered + quantity };
      return order.createdShipped ? ship(grown, quantity, fact.at) : grown;
    });
  }, lines);
}

/** Goods that a correction ships join the last shipment; the first one of a line counts from the order's date. */
function corrected(order: Order, lines: readonly Line[], fact: Deed & { kind: 'corrected' }): readonly Line[] {
  return fact.lines.reduce<readonly Line[]>(
    (so, { position, ...values }) =>
      replace(so, position, (line) => {
        const shipped = values.shipped > 0;
        const dates = {
          firstShip: shipped ? (line.firstShip ?? order.orderDate) : null,
          lastShip: shipped ? (line.lastShip ?? order.orderDate) : null,
        };
        return { ...line, ...values, ...dates };
      }),
    lines,
  );
}

function linesAfter(order: Order, lines: readonly Line[], fact: Fact): readonly Line[] {
  switch (fact.kind) {
    case 'created':
      return fact.lines.map((line) => agreed(line, order.orderDate, fact.shippedAt));
    case 'moved':
      return fact.takes.reduce<readonly Line[]>(
        (so, take) => replace(so, take.position, (line) => move(line, fact.action, take.quantity, fact.at)),
        lines,
      );
    case 'added':
      return added(order, lines, fact);
    case 'corrected':
      return corrected(order, lines, fact);
    case 'adjusted':
    case 'matured':
      return lines;
  }
}

function labels(fact: Fact): { event: string | null; entry: string; actionId: number | null } {
  switch (fact.kind) {
    case 'created':
      return { event: 'CREATED', entry: 'EARN', actionId: 109 };
    case 'moved':
      return { event: { SHIP: 'SHIPPED', RETURN: 'RETURNED', CANCEL: 'CANCELLED' }[fact.action], entry: fact.action, actionId: 148 };
    case 'added':
      return { event: 'LINES_ADDED', entry: 'EARN', actionId: 109 };
    case 'corrected':
      return { event: 'CORRECTED', entry: 'CORRECTION', actionId: null };
    case 'adjusted':
      return { event: 'SPEND_ADJUSTED', entry: 'SPEND_ADJUSTMENT', actionId: 164 };
    case 'matured':
      return { event: null, entry: 'RELEASE', actionId: null };
  }
}

/** The event of the deed itself, and one more when held points were released. */
function eventsOf(fact: Fact, movements: readonly Movement[]): string[] {
  const { event } = labels(fact);
  const releases = movements.some((movement) => movement.type === 'RELEASE');
  return [...(event === null ? [] : [event]), ...(releases ? ['POINTS_RELEASED'] : [])];
}

/** The signed states of the adjustments after a fact: never below what the lines retain. */
function adjustmentsAfter(order: Order, before: OrderState, fact: Fact, lines: readonly Line[]) {
  const signed = fact.kind !== 'adjusted' ? 0n : fact.type === 'CREDIT' ? fact.amount : -fact.amount;
  const net = before.adjustedMoney + signed;
  const points = before.adjustedPoints + adjustmentPoints(order, net) - adjustmentPoints(order, before.adjustedMoney);
  return { adjustedMoney: greatest(net, -linesMoney(lines)), adjustedPoints: greatest(points, -linesPoints(order, lines)) };
}

function totalAfter(before: OrderState, fact: Fact, lines: readonly Line[]): bigint {
  if (fact.kind === 'created') return fact.total ?? linesTotal(lines);
  return before.total + linesTotal(lines) - linesTotal(before.lines);
}

/** The rise or fall of each line on its own, before the cap. */
function lineDeltas(before: readonly Line[], after: readonly Line[]): Delta[] {
  const points = (line: Line | undefined, quantity: (line: Line) => number) => (line === undefined ? 0n : pointsOf(line, quantity(line)));
  const rise = (line: Line, was: Line | undefined, quantity: (line: Line) => number) => points(line, quantity) - points(was, quantity);
  return after.map((line, index) => ({
    retained: rise(line, before[index], keptOf),
    released: rise(line, before[index], (each) => each.matured),
  }));
}

function apply(order: Order, before: OrderState, fact: Fact): OrderState {
  const goods = goodsAfter(order, before, linesAfter(order, before.lines, fact), fact);
  const deltas = lineDeltas(before.lines, goods.lines);
  const lines = goods.lines.map((line, index) => {
    const delta = deltas[index]?.retained ?? 0n;
    return { ...line, awarded: line.awarded + greatest(delta, 0n), removed: line.removed + greatest(-delta, 0n) };
  });
  const after = { ...before, closedAt: goods.closedAt, lines, ...adjustmentsAfter(order, before, fact, lines) };
  const retained = retainedPoints(order, after) - retainedPoints(order, before);
  const released = releasedPoints(order, after) - releasedPoints(order, before);
  const { entry: type, actionId } = labels(fact);
  const movements = movementsOf({ type, actionId }, { retained, released }, deltas);
  const onLines = fact.kind === 'adjusted' ? 0n : retained;
  return {
    ...after,
    version: before.version + (fact.kind === 'matured' ? 0 : 1),
    total: totalAfter(before, fact, lines),
    awarded: before.awarded + greatest(onLines, 0n),
    removed: before.removed + greatest(-onLines, 0n),
    lastDelta: retained,
    lastMovements: movements,
    lastAvailableSince: availableSince(order, goods, fact),
    events: [...before.events, ...eventsOf(fact, movements)],
    adjustments: fact.kind === 'adjusted' ? [...before.adjustments, { ...fact, points: retained }] : before.adjustments,
  };
}

/** An order never changes, a fact makes a new one; so what was worked out once for it can be remembered. */
const workedOut = new WeakMap<readonly Fact[], OrderState>();

export function stateOf(order: Order): OrderState {
  const known = workedOut.get(order.facts);
  if (known !== undefined) return known;
  const state = order.facts.reduce((so, fact) => apply(order, so, fact), nothing);
  workedOut.set(order.facts, state);
  return state;
}

/** One more fact. What the facts before it came to is known, so that only this one is worked out. */
export function withFact(order: Order, fact: Fact): Order {
  const after = { ...order, facts: [...order.facts, fact] };
  workedOut.set(after.facts, apply(after, stateOf(order), fact));
  return after;
}

/** The next instant at which goods of the order mature; null when none wait for an instant. */
export const nextDue = (order: Order): number | null => dueInstants(order, stateOf(order))[0] ?? null;

/** The next instant at which held points will really be released if nothing else happens. */
export function releaseAt(order: Order): number | null {
  const state = stateOf(order);
  const rises = (instant: number) => releasedPoints(order, { ...state, ...goodsAt(order, state, instant) }) > releasedPoints(order, state);
  return heldPoints(order, state) === 0n ? null : (dueInstants(order, state).find(rises) ?? null);
}

export function allowedActionsOf(state: OrderState): OrderAction[] {
  const sums = sumsOf(state.lines);
  const open = openOf(sums) > 0;
  const allowed: [OrderAction, boolean][] = [
    ['SHIP', open],
    ['RETURN', returnableOf(sums) > 0],
    ['CANCEL', open],
    ['ADD', keptOf(sums) > 0],
    ['CORRECT', true],
    ['ADJUST_SPEND', linesValue(state.lines) > 0n],
  ];
  return allowed.filter(([, allows]) => allows).map(([action]) => action);
}
