// cartPoints: what a cart would earn now; the same reading and rules as an order, and nothing is kept.
import { agree, judgeNewLines, lineValue, readDiscount, readLines } from './agree-lines.ts';
import type { CartPointsInput } from './command.ts';
import { couponsOf } from './create-order.ts';
import { capped, type Occasion, pointsOf, spread, zeroReasonOf } from './earning.ts';
import { refuseBlocked, type Scene } from './effect.ts';
import { readDecimal, sum } from './fraction.ts';
import { capOf, currencyDecimals } from './program.ts';
import { readId } from './read-input.ts';
import { refuseIf } from './refusal.ts';
import { availableOf, earningView, money, pointsNumber } from './views.ts';
import { memberOf, primaryOf, programAt, standingAt, worthOf } from './world.ts';

export function cartPoints({ world, now }: Scene, input: CartPointsInput) {
  const program = programAt(world, now);
  const decimals = currencyDecimals(program);
  const userId = readId(input.userId);
  const discount = readDiscount(input.discount, decimals);
  const read = readLines(input.lineItems, program);
  const buyer = memberOf(world, userId).userId;
  const creditedTo = (program.secondaryMembers.earnForPrimary ? primaryOf(world, buyer) : null) ?? buyer;
  refuseBlocked(world, buyer, creditedTo);
  refuseIf(!program.purchase.configured, 'PURCHASE_ACTION_NOT_CONFIGURED');
  judgeNewLines(read, program);
  const values = read.map((line) => lineValue(line) - line.discount);
  refuseIf(discount > sum(values), 'INVALID_PRICE');
  refuseIf((readDecimal(input.redeemPoints ?? '0')?.n ?? 0n) > 0n, 'INSUFFICIENT_POINTS');
  const { level } = standingAt(world, creditedTo, now);
  const { optedIn } = memberOf(world, creditedTo);
  const occasion: Occasion = { program, at: now, level, optedIn, storeId: input.storeId ?? null, coupons: couponsOf(input.coupons) };
  const shares = spread(discount, values);
  const lines = read.map((line, index) => agree(line, shares[index] ?? 0n, occasion));
  const points = capped(sum(lines.map((line) => pointsOf(line, line.ordered))), capOf(program));
  const after = availableOf(world, creditedTo) + points;
  const scale = program.pointsScale;
  return {
    member: { userId: creditedTo },
    points: pointsNumber(points, scale),
    lineItems: lines.map((line) => ({
      productId: line.productId,
      lineKey: line.lineKey,
      quantity: line.ordered,
      unitPrice: money(line.unitPrice, decimals),
      points: pointsNumber(pointsOf(line, line.ordered), scale),
      earning: earningView(line.rule, zeroReasonOf(line)),
    })),
    pointsValue: money(worthOf(program, points), decimals),
    availableAfterOrder: pointsNumber(after, scale),
    heldAfterOrder: 0,
    valueAfterOrder: money(worthOf(program, after), decimals),
  };
}
