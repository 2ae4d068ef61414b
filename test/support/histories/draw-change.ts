// Draws changes of existing orders: shipping, returns, cancellations, additions, corrections, spend adjustments.

import { availableIn } from '../oracle/account.ts';
import type {
  AddToOrderInput,
  AdjustSpendInput,
  CorrectOrderInput,
  LineItemCorrection,
  LineItemInput,
  LineItemSelection,
  UpdateAction,
  UpdateOrderInput,
} from '../oracle/command.ts';
import { keptOf, openOf, returnableOf } from '../oracle/earning.ts';
import { allowedActionsOf, releasedPoints, spendOf, stateOf } from '../oracle/ledger.ts';
import { type Line, sumsOf } from '../oracle/line.ts';
import type { Order } from '../oracle/order.ts';
import { accountOf } from '../oracle/world.ts';
import { type Draw, decimalsNow, identify, instant, pickOrder, positionsOf, programNow, some, spell } from './draw.ts';
import { drawLine, drawPart, drawPrice, drawQuantity } from './draw-order.ts';

const left = (action: UpdateAction, line: Line): number => (action === 'RETURN' ? returnableOf(line) : openOf(line));

function drawSelections(draw: Draw, order: Order, action: UpdateAction): LineItemSelection[] {
  const { random } = draw;
  const state = stateOf(order);
  const able = positionsOf(state, (line) => left(action, line) > 0);
  const positions = some(draw, able.length > 0 ? able : state.lines.map((_, position) => position), 3);
  return positions.flatMap((position) => {
    const line = state.lines[position];
    const most = line === undefined ? 1 : Math.max(1, left(action, line));
    const quantity = random.chance(0.7) ? random.int(1, Math.min(most, 3)) : random.int(1, most + (random.chance(0.1) ? 1 : 0));
    const one = { lineItem: identify(draw, order, position), quantity };
    // The same line twice is summed.
    return quantity > 1 && random.chance(0.2)
      ? [
          { ...one, quantity: quantity - 1 },
          { lineItem: identify(draw, order, position), quantity: 1 },
        ]
      : [one];
  });
}

/** A date that every action allows: not before anything that happened to the order, and not later than now if that can be. */
const safeDate = (order: Order, now: number): number =>
  Math.max(now, order.orderDate, ...stateOf(order).lines.map((line) => line.lastShip ?? order.orderDate));

export function drawUpdate(draw: Draw): UpdateOrderInput | null {
  const { random, now } = draw;
  const action = random.weighted<UpdateAction>([
    [3, 'SHIP'],
    [5, 'RETURN'],
    [2, 'CANCEL'],
  ]);
  const order = pickOrder(draw, (state) => allowedActionsOf(state).includes(action));
  if (order === null) return null;
  const all = random.chance(0.25);
  const early = action === 'RETURN' ? safeDate(order, now) : random.int(Math.min(order.orderDate, now), now);
  return {
    orderId: order.orderId,
    action,
    ...(all ? { allLineItems: true } : { lineItems: drawSelections(draw, order, action) }),
    ...(random.chance(0.3) ? { occurredAt: instant(draw, Math.max(order.orderDate, early)) } : {}),
    ...(random.chance(0.2) ? { reason: 'as asked' } : {}),
    idempotencyKey: draw.key(),
    ...expectedVersion(draw, order),
  };
}

/** A return that takes back more than its member has, so that the debt policy has to decide. */
export function drawOverdraw(draw: Draw): UpdateOrderInput | null {
  const { random, world, now } = draw;
  const suitable = [...world.orders.values()].filter((order) => {
    const state = stateOf(order);
    const available = availableIn(accountOf(world, order.creditedTo));
    return returnableOf(sumsOf(state.lines)) > 0 && releasedPoints(order, state) > available;
  });
  if (suitable.length === 0) return null;
  const order = random.pick(suitable);
  const occurredAt = instant(draw, safeDate(order, now));
  return { orderId: order.orderId, action: 'RETURN', allLineItems: true, occurredAt, idempotencyKey: draw.key() };
}

const expectedVersion = ({ random }: Draw, order: Order) => (random.chance(0.2) ? { expectedVersion: stateOf(order).version } : {});

/** A line that an order holds already, to grow, or with one thing different under the same key. */
function drawKnownLine(draw: Draw, order: Order): LineItemInput {
  const { random } = draw;
  const line = random.pick(stateOf(order).lines);
  const unitPrice = random.chance(0.9) ? line.unitPrice : drawPrice(draw);
  return {
    productId: line.productId,
    quantity: drawQuantity(draw),
    unitPrice: spell(draw, unitPrice, decimalsNow(draw)),
    ...(line.lineKey !== null && random.chance(0.6) ? { lineKey: line.lineKey } : {}),
    ...(line.lineKey === null && programNow(draw).orders.lineKeyRequired ? { lineKey: draw.fresh('line') } : {}),
  };
}

