// createOrder: a new order, its points under the rule of its date, once per order id.
import { type Check, startCheck } from './check.ts';
import { parseDecimal } from './decimal.ts';
import { clockToleranceMs, type Instant, parseInstant } from './instant.ts';
import { type LineItem, lineTotal } from './line-item.ts';
import type { Member } from './member.ts';
import { spread } from './money.ts';
import { guardLines, type LineItemInput, netValues, type ReadLine, readLines } from './new-lines.ts';
import type { Order } from './order.ts';
import {
  type CommandFrame,
  currentProgram,
  guardNotBlocked,
  type OrderDecision,
  type OrderState,
  refused,
  unchanged,
} from './order-command.ts';
import { adjustmentRatio, earningRule, tierOf } from './points.ts';
import { post } from './posting.ts';
import { type Program, programAt } from './program.ts';
import { guardRedemption, pointsUnits } from './redemption.ts';
import { type InputPath, type Refusal, refuse, refuseConflict } from './refusal.ts';

/** An order as sent; decimals, points and dates still as text. */
export type CreateOrderInput = {
  readonly orderId: string;
  readonly userId: string;
  readonly lineItems: readonly LineItemInput[];
  readonly orderDate?: string | null | undefined;
  readonly total?: string | null | undefined;
  readonly discount?: string | null | undefined;
  readonly coupons?: readonly string[] | null | undefined;
  readonly currencyCode?: string | null | undefined;
  readonly storeId?: string | null | undefined;
  readonly source?: string | null | undefined;
  readonly status?: 'OPEN' | 'SHIPPED' | null | undefined;
  readonly shippedAt?: string | null | undefined;
  readonly redeemPoints?: string | null | undefined;
  readonly attributes?: unknown;
};

/** Where coupons end: more on one order are a mistake. */
const maximumCoupons = 100;

type ReadOrder = ReturnType<typeof readOrder>;
type Terms = { readonly program: Program; readonly orderDate: Instant; readonly shippedAt: Instant | null };

/** Decides createOrder. The same content again answers the stored order; other content is ORDER_ID_CONFLICT. */
export function createOrder(state: OrderState, frame: CommandFrame, input: CreateOrderInput): OrderDecision {
  const now = currentProgram(state, frame);
  const check = startCheck(frame.path, now.currencyDigits);
  check.id(['orderId'], input.orderId);
  const unusable = check.fault();
  if (unusable) return refused(unusable);
  if (state.order) return createdBefore(state, frame, state.order);

  const read = readOrder(check, now, input);
  const fault = check.fault() ?? guardDates(now, frame, read);
  if (fault) return refused(fault);
  const { buyer, credited } = state;
  if (!buyer || !credited)
    return refused(refuse('MEMBER_NOT_FOUND', [...frame.path, 'userId'], 'No member of the site has this userId: enroll them first.'));
  const refusal = guardNotBlocked([buyer, credited], [...frame.path, 'userId']) ?? guardContent(now, frame.path, read);
  return refusal ? refused(refusal) : placeOrder({ ...state, buyer, credited }, frame, read);
}

/** Places an order whose content is in bounds: also what a cart would be, if it were ordered now. */
export function placeOrder(state: PlacingState, frame: CommandFrame, read: ReadOrder): OrderDecision {
  const { credited } = state;
  const now = currentProgram(state, frame);
  const orderDate = read.orderDate ?? frame.at;
  const shipped = read.status === null ? now.shipOnCreate : read.status === 'SHIPPED';
  if (!shipped && read.shippedAt !== null)
    return refused(
      refuse(
        'INVALID_INPUT',
        [...frame.path, 'shippedAt'],
        'Only an order that is created SHIPPED has a ship date: expected status SHIPPED, or no shippedAt.',
      ),
    );
  const terms: Terms = {
    program: programAt(state.programs, orderDate),
    orderDate,
    shippedAt: shipped ? (read.shippedAt ?? orderDate) : null,
  };
  const order = draftOrder(state, frame, { read, terms });
  const lines = draftLines(order, state, { read, terms });
  const unredeemable = guardRedemption(now, credited, lines, read.redeemPoints, [...frame.path, 'redeemPoints']);
  if (unredeemable) return refused(unredeemable);
  const sum = lines.reduce((total, line) => total + lineTotal(line), 0);
  return post({
    state,
    frame,
    step: 'PLACED',
    redeem: Number(read.redeemPoints),
    before: null,
    order: { ...order, totalMinor: read.total ?? sum },
    lines,
    credited,
    entryType: 'EARN',
    event: { type: 'CREATED', reason: null, occurredAt: orderDate, lines: lines.map(({ position, quantity }) => ({ position, quantity })) },
    key: null,
    pathOf: (position) => [...frame.path, 'lineItems', String(position - 1)],
  });
}

