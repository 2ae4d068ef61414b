// Works out an order from the whole list of its facts, from the first one on, each time it is asked.
import type { OrderAction } from './command.ts';
import { capped, keptOf, moneyOf, openOf, pointsOf, returnableOf } from './earning.ts';
import { fraction, greatest, power10, rounded, sum, times } from './fraction.ts';
import type { AgreedLine, Fact, LineQuantities, Order } from './order.ts';

export type Line = AgreedLine &
  LineQuantities & {
    readonly firstShip: number | null;
    readonly lastShip: number | null;
    readonly awarded: bigint;
    readonly removed: bigint;
  };
type Entry = { readonly type: string; readonly actionId: number | null; readonly points: bigint; readonly position: number | null };
type Adjustment = {
  readonly type: 'CREDIT' | 'DEBIT';
  readonly amount: bigint;
  readonly points: bigint;
  readonly tierBefore: string | null;
  readonly tierAfter: string | null;
};
export type OrderState = {
  readonly lines: readonly Line[];
  readonly total: bigint;
  readonly adjustedMoney: bigint;
  readonly adjustedPoints: bigint;
  readonly awarded: bigint;
  readonly removed: bigint;
  /** retained(after) − retained(before) of the last fact. */
  readonly lastDelta: bigint;
  readonly entries: readonly Entry[];
  readonly events: readonly string[];
  readonly adjustments: readonly Adjustment[];
};

const nothing: OrderState = {
  lines: [],
  total: 0n,
  adjustedMoney: 0n,
  adjustedPoints: 0n,
  awarded: 0n,
  removed: 0n,
  lastDelta: 0n,
  entries: [],
  events: [],
  adjustments: [],
};

export const linesMoney = (lines: readonly Line[]): bigint => sum(lines.map((line) => moneyOf(line, keptOf(line))));
const linesValue = (lines: readonly Line[]): bigint => sum(lines.map((line) => line.unitPrice * BigInt(keptOf(line))));
const linesPoints = (order: Order, lines: readonly Line[]): bigint =>
  capped(sum(lines.map((line) => pointsOf(line, keptOf(line)))), order.cap);
const linesTotal = (lines: readonly Line[]): bigint => sum(lines.map((line) => moneyOf(line, line.ordered)));

/** Adjustments count only while the lines retain a value. */
const effective = (state: OrderState, adjustment: bigint): bigint => (linesValue(state.lines) === 0n ? 0n : adjustment);
export const spendOf = (state: OrderState): bigint => linesMoney(state.lines) + effective(state, state.adjustedMoney);
const retainedPoints = (order: Order, state: OrderState): bigint =>
  linesPoints(order, state.lines) + effective(state, state.adjustedPoints);

/** sign(x) × round(|x| × ratio): the points that a net adjustment is worth. */
function adjustmentPoints(order: Order, net: bigint): bigint {
  const size = net < 0n ? -net : net;
  const exact = times(fraction(size, power10(order.decimals)), order.adjustmentRatio);
  const points = rounded(times(exact, fraction(power10(order.scale))), order.rounding);
  return net < 0n ? -points : points;
}

const agreed = (line: AgreedLine, shippedAt: number | null): Line => ({
  ...line,
  shipped: shippedAt === null ? 0 : line.ordered,
  cancelled: 0,
  returned: 0,
  firstShip: shippedAt,
  lastShip: shippedAt,
  awarded: 0n,
  removed: 0n,
});

const ship = (line: Line, quantity: number, at: number): Line => ({
  ...line,
  shipped: line.shipped + quantity,
  firstShip: line.firstShip === null ? at : Math.min(line.firstShip, at),
  lastShip: at,
});

function move(line: Line, action: 'SHIP' | 'RETURN' | 'CANCEL', quantity: number, at: number): Line {
  if (action === 'SHIP') return ship(line, quantity, at);
  return action === 'RETURN' ? { ...line, returned: line.returned + quantity } : { ...line, cancelled: line.cancelled + quantity };
}

const replace = (lines: readonly Line[], position: number, change: (line: Line) => Line): Line[] =>
  lines.map((line, index) => (index === position ? change(line) : line));

