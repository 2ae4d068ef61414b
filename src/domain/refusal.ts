// Refusals: the expected answers to a command that cannot be carried out, as values.
import type { OrderAction, OrderStatus } from './line-item.ts';

const inputCodes = [
  'INVALID_INPUT',
  'MEMBER_NOT_FOUND',
  'MEMBER_ALREADY_EXISTS',
  'MEMBER_BLOCKED',
  'MEMBER_OPTED_OUT',
  'ORDER_NOT_FOUND',
  'LINE_NOT_FOUND',
  'LINE_AMBIGUOUS',
  'LINE_KEY_REQUIRED',
  'LINE_KEY_DUPLICATE',
  'INVALID_PRICE',
  'INVALID_MONEY_SCALE',
  'CURRENCY_MISMATCH',
  'ORDER_DATE_REQUIRED',
  'DATE_OUT_OF_RANGE',
  'PURCHASE_ACTION_NOT_CONFIGURED',
  'REASON_REQUIRED',
  'ADJUSTMENT_EXCEEDS_SPEND',
  'INSUFFICIENT_POINTS',
  'REDEMPTION_EXCEEDS_TOTAL',
  'NOT_A_SECONDARY_MEMBER',
  'MEMBER_ALREADY_LINKED',
  'BULK_LIMIT',
  'FORBIDDEN',
] as const;
export type InputCode = (typeof inputCodes)[number];
export type QuantityCode = 'QUANTITY_EXCEEDED' | 'INVALID_QUANTITY';
export type ConflictCode = 'ORDER_ID_CONFLICT' | 'VERSION_CONFLICT' | 'IDEMPOTENCY_KEY_REUSED';
export type RefusalCode = InputCode | QuantityCode | ConflictCode | 'INVALID_TRANSITION';

/** Where in the arguments the fault is, e.g. ["input", "lineItems", "2", "quantity"]. */
export type InputPath = readonly string[];

export type InputRefusal = { readonly kind: 'INPUT'; readonly code: InputCode; readonly message: string; readonly path: InputPath };
export type TransitionRefusal = {
  readonly kind: 'TRANSITION';
  readonly code: 'INVALID_TRANSITION';
  readonly message: string;
  readonly path: InputPath;
  readonly status: OrderStatus;
  readonly attempted: OrderAction;
  readonly allowedActions: readonly OrderAction[];
};
export type QuantityRefusal = {
  readonly kind: 'QUANTITY';
  readonly code: QuantityCode;
  readonly message: string;
  readonly path: InputPath;
  readonly requested: number;
  readonly minimum: number;
  readonly maximum: number;
};
export type ConflictRefusal = {
  readonly kind: 'CONFLICT';
  readonly code: ConflictCode;
  readonly message: string;
  readonly path: InputPath;
  readonly currentVersion: number | null;
  /** The order in the way, by its internal id; null when there is none. */
  readonly orderId: string | null;
};

/** Says what was wrong, where, and what would be right. Carries no changes: a refused command writes nothing. */
export type Refusal = InputRefusal | TransitionRefusal | QuantityRefusal | ConflictRefusal;

export const refuse = (code: InputCode, path: InputPath, message: string): InputRefusal => ({ kind: 'INPUT', code, message, path });

/** The largest number that the answer can show; a sum of requested quantities may go beyond it. */
const largestShown = 2 ** 31 - 1;

export const refuseQuantity = (
  code: QuantityCode,
  path: InputPath,
  { requested, minimum, maximum }: { requested: number; minimum: number; maximum: number },
): QuantityRefusal => ({
  kind: 'QUANTITY',
  code,
  message:
    code === 'QUANTITY_EXCEEDED'
      ? `${requested} is more than is left: at most ${maximum}.`
      : `${requested} is not a possible quantity: expected ${minimum} to ${maximum}.`,
  path,
  requested: Math.min(requested, largestShown),
  minimum: Math.min(minimum, largestShown),
  maximum: Math.min(maximum, largestShown),
});

export const refuseConflict = (
  code: ConflictCode,
  path: InputPath,
  message: string,
  order: { id: string; version: number } | null,
): ConflictRefusal => ({
  kind: 'CONFLICT',
  code,
  message,
  path,
  currentVersion: order?.version ?? null,
  orderId: order?.id ?? null,
});
