// The public numbers of orders and members in the shapes in which the GraphQL API answers them.
import { keptOf, moneyOf, openOf, returnableOf, zeroReasonOf } from './earning.ts';
import { print, printFraction, sum } from './fraction.ts';
import { allowedActionsOf, type Line, linesMoney, type OrderState, spendOf, stateOf, statusOf, sumsOf } from './ledger.ts';
import type { Order, Rule } from './order.ts';
import { currencyDecimals, minorOf, type ProgramFile } from './program.ts';
import { memberOf, orderOf, ordersCreditedTo, primaryOf, programAt, standingAt, type World, worthOf } from './world.ts';

export const pointsNumber = (units: bigint, scale: number): number => Number(print(units, scale));
export const money = (minor: bigint, decimals: number) => ({ amount: print(minor, decimals) });

/** The ratio of a line that could not earn at all is not fixed by the rules, so it is left out. */
export function earningView(rule: Rule, zeroReason: string | null) {
  const { earns, tier } = rule;
  if (earns.kind === 'NOTHING') return { tier, zeroReason };
  return { tier, zeroReason, ratio: earns.kind === 'FLAT' ? null : printFraction(earns.ratio) };
}

function lineView(line: Line) {
  const { decimals, scale } = line.rule;
  return {
    productId: line.productId,
    lineKey: line.lineKey,
    categoryId: line.categoryId,
    name: line.name,
    status: statusOf(line),
    quantity: line.ordered,
    shippedQuantity: line.shipped,
    returnedQuantity: line.returned,
    cancelledQuantity: line.cancelled,
    shippableQuantity: openOf(line),
    returnableQuantity: returnableOf(line),
    cancellableQuantity: openOf(line),
    unitPrice: money(line.unitPrice, decimals),
    discount: money(line.discount, decimals),
    total: money(moneyOf(line, line.ordered), decimals),
    currentTotal: money(moneyOf(line, keptOf(line)), decimals),
    pointsAwarded: pointsNumber(line.awarded, scale),
    pointsRemoved: pointsNumber(line.removed, scale),
    earning: earningView(line.rule, zeroReasonOf(line)),
  };
}

export function adjustmentView(order: Order, index: number) {
  const adjustment = stateOf(order).adjustments[index];
  if (adjustment === undefined) throw new Error(`Order ${order.orderId} has no adjustment ${index}.`);
  const { type, amount, points, tierBefore, tierAfter } = adjustment;
  return { type, amount: money(amount, order.decimals), points: pointsNumber(points, order.scale), tierBefore, tierAfter };
}

function listsView(order: Order, state: OrderState) {
  const entries = state.entries.map(({ type, actionId, points, position }) => {
    const effect = pointsNumber(points, order.scale);
    return { type, actionId, points: effect, available: effect, held: 0, debt: 0, line: position };
  });
  return {
    events: { totalCount: state.events.length, nodes: state.events.map((type, index) => ({ sequence: index + 1, type })) },
    pointsEntries: { totalCount: entries.length, nodes: entries },
    spendAdjustments: { totalCount: state.adjustments.length, nodes: state.adjustments.map((_, index) => adjustmentView(order, index)) },
  };
}

export function orderView(world: World, orderId: string) {
  const order = orderOf(world, orderId);
  const state = stateOf(order);
  const { decimals, scale } = order;
  return {
    orderId,
    status: statusOf(sumsOf(state.lines)),
    allowedActions: allowedActionsOf(state),
    version: order.facts.length,
    orderDate: new Date(order.orderDate).toISOString(),
    member: { userId: order.buyer },
    creditedTo: { userId: order.creditedTo },
    total: money(state.total, decimals),
    currentTotal: money(linesMoney(state.lines), decimals),
    spend: money(spendOf(state), decimals),
    discount: money(order.discount, decimals),
    pointsAwarded: pointsNumber(state.awarded, scale),
    pointsRemoved: pointsNumber(state.removed, scale),
    pointsHeld: 0,
    pointsRedeemed: 0,
    lineItems: { totalCount: state.lines.length, nodes: state.lines.map(lineView) },
    ...listsView(order, state),
  };
}

const lifetimeTypes = new Set(['EARN', 'CORRECTION', 'SPEND_ADJUSTMENT']);

/** What a member can spend is the sum of all entries of the orders credited to them. */
export function availableOf(world: World, userId: string): bigint {
  return sum(ordersCreditedTo(world, userId).flatMap((order) => stateOf(order).entries.map((entry) => entry.points)));
}

function balanceView(world: World, userId: string, program: ProgramFile) {
  const entries = ordersCreditedTo(world, userId).flatMap((order) => stateOf(order).entries);
  const earned = entries.filter((entry) => lifetimeTypes.has(entry.type) && entry.points > 0n);
  const available = availableOf(world, userId);
  const scale = program.pointsScale;
  return {
    available: pointsNumber(available, scale),
    held: 0,
    used: 0,
    expired: 0,
    lifetime: pointsNumber(sum(earned.map((entry) => entry.points)), scale),
    debt: 0,
    value: money(worthOf(program, available), currencyDecimals(program)),
  };
}

function tierView(world: World, userId: string, now: number, program: ProgramFile) {
  const decimals = currencyDecimals(program);
  const { spend, level, next } = standingAt(world, userId, now);
  if (level === null) return null;
  const missing = next === null ? null : money(minorOf(program, next.minimumSpend) - spend, decimals);
  return { name: level.name, ratio: level.ratio, periodSpend: money(spend, decimals), next: next?.name ?? null, spendToNext: missing };
}

export function memberView(world: World, userId: string, now: number) {
  const { status, optedIn } = memberOf(world, userId);
  const program = programAt(world, now);
  const decimals = currencyDecimals(program);
  const primary = primaryOf(world, userId);
  const spend = sum(ordersCreditedTo(world, userId).map((order) => spendOf(stateOf(order))));
  return {
    userId,
    status,
    optedIn,
    totalSpend: money(spend, decimals),
    tier: tierView(world, userId, now, program),
    points: balanceView(world, userId, program),
    primaryMember: primary === null ? null : { userId: primary },
  };
}