function added(order: Order, lines: readonly Line[], fact: Fact & { kind: 'added' }): readonly Line[] {
  return fact.steps.reduce<readonly Line[]>((so, step) => {
    if ('line' in step) return so.concat(agreed(step.line, order.createdShipped ? fact.at : null));
    const { position, quantity } = step.grow;
    return replace(so, position, (line) => {
      const grown = { ...line, ordered: line.ordered + quantity };
      return order.createdShipped ? ship(grown, quantity, fact.at) : grown;
    });
  }, lines);
}

/** Goods that a correction ships join the last shipment; the first one of a line counts from the order's date. */
function corrected(order: Order, lines: readonly Line[], fact: Fact & { kind: 'corrected' }): readonly Line[] {
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
      return fact.lines.map((line) => agreed(line, fact.shippedAt));
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
      return lines;
  }
}

function labels(fact: Fact): { event: string; entry: string; actionId: number | null } {
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
  }
}

/** One entry a line when the lines alone explain the difference and all point one way; else one of the order. */
function entriesOf(fact: Fact, delta: bigint, lineDeltas: readonly bigint[]): Entry[] {
  const { entry: type, actionId } = labels(fact);
  if (delta === 0n) return [];
  const oneSign = lineDeltas.every((each) => each >= 0n) || lineDeltas.every((each) => each <= 0n);
  if (!oneSign || sum(lineDeltas) !== delta) return [{ type, actionId, points: delta, position: null }];
  return lineDeltas.flatMap((points, position) => (points === 0n ? [] : [{ type, actionId, points, position }]));
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

function apply(order: Order, before: OrderState, fact: Fact): OrderState {
  const moved = linesAfter(order, before.lines, fact);
  const pointsBefore = before.lines.map((line) => pointsOf(line, keptOf(line)));
  const lineDeltas = moved.map((line, index) => pointsOf(line, keptOf(line)) - (pointsBefore[index] ?? 0n));
  const lines = moved.map((line, index) => {
    const delta = lineDeltas[index] ?? 0n;
    return { ...line, awarded: line.awarded + greatest(delta, 0n), removed: line.removed + greatest(-delta, 0n) };
  });
  const states = { ...before, lines, ...adjustmentsAfter(order, before, fact, lines) };
  const delta = retainedPoints(order, states) - retainedPoints(order, before);
  const onLines = fact.kind === 'adjusted' ? 0n : delta;
  const adjustment = fact.kind === 'adjusted' ? [{ ...fact, points: delta }] : [];
  return {
    ...states,
    total: totalAfter(before, fact, lines),
    awarded: before.awarded + greatest(onLines, 0n),
    removed: before.removed + greatest(-onLines, 0n),
    lastDelta: delta,
    entries: [...before.entries, ...entriesOf(fact, delta, lineDeltas)],
    events: [...before.events, labels(fact).event],
    adjustments: [...before.adjustments, ...adjustment],
  };
}

/** An order never changes, a fact makes a new one; so what was worked out once for it can be remembered. */
const workedOut = new WeakMap<Order, OrderState>();

export function stateOf(order: Order): OrderState {
  const known = workedOut.get(order);
  if (known !== undefined) return known;
  const state = order.facts.reduce((so, fact) => apply(order, so, fact), nothing);
  workedOut.set(order, state);
  return state;
}

export const withFact = (order: Order, fact: Fact): Order => ({ ...order, facts: [...order.facts, fact] });

/** The status function, of one line or of the sums over an order's lines. */
export function statusOf({ ordered, shipped, cancelled, returned }: LineQuantities): string {
  if (cancelled === ordered) return 'CANCELLED';
  if (shipped > 0 && returned === shipped && shipped + cancelled === ordered) return 'RETURNED';
  if (returned > 0) return 'PARTIALLY_RETURNED';
  if (shipped > 0) return shipped + cancelled === ordered ? 'SHIPPED' : 'PARTIALLY_SHIPPED';
  return cancelled > 0 ? 'PARTIALLY_CANCELLED' : 'OPEN';
}

export function sumsOf(lines: readonly LineQuantities[]): LineQuantities {
  const total = (pick: (line: LineQuantities) => number) => lines.reduce((all, line) => all + pick(line), 0);
  return {
    ordered: total((line) => line.ordered),
    shipped: total((line) => line.shipped),
    cancelled: total((line) => line.cancelled),
    returned: total((line) => line.returned),
  };
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
