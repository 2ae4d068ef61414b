// Runs a command on an order and builds the answer that its payload is resolved from.
import type { Member } from '../../domain/member.ts';
import type { Order } from '../../domain/order.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { CommitOutcome, OrderWork } from '../../store/store.ts';
import type { GatewayContext } from '../context.ts';

/** What payloads of order commands show. Points in units of the scale, nominal, not negative. */
export type OrderAnswer = {
  readonly order: Order | null;
  readonly member: Member | null;
  readonly pointsAwarded: number;
  readonly pointsRemoved: number;
  readonly adjustmentId: string | null;
  readonly replayed: boolean;
  readonly userErrors: readonly Refusal[];
};

/** Commits one command, alone, and answers with the state after it. */
export async function runOrderCommand(context: GatewayContext, work: OrderWork, dryRun: boolean): Promise<OrderAnswer> {
  const [outcome] = await context.store.commit([work], 'EACH', { dryRun });
  context.loaders.forget();
  if (!outcome) throw new Error('A batch of one has one outcome.');
  return answerOf(context, outcome);
}

/** Takes an outcome into the request: later edges of the payload see what the command left. */
export function answerOf({ loaders, previews }: GatewayContext, outcome: CommitOutcome): OrderAnswer {
  if (outcome.kind !== 'ACCEPTED') {
    const userErrors = outcome.kind === 'REFUSED' ? [outcome.refusal] : [];
    return { order: null, member: null, pointsAwarded: 0, pointsRemoved: 0, adjustmentId: null, replayed: false, userErrors };
  }
  const { result, preview } = outcome;
  const { order, credited, adjustment, pointsAwarded, pointsRemoved, adjustmentId, replayed } = result;
  const figures = { pointsAwarded, pointsRemoved, replayed, userErrors: [] };
  if (preview) {
    const shown = previews.add(result, preview);
    return { ...figures, order: shown.order, member: shown.member, adjustmentId: shown.adjustmentId };
  }
  loaders.order().clear(order.id).prime(order.id, order);
  loaders.member().clear(credited.id).prime(credited.id, credited);
  if (adjustment) loaders.adjustment().prime(adjustment.id, adjustment);
  return { ...figures, order, member: credited, adjustmentId };
}
