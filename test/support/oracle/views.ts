// The public numbers of orders and members in the shapes in which the GraphQL API answers them.
import { type Entry, entriesOf, givenBackOn, redeemedOn } from './account.ts';
import { balanceView, dateTime, money, pointsNumber } from './balance-view.ts';
import { keptOf, moneyOf, openOf, returnableOf, zeroReasonOf } from './earning.ts';
import { printFraction, sum } from './fraction.ts';
import { allowedActionsOf, heldPoints, linesMoney, type OrderState, releaseAt, spendOf, stateOf } from './ledger.ts';
import { type Line, statusOf, sumsOf } from './line.ts';
import type { Order, Rule } from './order.ts';
import { currencyDecimals, minorOf, type ProgramFile } from './program.ts';
import { accountOf, memberOf, orderOf, ordersCreditedTo, primaryOf, programAt, standingAt, type World } from './world.ts';

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

/** A member's balances after the entry are compared as well: so is the order in which everything was booked. */
function entryView(entry: Entry, scale: number) {
  const { type, actionId, position, occurredAt, expiresAt } = entry;
  const number = (units: bigint) => pointsNumber(units, scale);
  return {
    type,
    actionId,
    points: number(entry.points),
    available: number(entry.available),
    held: number(entry.held),
    debt: number(entry.debt),
    uncollected: number(entry.uncollected),
    availableAfter: number(entry.availableAfter),
    heldAfter: number(entry.heldAfter),
    debtAfter: number(entry.debtAfter),
    line: position,
    occurredAt: dateTime(occurredAt),
    ...(expiresAt === undefined ? {} : { expiresAt: dateTime(expiresAt) }),
  };
}

function listsView(order: Order, state: OrderState, booked: readonly Entry[]) {
  const entries = booked.map((entry) => entryView(entry, order.scale));
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
  const account = accountOf(world, order.creditedTo);
  return {
    orderId,
    status: statusOf(sumsOf(state.lines)),
    allowedActions: allowedActionsOf(state),
    version: state.version,
    orderDate: new Date(order.orderDate).toISOString(),
    member: { userId: order.buyer },
    creditedTo: { userId: order.creditedTo },
    total: money(state.total, decimals),
    currentTotal: money(linesMoney(state.lines), decimals),
    spend: money(spendOf(state), decimals),
    discount: money(order.discount, decimals),
    pointsAwarded: pointsNumber(state.awarded, scale),
    pointsRemoved: pointsNumber(state.removed, scale),
    pointsHeld: pointsNumber(heldPoints(order, state), scale),
    pointsReleaseAt: dateTime(releaseAt(order)),
    pointsRedeemed: pointsNumber(redeemedOn(account, orderId), scale),
    redeemedPointsReturned: pointsNumber(givenBackOn(account, orderId), scale),
    lineItems: { totalCount: state.lines.length, nodes: state.lines.map(lineView) },
    ...listsView(order, state, entriesOf(account, orderId)),
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
    ...balanceView(world, userId, now),
    primaryMember: primary === null ? null : { userId: primary },
  };
}