function createdBefore({ lines, credited }: OrderState, frame: CommandFrame, order: Order): OrderDecision {
  if (order.content !== frame.content || !credited) {
    const message = 'The site has an order with this orderId and other content: expected the same content, or another orderId.';
    return refused(refuseConflict('ORDER_ID_CONFLICT', [...frame.path, 'orderId'], message, order));
  }
  const figures = { pointsAwarded: 0, pointsRemoved: 0, adjustmentId: null, replayed: true };
  return unchanged({ order, lines, buyer: credited, credited }, figures);
}

/** Reads the content of an order; faults are kept in the check. */
export function readOrder(check: Check, program: Program, input: CreateOrderInput) {
  const header = {
    orderId: input.orderId.trim(),
    userId: check.id(['userId'], input.userId),
    orderDate: check.instant(['orderDate'], input.orderDate),
    total: check.orderMoney(['total'], input.total),
    discount: check.orderMoney(['discount'], input.discount) ?? 0,
    coupons: readCoupons(check, input.coupons ?? []),
    currencyCode: input.currencyCode ?? null,
    storeId: check.optionalId(['storeId'], input.storeId),
    source: check.optionalId(['source'], input.source),
    status: input.status ?? null,
    shippedAt: check.instant(['shippedAt'], input.shippedAt),
    redeemPoints: readRedemption(check, program, input.redeemPoints),
    attributes: check.attributes(['attributes'], input.attributes),
  };
  return { ...header, lines: readLines(check, input.lineItems) };
}

function readCoupons(check: Check, coupons: readonly string[]): readonly string[] {
  if (coupons.length > maximumCoupons)
    check.report(refuse('INVALID_INPUT', check.at(['coupons']), `Expected at most ${maximumCoupons} coupons, not ${coupons.length}.`));
  return coupons.slice(0, maximumCoupons).map((coupon, index) => check.id(['coupons', String(index)], coupon));
}

/** Reads the points to redeem, in units of the scale. */
function readRedemption(check: Check, program: Program, points: string | null | undefined): bigint {
  if (points === null || points === undefined) return 0n;
  const parsed = parseDecimal(points);
  const units = parsed && pointsUnits(parsed, program.pointsScale);
  if (units === null) {
    const message = `Expected a number of points of 0 or more with at most ${program.pointsScale} decimals.`;
    check.report(refuse('INVALID_INPUT', check.at(['redeemPoints']), message));
  }
  return units ?? 0n;
}

function guardDates(program: Program, frame: CommandFrame, { orderDate, shippedAt }: ReadOrder): Refusal | null {
  const latest = frame.at + clockToleranceMs;
  const at = (name: string): InputPath => [...frame.path, name];
  if (program.orderDateRequired && orderDate === null)
    return refuse('ORDER_DATE_REQUIRED', at('orderDate'), 'The program dates orders itself never: expected an orderDate.');
  if (orderDate !== null && orderDate > latest)
    return refuse('DATE_OUT_OF_RANGE', at('orderDate'), 'An order date is at most five minutes ahead of now.');
  if (shippedAt !== null && (shippedAt < (orderDate ?? frame.at) || shippedAt > latest))
    return refuse('DATE_OUT_OF_RANGE', at('shippedAt'), 'A ship date is not before the order date and at most five minutes ahead of now.');
  return null;
}

/** The rules for the content of an order, besides those on dates. */
export function guardContent(program: Program, path: InputPath, read: ReadOrder): Refusal | null {
  if (read.currencyCode !== null && read.currencyCode !== program.currencyCode)
    return refuse('CURRENCY_MISMATCH', [...path, 'currencyCode'], `The program's currency is ${program.currencyCode}.`);
  return guardLines(program, read.lines, read.discount, path);
}

