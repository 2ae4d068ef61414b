// A refusal of the oracle, thrown by the guards: the naive model stops at the first fault it meets.
import type { OrderAction } from './command.ts';

export type ErrorCode =
  | 'INVALID_INPUT'
  | 'MEMBER_NOT_FOUND'
  | 'MEMBER_ALREADY_EXISTS'
  | 'MEMBER_BLOCKED'
  | 'MEMBER_OPTED_OUT'
  | 'ORDER_NOT_FOUND'
  | 'ORDER_ID_CONFLICT'
  | 'LINE_NOT_FOUND'
  | 'LINE_AMBIGUOUS'
  | 'LINE_KEY_REQUIRED'
  | 'LINE_KEY_DUPLICATE'
  | 'INVALID_TRANSITION'
  | 'QUANTITY_EXCEEDED'
  | 'INVALID_QUANTITY'
  | 'INVALID_PRICE'
  | 'INVALID_MONEY_SCALE'
  | 'CURRENCY_MISMATCH'
  | 'ORDER_DATE_REQUIRED'
  | 'DATE_OUT_OF_RANGE'
  | 'VERSION_CONFLICT'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'PURCHASE_ACTION_NOT_CONFIGURED'
  | 'REASON_REQUIRED'
  | 'ADJUSTMENT_EXCEEDS_SPEND'
  | 'INSUFFICIENT_POINTS'
  | 'REDEMPTION_EXCEEDS_TOTAL'
  | 'NOT_A_SECONDARY_MEMBER'
  | 'MEMBER_ALREADY_LINKED'
  | 'BULK_LIMIT';

/** What a client is told beyond the code; only what the rules fix is stated, and only what is stated is compared. */
export type RefusalDetail = {
  readonly requested?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly status?: string;
  readonly attempted?: OrderAction;
  readonly allowedActions?: readonly OrderAction[];
  readonly currentVersion?: number;
  readonly order?: { readonly orderId: string } | null;
};
export type UserError = RefusalDetail & { readonly __typename: string; readonly code: ErrorCode; readonly retryable: boolean };

export class Refused extends Error {
  readonly code: ErrorCode;
  readonly detail: RefusalDetail;

  constructor(code: ErrorCode, detail: RefusalDetail = {}) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

export function refuseIf(condition: boolean, code: ErrorCode, detail?: RefusalDetail): void {
  if (condition) throw new Refused(code, detail);
}

const kinds: ReadonlyMap<ErrorCode, string> = new Map([
  ['INVALID_TRANSITION', 'TransitionError'],
  ['QUANTITY_EXCEEDED', 'QuantityError'],
  ['INVALID_QUANTITY', 'QuantityError'],
  ['ORDER_ID_CONFLICT', 'ConflictError'],
  ['VERSION_CONFLICT', 'ConflictError'],
  ['IDEMPOTENCY_KEY_REUSED', 'ConflictError'],
]);

/** Only a conflict of versions is worth another try: after a fresh read it can succeed. */
export const userErrorOf = ({ code, detail }: Refused): UserError => ({
  __typename: kinds.get(code) ?? 'InputError',
  code,
  retryable: code === 'VERSION_CONFLICT',
  ...detail,
});
