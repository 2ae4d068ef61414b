// The store on a driver: what is done in which transaction, the same for every engine.
import { setImmediate } from 'node:timers/promises';
import type { OrderState } from '../domain/order-command.ts';
import { forAsker } from './asker.ts';
import { prepareChosenReads } from './chosen-reads.ts';
import { prepareCommands, type SliceOutcome } from './commands.ts';
import { prepareLeases } from './leases.ts';
import { loadMemberState, loadOrderState } from './load-state.ts';
import { assertLocked, prepareLocks } from './locks.ts';
import { prepareReads, type Rows } from './reads.ts';
import type { Asking, Engine } from './statement.ts';
import type { CommitOutcome, CommitPolicy, OrderScope, Reads, Store } from './store.ts';
import { DatabaseUnavailable, OutcomeUnknown } from './store-error.ts';
import { prepareClock, prepareWrites } from './writes.ts';

/** How many commands of a bulk call are written in one go before others get their turn. */
const sliceSize = 25;

type Answer<Result> = Result | Promise<Result>;

/** What an engine is driven by. */
export type Driver = {
  readonly engine: Engine;
  /** Runs a question. It may be begun anew, and so may one of a snapshot. */
  ask<Result>(question: () => Asking<Result>): Answer<Result>;
  /** Runs a question whose statements all see one moment. */
  snapshot<Result>(question: () => Asking<Result>): Answer<Result>;
  /** The same for a question that is given up, by TookTooLong, when it holds others up. */
  look<Result>(question: () => Asking<Result>): Answer<Result>;
  /**
   * Runs work in a transaction that nobody else's writes come into, and keeps what it wrote if `keep` says so. The work may be
   * begun anew, on what is there then, so it must do nothing beside what it yields.
   */
  transact<Result>(work: () => Asking<Result>, keep: (result: Result) => boolean): Answer<Result>;
  isReady(): Promise<boolean>;
  close(): Promise<void>;
};

const always = (): boolean => true;
const never = (): boolean => false;

export function createStore(driver: Driver): Store {
  const { engine, ask, snapshot, transact } = driver;
  const rows = prepareReads(engine);
  const { run, settleMember, settledState, runSlice } = prepareCommands(rows, prepareWrites(engine));
  const locks = prepareLocks(engine, rows);
  const leases = prepareLeases(engine);
  const setClock = prepareClock(engine);

  /** The state of a question: with everything settled that is due, and nothing of it written. */
  async function settledView(scope: OrderScope) {
    const view = forAsker(transact<OrderState>);
    const state = await snapshot(() => loadOrderState(rows, scope));
    const { credited } = state;
    if (!credited || credited.dueAt === null || credited.dueAt > scope.at) return state;
    return view(function* settled() {
      const locked = yield* locks.ofOrders([scope]);
      return yield* settledState(scope, locked, () => undefined);
    }, never);
  }

  /** Settles what had come due of members, which a refusal does not undo. */
  const settleAll = (settled: ReadonlyMap<string, OrderScope>) =>
    transact(function* settleEach() {
      for (const siteId of new Set([...settled.values()].map((scope) => scope.siteId))) yield* locks.ofMembers(siteId, [...settled.keys()]);
      for (const [memberId, { siteId, at }] of settled) yield* settleMember(siteId, memberId, at);
    }, always);

  return {
    async commit(batch, policy, { dryRun = false } = {}) {
      const whole = policy === 'ALL' || dryRun;
      const outcomes: CommitOutcome[] = [];
      const transactSlice = forAsker(transact<SliceOutcome>);
      const settleLater = forAsker(settleAll);
      for (let start = 0; start < batch.length; start += whole ? batch.length : sliceSize) {
        const slice = whole ? batch : batch.slice(start, start + sliceSize);
        const isKept = (done: readonly CommitOutcome[]): boolean =>
          !dryRun && !(policy === 'ALL' && done.some(({ kind }) => kind === 'REFUSED'));
        if (start > 0) await setImmediate();
        const done = await laterSlice(start, () =>
          transactSlice(
            function* runLocked() {
              const locked = yield* locks.ofOrders(slice.map(({ scope }) => scope));
              return yield* runSlice(slice, locked, dryRun);
            },
            (result) => isKept(result.outcomes),
          ),
        );
        outcomes.push(...done.outcomes);
        if (!isKept(done.outcomes) && !dryRun && done.settled.size > 0) await settleLater(done.settled);
      }
      return undoneTogether(outcomes, policy);
    },
    async commitMember(scope, decide) {
      return transact(function* runMember() {
        const locked = yield* locks.ofMember(scope);
        const state = yield* loadMemberState(rows, scope);
        assertLocked(locked, [state.member, state.primary]);
        return yield* run(scope.siteId, decide(state));
      }, always);
    },
    async commitProgram(siteId, decide) {
      return transact(function* runProgram() {
        yield* locks.ofProgram(siteId);
        return yield* run(siteId, decide({ programs: yield* rows.programs(siteId), hasOrders: yield* rows.hasOrders(siteId) }));
      }, always);
    },
    async settle(siteId, memberId, at, lease = null) {
      await transact(function* settleOne() {
        yield* leases.assertHeld(lease);
        yield* locks.ofMembers(siteId, [memberId]);
        yield* settleMember(siteId, memberId, at);
      }, always);
    },
    async takeLease(siteId, name, holder, forMs) {
      return transact(() => leases.take(siteId, name, holder, forMs), always);
    },
    async endLease(lease) {
      await transact(() => leases.end(lease), always);
    },
    async forget(siteId, before, limit, lease = null) {
      return transact(function* forgetSome() {
        yield* leases.assertHeld(lease);
        return yield* leases.forget(siteId, before, limit);
      }, always);
    },
    async setClockAhead(siteId, aheadMs) {
      return transact(function* moveClock() {
        yield* setClock(siteId, aheadMs);
        return yield* rows.clockAhead(siteId);
      }, always);
    },
    reads: { ...readsOf(rows, ask), orderState: settledView },
    chosen: { ...prepareChosenReads(engine), programs: rows.programs },
    look: (question) => driver.look(question),
    isReady: () => driver.isReady(),
    close: () => driver.close(),
  };
}

