// Changes: what a decision wants written, one statement each.
import type { LineItem } from './line-item.ts';
import type { Lot, RedemptionPart } from './lot.ts';
import type { Member, MemberLink } from './member.ts';
import type { Order } from './order.ts';

export const pointsEntryTypes = [
  'EARN',
  'RELEASE',
  'RETURN',
  'CANCEL',
  'CORRECTION',
  'SPEND_ADJUSTMENT',
  'REDEEM',
  'REDEEM_REVERSAL',
  'EXPIRE',
] as const;
export type PointsEntryType = (typeof pointsEntryTypes)[number];
export const orderEventTypes = [
  'CREATED',
  'SHIPPED',
  'RETURNED',
  'CANCELLED',
  'LINES_ADDED',
  'CORRECTED',
  'SPEND_ADJUSTED',
  'POINTS_RELEASED',
] as const;
export type OrderEventType = (typeof orderEventTypes)[number];

/** One line of a member's statement; never changed. Points in units of the scale, signed. */
export type PointsEntry = {
  readonly memberId: string;
  /** 1, 2, 3 ... in the member: with the member's id it is the entry's identity. */
  readonly sequence: number;
  readonly orderId: string | null;
  readonly position: number | null;
  readonly eventSequence: number | null;
  readonly adjustmentId: string | null;
  readonly type: PointsEntryType;
  /** Nominal: what the event was worth. */
  readonly points: number;
  readonly available: number;
  readonly held: number;
  readonly debt: number;
  readonly uncollected: number;
  readonly availableAfter: number;
  readonly heldAfter: number;
  readonly debtAfter: number;
  readonly actor: string;
  readonly reason: string | null;
  readonly expiresAt: number | null;
  readonly occurredAt: number;
  readonly recordedAt: number;
};

/** What happened to an order; `sequence` has no gaps. */
export type OrderEvent = {
  readonly orderId: string;
  readonly sequence: number;
  readonly type: OrderEventType;
  readonly actor: string;
  readonly reason: string | null;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly lines: readonly { readonly position: number; readonly quantity: number }[];
};

const spendAdjustmentTypes = ['CREDIT', 'DEBIT'] as const;
export type SpendAdjustmentType = (typeof spendAdjustmentTypes)[number];

/** An administrator's correction of an order's spend; never changed. */
export type SpendAdjustment = {
  readonly id: string;
  readonly orderId: string;
  readonly memberId: string;
  readonly eventSequence: number;
  readonly type: SpendAdjustmentType;
  readonly amountMinor: number;
  readonly reason: string;
  readonly adjustedBy: string;
  readonly points: number;
  readonly tierBefore: string | null;
  readonly tierAfter: string | null;
  readonly createdAt: number;
};

/** What a command answered, kept under its key so that a repeat is answered alike. */
export type Answer = {
  readonly key: string;
  readonly content: string;
  readonly orderId: string;
  readonly pointsAwarded: number;
  readonly pointsRemoved: number;
  readonly adjustmentId: string | null;
  readonly recordedAt: number;
};

export type Change =
  | { readonly kind: 'ORDER_CREATED'; readonly order: Order }
  | { readonly kind: 'ORDER_CHANGED'; readonly order: Order; readonly previousVersion: number }
  | { readonly kind: 'LINE_ADDED'; readonly line: LineItem }
  | { readonly kind: 'LINE_CHANGED'; readonly line: LineItem }
  | { readonly kind: 'MEMBER_ENROLLED'; readonly member: Member }
  /** By a command on the member. */
  | { readonly kind: 'MEMBER_CHANGED'; readonly member: Member; readonly previousRevision: number }
  /** By a command on an order, or by what came due: balances, spend, and when something is due again. */
  | { readonly kind: 'BALANCES_CHANGED'; readonly member: Member; readonly previousRevision: number }
  | { readonly kind: 'MEMBER_LINKED'; readonly link: MemberLink }
  | { readonly kind: 'MEMBER_UNLINKED'; readonly link: MemberLink }
  | {
      readonly kind: 'SPEND_MOVED';
      readonly memberId: string;
      readonly orderId: string;
      readonly orderDate: number;
      readonly spendMinor: number;
      readonly byMinor: number;
    }
  | { readonly kind: 'ENTRY_POSTED'; readonly entry: PointsEntry }
  | { readonly kind: 'LOT_ADDED'; readonly lot: Lot }
  | { readonly kind: 'LOT_CHANGED'; readonly lot: Lot }
  | { readonly kind: 'REDEMPTION_ADDED'; readonly part: RedemptionPart }
  | { readonly kind: 'REDEMPTION_CHANGED'; readonly part: RedemptionPart }
  | {
      /** The next release of an order moves from one instant to another; null: there is none. */
      readonly kind: 'RELEASE_PLANNED';
      readonly memberId: string;
      readonly orderId: string;
      readonly from: number | null;
      readonly to: number | null;
    }
  | { readonly kind: 'EVENT_RECORDED'; readonly event: OrderEvent }
  | { readonly kind: 'ADJUSTMENT_RECORDED'; readonly adjustment: SpendAdjustment }
  | { readonly kind: 'ANSWER_RECORDED'; readonly answer: Answer }
  | {
      readonly kind: 'PROGRAM_ADDED';
      readonly version: number;
      readonly effectiveFrom: number;
      readonly file: string;
      readonly actor: string;
      readonly createdAt: number;
    };

/** Every change belongs to the site of the command. */
export type Decision<Result, Refused> =
  | { readonly kind: 'ACCEPTED'; readonly changes: readonly Change[]; readonly result: Result }
  | { readonly kind: 'REFUSED'; readonly refusal: Refused };