export function drawAdd(draw: Draw): AddToOrderInput | null {
  const { random, now } = draw;
  const order = pickOrder(draw, (state) => keptOf(sumsOf(state.lines)) > 0 && state.lines.length < 20);
  if (order === null) return null;
  const drawn = Array.from({ length: random.int(1, 3) }, () => (random.chance(0.5) ? drawKnownLine(draw, order) : drawLine(draw)));
  // Whether the second of two equal lines grows the first is left open, so an addition names a product once.
  const lineItems = drawn.filter((line, index) => drawn.findIndex((other) => other.productId === line.productId) === index);
  const occurredAt = random.int(Math.min(order.orderDate, now), now);
  return {
    orderId: order.orderId,
    lineItems,
    ...(random.chance(0.3) ? { occurredAt: instant(draw, Math.max(order.orderDate, occurredAt)) } : {}),
    ...(random.chance(0.35) ? { disregardHoldPeriod: random.chance(0.8) } : {}),
    idempotencyKey: draw.key(),
    ...expectedVersion(draw, order),
  };
}

function drawQuantities({ random }: Draw, line: Line): Partial<LineItemCorrection> {
  const near = (value: number) => Math.max(0, value + random.int(-2, 2));
  return random.weighted<() => Partial<LineItemCorrection>>([
    [6, () => ({ quantity: near(line.ordered) })],
    [1.5, () => ({ shippedQuantity: near(line.shipped) })],
    [1.5, () => ({ returnedQuantity: near(line.returned) })],
    [1.5, () => ({ cancelledQuantity: near(line.cancelled) })],
    [1, () => ({ quantity: line.ordered + 2, shippedQuantity: line.shipped + 1 })],
    [0.5, () => ({ quantity: line.ordered })],
  ])();
}

function drawCorrection(draw: Draw, order: Order, position: number): LineItemCorrection {
  const { random } = draw;
  const decimals = decimalsNow(draw);
  const line = stateOf(order).lines[position];
  if (line === undefined) throw new Error(`Order ${order.orderId} has no line ${position}.`);
  const worth = line.unitPrice * BigInt(line.ordered);
  const kept = keptOf(sumsOf(stateOf(order).lines)) > 0;
  const values = random.weighted<() => Partial<LineItemCorrection>>([
    [6, () => drawQuantities(draw, line)],
    [kept ? 3 : 0.1, () => ({ unitPrice: spell(draw, drawPrice(draw), decimals) })],
    [kept ? 1.5 : 0.1, () => ({ discount: spell(draw, drawPart(draw, worth), decimals) })],
    [kept ? 1 : 0.1, () => ({ categoryId: random.pick(['shoes', 'hats']), name: 'Another name' })],
    [0.3, () => ({})],
  ])();
  return { lineItem: identify(draw, order, position), ...values };
}

export function drawCorrect(draw: Draw): CorrectOrderInput | null {
  const { random } = draw;
  const order = pickOrder(draw, (state) => keptOf(sumsOf(state.lines)) > 0);
  if (order === null) return null;
  const positions = some(
    draw,
    positionsOf(stateOf(order), () => true),
    2,
  );
  return {
    orderId: order.orderId,
    lineItems: positions.map((position) => drawCorrection(draw, order, position)),
    ...(random.chance(0.2) ? { reason: 'a typing error' } : {}),
    idempotencyKey: draw.key(),
    ...expectedVersion(draw, order),
  };
}

export function drawAdjust(draw: Draw): AdjustSpendInput | null {
  const { random } = draw;
  const order = pickOrder(draw, (state) => spendOf(state) > 0n && allowedActionsOf(state).includes('ADJUST_SPEND'));
  if (order === null) return null;
  const spend = spendOf(stateOf(order));
  const debit = spend > 0n && random.chance(0.5);
  const part = drawPart(draw, debit ? spend : 20_000n);
  return {
    orderId: order.orderId,
    type: debit ? 'DEBIT' : 'CREDIT',
    amount: spell(draw, part > 0n ? part : 1n, decimalsNow(draw)),
    reason: 'goodwill',
    adjustedBy: 'admin@example.com',
    idempotencyKey: draw.key(),
    ...expectedVersion(draw, order),
  };
}