/** When the database is lost after slices that are written already, it is not true that nothing was done. */
async function laterSlice<Result>(start: number, write: () => Answer<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (start === 0 || !(error instanceof DatabaseUnavailable)) throw error;
    throw new OutcomeUnknown(`The first ${start} commands of a call were carried out, and not the others.`, { cause: error });
  }
}

/** Under ALL, a refusal undoes its neighbours: what was good is SKIPPED. */
function undoneTogether(outcomes: readonly CommitOutcome[], policy: CommitPolicy): readonly CommitOutcome[] {
  if (policy === 'EACH' || outcomes.every(({ kind }) => kind !== 'REFUSED')) return outcomes;
  return outcomes.map((outcome) => (outcome.kind === 'ACCEPTED' ? { kind: 'SKIPPED' } : outcome));
}

/** The reads behind the port, so that callers do not know the engine. */
function readsOf(rows: Rows, ask: Driver['ask']): Omit<Reads, 'orderState'> {
  return {
    programs: async (siteId) => ask(() => rows.programs(siteId)),
    programVersions: async (siteId, page) => ask(() => rows.programVersions(siteId, page)),
    programVersionsByNumber: async (siteId, versions) => ask(() => rows.programVersionsByNumber(siteId, versions)),
    countProgramVersions: async (siteId) => ask(() => rows.countProgramVersions(siteId)),
    ordersById: async (siteId, ids) => ask(() => rows.ordersById(siteId, ids)),
    ordersByOrderId: async (siteId, ids) => ask(() => rows.ordersByOrderId(siteId, ids)),
    membersById: async (siteId, ids) => ask(() => rows.membersById(siteId, ids)),
    membersByUserId: async (siteId, ids) => ask(() => rows.membersByUserId(siteId, ids)),
    linksOfSecondaries: async (siteId, ids) => ask(() => rows.linksOfSecondaries(siteId, ids)),
    secondariesEver: async (siteId, id) => ask(() => rows.secondariesEver(siteId, id)),
    linesByKey: async (siteId, keys) => ask(() => rows.linesByKey(siteId, keys)),
    entriesByKey: async (siteId, keys) => ask(() => rows.entriesByKey(siteId, keys)),
    lotsByKey: async (siteId, keys) => ask(() => rows.lotsByKey(siteId, keys)),
    expiring: async (siteId, ids, upTo) => ask(() => rows.expiring(siteId, ids, upTo)),
    dueMembers: async (siteId, at, limit) => ask(() => rows.dueMembers(siteId, at, limit)),
    sites: async () => ask(() => rows.sites()),
    clockAhead: async (siteId) => ask(() => rows.clockAhead(siteId)),
    eventsByKey: async (siteId, keys) => ask(() => rows.eventsByKey(siteId, keys)),
    entriesOfEvents: async (siteId, keys) => ask(() => rows.entriesOfEvents(siteId, keys)),
    adjustmentsById: async (siteId, ids) => ask(() => rows.adjustmentsById(siteId, ids)),
    periodSpend: async (siteId, ids, after, upTo) => ask(() => rows.periodSpend(siteId, ids, after, upTo)),
    list: async (siteId, kind, parentIds, page) => ask(() => rows.lists.list(siteId, kind, parentIds, page)),
    countList: async (siteId, kind, parentIds) => ask(() => rows.lists.count(siteId, kind, parentIds)),
    orders: async (siteId, criteria, sort, page) => ask(() => rows.orders.page(siteId, criteria, sort, page)),
    countOrders: async (siteId, criteria) => ask(() => rows.orders.count(siteId, criteria)),
    ordersOfMembers: async (siteId, ids, criteria, sort, page) => ask(() => rows.orders.pagePerMember(siteId, ids, criteria, sort, page)),
    countOrdersOfMembers: async (siteId, ids, criteria) => ask(() => rows.orders.countPerMember(siteId, ids, criteria)),
    members: async (siteId, criteria, page) => ask(() => rows.members.page(siteId, criteria, page)),
    countMembers: async (siteId, criteria) => ask(() => rows.members.count(siteId, criteria)),
  };
}
