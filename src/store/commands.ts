// Commands, as they run inside a transaction of either engine: what is due is settled, the state is read, the decision made and written.
import type { Decision } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import { type Member, periodStart } from '../domain/member.ts';
import type { OrderOutcome, OrderState } from '../domain/order-command.ts';
import { programAt } from '../domain/program.ts';
import { settle } from '../domain/settlement.ts';
import { loadOrderState, loadSettlement } from './load-state.ts';
import { assertLocked, type Locked } from './locks.ts';
import type { Rows } from './reads.ts';
import type { Asking } from './statement.ts';
import type { CommitOutcome, OrderPreview, OrderScope, OrderWork } from './store.ts';
import type { prepareWrites } from './writes.ts';

/** What commands of a slice came to, and whom something was settled of on the way. */
export type SliceOutcome = { readonly outcomes: readonly CommitOutcome[]; readonly settled: ReadonlyMap<string, OrderScope> };

export function prepareCommands(rows: Rows, writeChanges: ReturnType<typeof prepareWrites>) {
  /** Decides and writes. What throws undoes the whole transaction. */
  function* run<Result, Refused>(siteId: string, decision: Decision<Result, Refused>): Asking<Decision<Result, Refused>> {
    if (decision.kind === 'ACCEPTED') yield* writeChanges(siteId, decision.changes);
    return decision;
  }

  /** Settles what is due of a member; what cannot be done in one go is gone on with. Answers whether anything was. */
  function* settleMember(siteId: string, memberId: string, at: Instant): Asking<boolean> {
    let last: Member | null = null;
    for (;;) {
      const member: Member | undefined = (yield* rows.membersById(siteId, [memberId]))[0];
      if (!member || member.dueAt === null || member.dueAt > at) return last !== null;
      if (last?.dueAt === member.dueAt && last.entryCount === member.entryCount)
        throw new Error(`The settlement of member ${memberId} does not come to an end.`);
      yield* writeChanges(siteId, settle(yield* loadSettlement(rows, siteId, member), at));
      last = member;
    }
  }

  /** The state of a command, with everything settled that is due for whom it moves points of. */
  function* settledState(scope: OrderScope, locked: Locked, onSettled: (memberId: string) => void): Asking<OrderState> {
    const state = yield* loadOrderState(rows, scope);
    const { buyer, primary, credited } = state;
    assertLocked(locked, [buyer, primary, credited]);
    // Mostly nothing is due, which the state tells already.
    if (credited && (credited.dueAt === null || credited.dueAt > scope.at)) return state;
    if (!credited || !(yield* settleMember(scope.siteId, credited.id, scope.at))) return state;
    onSettled(credited.id);
    return yield* loadOrderState(rows, scope);
  }

  function* runWork(work: OrderWork, locked: Locked, onSettled: (memberId: string) => void): Asking<CommitOutcome> {
    const state = yield* settledState(work.scope, locked, onSettled);
    const decision = yield* run(work.scope.siteId, work.decide(state));
    if (decision.kind === 'REFUSED') return decision;
    return { kind: 'ACCEPTED', result: decision.result, preview: null };
  }

  /** What an order shows inside the transaction of a dry run, before it is undone. */
  function* previewOf({ order, credited }: OrderOutcome, at: Instant): Asking<OrderPreview> {
    const { siteId, id } = order;
    const after = periodStart(programAt(yield* rows.programs(siteId), at), at);
    return {
      events: yield* rows.eventsOfOrder(siteId, id),
      entries: yield* rows.entriesOfOrder(siteId, id),
      adjustments: yield* rows.adjustmentsOfOrder(siteId, id),
      lots: yield* rows.openLots(siteId, credited.id),
      periodSpendMinor: (yield* rows.periodSpend(siteId, [credited.id], after, at)).get(credited.id) ?? 0,
    };
  }

  /** Outcomes with what their orders show; each order is read once, however many rows touch it. */
  function* withPreviews(batch: readonly OrderWork[], outcomes: readonly CommitOutcome[]): Asking<readonly CommitOutcome[]> {
    const previews = new Map<string, OrderPreview>();
    const shown: CommitOutcome[] = [];
    for (const [index, outcome] of outcomes.entries()) {
      const scope = batch[index]?.scope;
      if (outcome.kind !== 'ACCEPTED' || !scope) {
        shown.push(outcome);
        continue;
      }
      const { id } = outcome.result.order;
      const preview = previews.get(id) ?? (yield* previewOf(outcome.result, scope.at));
      previews.set(id, preview);
      shown.push({ ...outcome, preview });
    }
    return shown;
  }

  return {
    run,
    settleMember,
    settledState,
    /** Runs commands one after the other; a later one sees what an earlier one did. */
    *runSlice(slice: readonly OrderWork[], locked: Locked, dryRun: boolean): Asking<SliceOutcome> {
      const settled = new Map<string, OrderScope>();
      const outcomes: CommitOutcome[] = [];
      for (const work of slice) outcomes.push(yield* runWork(work, locked, (memberId) => settled.set(memberId, work.scope)));
      return { outcomes: dryRun ? yield* withPreviews(slice, outcomes) : outcomes, settled };
    },
  };
}
