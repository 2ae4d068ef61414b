// cartPoints: what a cart would earn now, by the same functions that create an order; writes nothing.
import { startCheck } from './check.ts';
import { readCoupons, redeems } from './create-order.ts';
import { type Decimal, decimalOf, multiply, roundTo } from './decimal.ts';
import type { LineItem } from './line-item.ts';
import type { Member } from './member.ts';
import { maximumBalance, spread } from './money.ts';
import { guardLines, type LineItemInput, netValues, readLines } from './new-lines.ts';
import { standingOf } from './order.ts';
import { type CommandFrame, currentProgram, guardNotBlocked, type OrderState } from './order-command.ts';
import { earningRule, tierOf } from './points.ts';
import { type Program, parsedDecimal } from './program.ts';
import { type Refusal, refuse } from './refusal.ts';

export type CartPointsInput = {
  readonly userId: string;
  readonly lineItems: readonly LineItemInput[];
  readonly discount?: string | null | undefined;
  readonly redeemPoints?: string | null | undefined;
  readonly storeId?: string | null | undefined;
  readonly coupons?: readonly string[] | null | undefined;
  readonly attributes?: unknown;
};

/** Points in units of the scale, money in minor units. */
export type Cart = {
  readonly credited: Member;
  readonly points: number;
  readonly lines: readonly LineItem[];
  readonly valueMinor: number;
  readonly redeemPoints: number;
  readonly availableAfterOrder: number;
  readonly heldAfterOrder: number;
  readonly valueAfterMinor: number;
  readonly availableAt: number | null;
  readonly maximumRedeemable: number;
};
export type CartAnswer = { readonly kind: 'ACCEPTED'; readonly cart: Cart } | { readonly kind: 'REFUSED'; readonly refusal: Refusal };

/** The money, in minor units, that points are worth: points × pointValue, rounded down, since nobody is promised a part of a cent. */
export function pointsValueMinor(program: Program, points: number): number {
  const value: Decimal = multiply(decimalOf(points, program.pointsScale), parsedDecimal(program.pointValue));
  return Number(roundTo(value, program.currencyDigits, 'FLOOR'));
}

/** Answers cartPoints for a cart that would be ordered now. */
export function cartPoints(state: OrderState, frame: CommandFrame, input: CartPointsInput): CartAnswer {
  const program = currentProgram(state, frame);
  const check = startCheck(frame.path, program.currencyDigits);
  check.id(['userId'], input.userId);
  const discount = check.orderMoney(['discount'], input.discount) ?? 0;
  const redeeming = redeems(check, input.redeemPoints);
  const storeId = check.optionalId(['storeId'], input.storeId);
  const coupons = readCoupons(check, input.coupons ?? []);
  check.attributes(['attributes'], input.attributes);
  const read = readLines(check, input.lineItems);
  const refused = (refusal: Refusal): CartAnswer => ({ kind: 'REFUSED', refusal });
  const fault = check.fault();
  if (fault) return refused(fault);
  const { buyer, credited } = state;
  if (!buyer || !credited) return refused(refuse('MEMBER_NOT_FOUND', [...frame.path, 'userId'], 'No member of the site has this userId.'));
  const refusal =
    guardNotBlocked([buyer, credited], [...frame.path, 'userId']) ??
    (program.purchaseConfigured
      ? null
      : refuse(
          'PURCHASE_ACTION_NOT_CONFIGURED',
          frame.path,
          'The program has no purchase action: orders earn nothing until it is configured.',
        )) ??
    guardLines(program, read, discount, frame.path) ??
    (redeeming
      ? refuse('INSUFFICIENT_POINTS', [...frame.path, 'redeemPoints'], 'Redeeming with an order is not available: expected 0.')
      : null);
  if (refusal) return refused(refusal);

  const shares = spread(discount, netValues(read));
  const tier = tierOf(program, state.periodSpendMinor);
  const lines = read.map((line, index): LineItem => {
    const rule = earningRule({ program, tier, optedIn: credited.optedIn, at: frame.at, storeId, coupons, line });
    return cartLine(line, { position: index + 1, share: shares[index] ?? 0, rule, at: frame.at });
  });
  const points = standingOf({ maximumPoints: program.maximumPoints, adjustmentMinor: 0, adjustmentPoints: 0 }, lines).retainedPoints;
  if (points + BigInt(credited.available) > BigInt(maximumBalance))
    return refused(
      refuse('INVALID_INPUT', [...frame.path, 'lineItems'], `A balance is at most ${maximumBalance} units: expected a smaller cart.`),
    );
  const earned = Number(points);
  const availableAfterOrder = credited.available + earned;
  const value = { valueMinor: pointsValueMinor(program, earned), valueAfterMinor: pointsValueMinor(program, availableAfterOrder) };
  const nothing = { redeemPoints: 0, maximumRedeemable: 0, heldAfterOrder: credited.held };
  return { kind: 'ACCEPTED', cart: { credited, points: earned, lines, availableAfterOrder, availableAt: frame.at, ...value, ...nothing } };
}

type CartLine = Pick<LineItem, 'productId' | 'lineKey' | 'quantity' | 'unitPriceMinor' | 'discountMinor' | 'categoryId'>;

/** A cart's line as the line of an order that is nowhere stored. */
function cartLine(
  line: ReturnType<typeof readLines>[number] & CartLine,
  given: { position: number; share: number; rule: LineItem['rule']; at: number },
): LineItem {
  const untouched = {
    shipped: 0,
    cancelled: 0,
    returned: 0,
    firstShippedAt: null,
    lastShippedAt: null,
    pointsAwarded: 0,
    pointsRemoved: 0,
  };
  return {
    ...line,
    ...untouched,
    orderId: '',
    position: given.position,
    discountShareMinor: given.share,
    rule: given.rule,
    orderDate: given.at,
  };
}
