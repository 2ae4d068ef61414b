// What every command on an order has in common: its frame, the state it is decided on, and its outcome.
import type { Answer, Decision, SpendAdjustment } from './change.ts';
import { maturedBy } from './hold.ts';
import type { Instant } from './instant.ts';
import type { LineItem, OrderAction } from './line-item.ts';
import type { Lot, RedemptionPart } from './lot.ts';
import type { Member } from './member.ts';
import { holdTermsOf } from './movement.ts';
import { allowedActions, type Order, orderStatus } from './order.ts';
import { type Program, programAt } from './program.ts';
import { type InputPath, type Refusal, refuse, refuseConflict, type TransitionRefusal } from './refusal.ts';

/** What comes with a command besides its input: who, when, ids and where the input stands in the arguments. */
export type CommandFrame = {
  readonly siteId: string;
  readonly actor: string;
  /** The server's time. */
  readonly at: Instant;
  /** A fresh id, for the order or the spend adjustment that the command may make. */
  readonly newId: string;
  /** Digest of the normalised input. */
  readonly content: string;
  readonly path: InputPath;
};

/** Everything a decision on an order stands on, read inside its transaction. */
export type OrderState = {
  /** All versions of the site's program, in order. Never empty. */
  readonly programs: readonly Program[];
  readonly order: Order | null;
  /** The order's lines by position. */
  readonly lines: readonly LineItem[];
  readonly buyer: Member | null;
  /** The buyer's primary member now. */
  readonly primary: Member | null;
  /** Who earns: of the order, or of the order about to be created. */
  readonly credited: Member | null;
  /** What was answered under the command's key before. */
  readonly answer: Answer | null;
  /** Lots of the credited member, each once: those of the order, those its redemption was taken of, and those next to be spent, as far as the command can reach. */
  readonly lots: readonly Lot[];
  /** What the order's redemption took of each lot, in the order of spending. */
  readonly redemption: readonly RedemptionPart[];
  /** Spend of the credited member in the tier period that ends at the command's date, in minor units. */
  readonly periodSpendMinor: number;
};

/** What an accepted command made of the order. Points figures are of this command: nominal, not negative. */
export type OrderOutcome = {
  readonly order: Order;
  readonly lines: readonly LineItem[];
  readonly credited: Member;
  readonly pointsAwarded: number;
  readonly pointsRemoved: number;
  readonly adjustmentId: string | null;
  readonly adjustment: SpendAdjustment | null;
  readonly replayed: boolean;
  /** False when nothing came of it: a repeat, or a correction to what was so already. */
  readonly changed: boolean;
};

export type OrderDecision = Decision<OrderOutcome, Refusal>;

export const refused = (refusal: Refusal): { readonly kind: 'REFUSED'; readonly refusal: Refusal } => ({ kind: 'REFUSED', refusal });

/** The program version whose guards hold now. */
export const currentProgram = (state: { readonly programs: readonly Program[] }, frame: CommandFrame): Program =>
  programAt(state.programs, frame.at);

/** An order with the members it concerns. Their absence would be a broken foreign key. */
export type KnownOrder = { readonly order: Order; readonly lines: readonly LineItem[]; readonly buyer: Member; readonly credited: Member };

/** The guards that come first in every command on an existing order: a repeat is answered, a reused key refused, then existence and version. */
export function findOrder(
  state: OrderState,
  frame: CommandFrame,
  expectedVersion: number | null | undefined,
): { readonly known: KnownOrder } | { readonly refusal: Refusal } {
  const { order, lines, buyer, credited } = state;
  if (!order || !buyer || !credited)
    return { refusal: refuse('ORDER_NOT_FOUND', [...frame.path, 'orderId'], 'No order of the site has this orderId.') };
  if (expectedVersion !== null && expectedVersion !== undefined && expectedVersion !== order.version) {
    const message = `The order is at version ${order.version}, not ${expectedVersion}: read it again and decide anew.`;
    return { refusal: refuseConflict('VERSION_CONFLICT', [...frame.path, 'expectedVersion'], message, order) };
  }
  // What has come due without any points to release is matured here; points that are due are settled before every command.
  const settled = maturedBy(holdTermsOf(state.programs, order), lines, frame.at);
  return { known: { order, lines: settled, buyer, credited } };
}

/** The recorded answer of a repeat, or the refusal of a key that was used for something else; null for a new key. */
export function answeredBefore(state: OrderState, frame: CommandFrame): OrderDecision | null {
  const { answer, order, lines, credited } = state;
  if (!answer) return null;
  if (answer.content !== frame.content || !order || !credited) {
    const message = 'The key was used before, for another operation or other content: expected a new key.';
    return refused(refuseConflict('IDEMPOTENCY_KEY_REUSED', [...frame.path, 'idempotencyKey'], message, null));
  }
  const { pointsAwarded, pointsRemoved, adjustmentId } = answer;
  return unchanged({ order, lines, buyer: credited, credited }, { pointsAwarded, pointsRemoved, adjustmentId, replayed: true });
}

/** An accepted command that writes nothing but, perhaps, its answer. */
export function unchanged(
  { order, lines, credited }: KnownOrder,
  figures: { pointsAwarded: number; pointsRemoved: number; adjustmentId: string | null; replayed: boolean },
  changes: Extract<OrderDecision, { kind: 'ACCEPTED' }>['changes'] = [],
): OrderDecision {
  return {
    kind: 'ACCEPTED',
    changes,
    result: { order, lines, credited, ...figures, adjustment: null, changed: false },
  };
}

/** Refuses an action that the order does not allow; null when it does. */
export function guardTransition(order: Order, attempted: OrderAction, path: InputPath): TransitionRefusal | null {
  return allowedActions(order).includes(attempted) ? null : refuseTransition(order, attempted, path);
}

export function refuseTransition(order: Order, attempted: OrderAction, path: InputPath): TransitionRefusal {
  const [status, allowed] = [orderStatus(order), allowedActions(order)];
  const message = `The order is ${status}: ${attempted} has nothing to act on. Allowed: ${allowed.join(', ')}.`;
  return { kind: 'TRANSITION', code: 'INVALID_TRANSITION', message, path, status, attempted, allowedActions: allowed };
}

/** Refuses what only members in good standing may do; null when both buyer and credited member are. */
export function guardNotBlocked(members: readonly Member[], path: InputPath): Refusal | null {
  const blocked = members.find(({ status }) => status === 'BLOCKED');
  return blocked ? refuse('MEMBER_BLOCKED', path, `Member ${blocked.userId} is blocked: expected an active member.`) : null;
}
