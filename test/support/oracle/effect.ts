// What an accepted command did: the world after it and the figures of its payload; and the answers to keys used before.

import type { OrderCommand } from './command.ts';
import { contentOf } from './content.ts';
import { greatest } from './fraction.ts';
import { allowedActionsOf, stateOf, withFact } from './ledger.ts';
import { statusOf, sumsOf } from './line.ts';
import type { Deed, Order } from './order.ts';
import { withPosting } from './posting.ts';
import { readId } from './read-input.ts';
import { Refused, refuseIf } from './refusal.ts';
import { memberOf, orderOf, type RecordedAnswer, type World } from './world.ts';

export type Effect = {
  readonly world: World;
  readonly verdict: 'accepted' | 'replayed' | 'unchanged';
  readonly orderId: string;
  readonly pointsAwarded: bigint;
  readonly pointsRemoved: bigint;
  readonly adjustment: number | null;
};
export type Scene = { readonly world: World; readonly now: number };
type KeyedCommand = Exclude<OrderCommand, { readonly kind: 'createOrder' }>;

/** The recorded answer when the key was used for the same content; refused when for another. */
export function replayOf(world: World, command: KeyedCommand): Effect | null {
  const recorded = world.answers.get(readId(command.input.idempotencyKey));
  if (recorded === undefined) return null;
  refuseIf(recorded.content !== contentOf(command), 'IDEMPOTENCY_KEY_REUSED');
  return { ...recorded, world, verdict: 'replayed' };
}

const record = (world: World, command: KeyedCommand, answer: Omit<RecordedAnswer, 'content'>): World => ({
  ...world,
  answers: new Map(world.answers).set(command.input.idempotencyKey.trim(), { ...answer, content: contentOf(command) }),
});

/** Adds the deed to the order, books its points and records the answer under the key. */
export function effectOf({ world, now }: Scene, command: KeyedCommand, order: Order, deed: Deed): Effect {
  const after = withFact(order, { ...deed, now });
  const { lastDelta, adjustments } = stateOf(after);
  const answer = {
    orderId: order.orderId,
    pointsAwarded: greatest(lastDelta, 0n),
    pointsRemoved: greatest(-lastDelta, 0n),
    adjustment: deed.kind === 'adjusted' ? adjustments.length - 1 : null,
  };
  return { ...answer, world: record(withPosting(world, after, now), command, answer), verdict: 'accepted' };
}

export function unchanged(world: World, command: KeyedCommand, order: Order): Effect {
  const answer = { orderId: order.orderId, pointsAwarded: 0n, pointsRemoved: 0n, adjustment: null };
  return { ...answer, world: record(world, command, answer), verdict: 'unchanged' };
}

/** The order of a command on an existing one, at the version that the client expects. */
export function expectedOrder(world: World, input: KeyedCommand['input']): Order {
  const order = orderOf(world, input.orderId.trim());
  const { expectedVersion } = input;
  const { version } = stateOf(order);
  const stale = expectedVersion !== null && expectedVersion !== undefined && expectedVersion !== version;
  refuseIf(stale, 'VERSION_CONFLICT', { currentVersion: version });
  return order;
}

export function refuseBlocked(world: World, ...userIds: readonly string[]): void {
  refuseIf(
    userIds.some((userId) => memberOf(world, userId).status === 'BLOCKED'),
    'MEMBER_BLOCKED',
  );
}

/** Refuses an action that the order does not allow now. */
export function refuseTransition(
  order: Order,
  attempted: 'SHIP' | 'RETURN' | 'CANCEL' | 'ADD' | 'CORRECT' | 'ADJUST_SPEND',
  also = false,
): void {
  const state = stateOf(order);
  const allowedActions = allowedActionsOf(state);
  if (!also && allowedActions.includes(attempted)) return;
  throw new Refused('INVALID_TRANSITION', { status: statusOf(sumsOf(state.lines)), attempted, allowedActions });
}
