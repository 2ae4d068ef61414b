// adjustSpend: an administrator's credit or debit to the spend of an order; points and tier follow.
import type { SpendAdjustmentType } from './change.ts';
import { startCheck } from './check.ts';
import { decimalOf, formatDecimal } from './decimal.ts';
import { periodStart } from './member.ts';
import { maximumBalance } from './money.ts';
import type { Order } from './order.ts';
import { standingOf } from './order.ts';
import {
  answeredBefore,
  type CommandFrame,
  currentProgram,
  findOrder,
  guardNotBlocked,
  guardTransition,
  type OrderDecision,
  type OrderState,
  refused,
} from './order-command.ts';
import { adjustmentPoints, tierOf } from './points.ts';
import { post } from './posting.ts';
import type { Program } from './program.ts';
import { type Refusal, refuse } from './refusal.ts';

export type AdjustSpendInput = {
  readonly orderId: string;
  readonly type: SpendAdjustmentType;
  readonly amount: string;
  readonly reason: string;
  readonly adjustedBy: string;
  readonly idempotencyKey: string;
  readonly expectedVersion?: number | null | undefined;
};

/** Decides adjustSpend. Refuses a debit of more than the order's spend, and an order whose lines keep no value. */
export function adjustSpend(state: OrderState, frame: CommandFrame, input: AdjustSpendInput): OrderDecision {
  const program = currentProgram(state, frame);
  const check = startCheck(frame.path, program.currencyDigits);
  const key = check.id(['idempotencyKey'], input.idempotencyKey);
  const answered = check.fault() ? null : answeredBefore(state, frame);
  if (answered) return answered;
  check.id(['orderId'], input.orderId);
  const amountMinor = check.positiveAmount(['amount'], input.amount);
  const reason = check.text(['reason'], input.reason) ?? '';
  if (reason.trim() === '')
    check.report(refuse('REASON_REQUIRED', [...frame.path, 'reason'], 'Expected a reason, for whoever reads the statement.'));
  const adjustedBy = check.id(['adjustedBy'], input.adjustedBy);
  const fault = check.fault();
  if (fault) return refused(fault);
  const found = findOrder(state, frame, input.expectedVersion);
  if ('refusal' in found) return refused(found.refusal);
  const { order, lines, buyer, credited } = found.known;
  const refusal =
    guardNotBlocked([buyer, credited], [...frame.path, 'orderId']) ??
    (credited.optedIn
      ? null
      : refuse('MEMBER_OPTED_OUT', [...frame.path, 'orderId'], `Member ${credited.userId} has opted out: expected one who takes part.`)) ??
    guardTransition(order, 'ADJUST_SPEND', [...frame.path, 'orderId']) ??
    guardAmount(frame, program, order, input.type, amountMinor);
  if (refusal) return refused(refusal);

  const adjusted = adjustedOrder(order, program, input.type === 'CREDIT' ? amountMinor : 0 - amountMinor);
  const spendMoved = standingOf(adjusted, lines).spendMinor - order.spendMinor;
  const tierAfter = tierOf(program, state.periodSpendMinor + (isInPeriod(program, order, frame.at) ? spendMoved : 0));
  return post({
    state,
    frame,
    step: 'ADJUSTED',
    before: { order, lines },
    order: adjusted,
    lines,
    credited,
    entryType: 'SPEND_ADJUSTMENT',
    event: { type: 'SPEND_ADJUSTED', reason, occurredAt: frame.at, lines: [] },
    key,
    adjustment: {
      id: frame.newId,
      orderId: order.id,
      memberId: credited.id,
      type: input.type,
      amountMinor,
      reason,
      adjustedBy,
      tierBefore: tierOf(program, state.periodSpendMinor)?.name ?? null,
      tierAfter: tierAfter?.name ?? null,
      createdAt: frame.at,
    },
    pathOf: () => [...frame.path, 'amount'],
  });
}

function guardAmount(frame: CommandFrame, program: Program, order: Order, type: SpendAdjustmentType, amountMinor: number): Refusal | null {
  const path = [...frame.path, 'amount'];
  if (type === 'DEBIT' && amountMinor > order.spendMinor) {
    const most = formatDecimal(decimalOf(order.spendMinor, program.currencyDigits), program.currencyDigits);
    return refuse('ADJUSTMENT_EXCEEDS_SPEND', path, `The order's spend is ${most}: expected at most that.`);
  }
  return order.adjustmentMinor + amountMinor > maximumBalance ? refuse('INVALID_INPUT', path, 'Expected a smaller amount.') : null;
}

/** The order with its net adjustment moved; the points follow the rounding of the whole, so that adjustments do not drift either. */
function adjustedOrder(order: Order, program: Program, signedMinor: number): Order {
  const terms = {
    ratio: order.adjustmentRatio,
    digits: program.currencyDigits,
    scale: program.pointsScale,
    rounding: order.adjustmentRounding,
  };
  const net = order.adjustmentMinor + signedMinor;
  const points = adjustmentPoints(net, terms) - adjustmentPoints(order.adjustmentMinor, terms);
  return { ...order, adjustmentMinor: net, adjustmentPoints: order.adjustmentPoints + Number(points) };
}

function isInPeriod(program: Program, { orderDate }: Order, at: number): boolean {
  const start = periodStart(program, at);
  return (start === null || orderDate > start) && orderDate <= at;
}
