// cartPoints: what a cart would earn if it were ordered now, by the very functions that place an order; writes nothing.
import { startCheck } from './check.ts';
import { guardContent, placeOrder, readOrder } from './create-order.ts';
import { dueInstants } from './hold.ts';
import type { Instant } from './instant.ts';
import { keptQuantity, type LineItem } from './line-item.ts';
import type { Member } from './member.ts';
import { holdTermsOf } from './movement.ts';
import type { LineItemInput } from './new-lines.ts';
import { type CommandFrame, currentProgram, guardNotBlocked, type OrderOutcome, type OrderState } from './order-command.ts';
import { maximumRedeemable, pointsValueMinor } from './redemption.ts';
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

/** Answers cartPoints for a cart that would be ordered now. */
export function cartPoints(state: OrderState, frame: CommandFrame, input: CartPointsInput): CartAnswer {
  const program = currentProgram(state, frame);
  const refused = (refusal: Refusal): CartAnswer => ({ kind: 'REFUSED', refusal });
  const check = startCheck(frame.path, program.currencyDigits);
  const read = readOrder(check, program, { ...input, orderId: 'cart' });
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
    guardContent(program, frame.path, read);
  if (refusal) return refused(refusal);
  const placed = placeOrder({ ...state, buyer, credited }, frame, read);
  if (placed.kind === 'REFUSED') return placed;
  const { credited: after, lines, pointsAwarded } = placed.result;
  return {
    kind: 'ACCEPTED',
    cart: {
      credited,
      points: pointsAwarded,
      lines,
      valueMinor: pointsValueMinor(program, pointsAwarded),
      redeemPoints: Number(read.redeemPoints),
      availableAfterOrder: after.available,
      heldAfterOrder: after.held,
      valueAfterMinor: pointsValueMinor(program, after.available),
      availableAt: availableAt(state, frame, placed.result),
      maximumRedeemable: maximumRedeemable(program, credited, lines),
    },
  };
}

/** When the points of an order that is placed now could be spent; null when its hold starts at shipping. */
function availableAt({ programs }: OrderState, { at }: CommandFrame, { order, lines }: OrderOutcome): Instant | null {
  if (lines.every((line) => line.matured === keptQuantity(line))) return at;
  return dueInstants(holdTermsOf(programs, order), lines)[0] ?? null;
}