type Draft = { readonly read: ReadOrder; readonly terms: Terms };

type PlacingState = OrderState & { readonly buyer: Member; readonly credited: Member };

function draftOrder(state: PlacingState, frame: CommandFrame, { read, terms }: Draft): Order {
  const { buyer, credited } = state;
  const { program, orderDate, shippedAt } = terms;
  const tier = tierOf(program, state.periodSpendMinor);
  return {
    id: frame.newId,
    siteId: frame.siteId,
    orderId: read.orderId,
    memberId: buyer.id,
    creditedToId: credited.id,
    primaryId: state.primary?.id ?? null,
    orderDate,
    createdShipped: shippedAt !== null,
    programVersion: program.version,
    maximumPoints: program.maximumPoints,
    adjustmentRatio: adjustmentRatio(program, tier, credited.optedIn),
    adjustmentRounding: program.rounding,
    totalMinor: 0,
    discountMinor: read.discount,
    coupons: read.coupons,
    storeId: read.storeId,
    source: read.source,
    attributes: read.attributes,
    adjustmentMinor: 0,
    adjustmentPoints: 0,
    adjustedPoints: 0,
    pointsAwarded: 0,
    pointsRemoved: 0,
    heldPoints: 0,
    releaseAt: null,
    redeemedPoints: 0,
    redeemedReturned: 0,
    createdLines: read.lines.length,
    retainedPoints: 0,
    currentTotalMinor: 0,
    spendMinor: 0,
    workflow: 0,
    version: 0,
    eventCount: 0,
    lineCount: 0,
    content: frame.content,
    createdAt: frame.at,
    updatedAt: frame.at,
  };
}

function draftLines(order: Order, state: PlacingState, { read, terms }: Draft): readonly LineItem[] {
  const { optedIn } = state.credited;
  const { program, orderDate, shippedAt } = terms;
  const shares = spread(read.discount, netValues(read.lines));
  const tier = tierOf(program, state.periodSpendMinor);
  return read.lines.map((line, index) =>
    newLine(order, index + 1, line, {
      shippedAt,
      acceptedAt: orderDate,
      share: shares[index] ?? 0,
      rule: earningRule({ program, tier, optedIn, at: orderDate, storeId: read.storeId, coupons: read.coupons, line }),
    }),
  );
}

/**
 * A line with nothing returned or cancelled, shipped whole or not at all. Its fields are written out, as those of an entry are: an
 * object that begins as a copy of another and then grows is slow in V8. An order of three lines is decided in 55 microseconds, not 330.
 */
export function newLine(
  order: Order,
  position: number,
  line: ReadLine,
  given: { shippedAt: Instant | null; acceptedAt: Instant; share: number; rule: LineItem['rule'] },
): LineItem {
  return {
    orderId: order.id,
    position,
    productId: line.productId,
    lineKey: line.lineKey,
    quantity: line.quantity,
    shipped: given.shippedAt === null ? 0 : line.quantity,
    cancelled: 0,
    returned: 0,
    unitPriceMinor: line.unitPriceMinor,
    discountMinor: line.discountMinor,
    discountShareMinor: given.share,
    categoryId: line.categoryId,
    categoryName: line.categoryName,
    name: line.name,
    description: line.description,
    url: line.url,
    imageUrl: line.imageUrl,
    coupon: line.coupon,
    autoDelivery: line.autoDelivery,
    estimatedShipDate: line.estimatedShipDate,
    firstShippedAt: given.shippedAt,
    lastShippedAt: given.shippedAt,
    acceptedAt: given.acceptedAt,
    matured: 0,
    waiting: [],
    pointsAwarded: 0,
    pointsRemoved: 0,
    rule: given.rule,
    orderDate: order.orderDate,
  };
}

/** The date of an order to be created, for the tier held then: as sent, else now. */
export const orderDateOf = (input: CreateOrderInput, now: Instant): Instant =>
  input.orderDate ? (parseInstant(input.orderDate) ?? now) : now;
