// SQLite: opens, migrates and runs; one connection that writes, one that reads.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate as runMigrations } from 'drizzle-orm/better-sqlite3/migrator';
import type { Decision } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import { type Member, periodStart } from '../domain/member.ts';
import type { OrderOutcome, OrderState } from '../domain/order-command.ts';
import { programAt } from '../domain/program.ts';
import { settle } from '../domain/settlement.ts';
import { loadMemberState, loadOrderState, loadSettlement } from './load-state.ts';
import { prepareReadiness } from './readiness.ts';
import { prepareReads, type Rows } from './reads.ts';
import { teachPlanner } from './statistics.ts';
import type { CommitOutcome, CommitPolicy, OrderPreview, OrderScope, OrderWork, Reads, Store } from './store.ts';
import { prepareClock, prepareWrites } from './writes.ts';

const migrationsFolder = join(import.meta.dirname, '../../drizzle/sqlite');
/** How many commands of a bulk call are written in one go before others get their turn. */
const sliceSize = 25;

export type SqliteOptions = {
  /** A file, or ":memory:" for a private temporary file that is removed on close. */
  readonly database: string;
  /** Told of each statement, before it runs. */
  readonly onStatement?: (sql: string) => void;
};

function connect(file: string, readonly: boolean): Database.Database {
  const connection = new Database(file, { readonly, timeout: 10_000 });
  // FULL is set on every connection: the default in WAL mode can lose the last commits with the power.
  if (!readonly) connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  // SQLite's own knows ASCII only; with this one names compare without regard to case in every script.
  connection.function('lower', { deterministic: true }, (text) => (typeof text === 'string' ? text.toLowerCase() : null));
  return connection;
}

/** Brings a database file to the newest tables. Foreign keys rest meanwhile, since a rebuilt table would trip them, and are checked after. */
export function migrateSqlite(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const connection = connect(file, false);
  try {
    connection.pragma('foreign_keys = OFF');
    runMigrations(drizzle(connection), { migrationsFolder });
    const broken = connection.pragma('foreign_key_check');
    if (Array.isArray(broken) && broken.length > 0) throw new Error(`The migrated database breaks ${broken.length} foreign keys.`);
    teachPlanner(connection);
  } finally {
    connection.close();
  }
}

/** Opens a migrated store. */
export function openSqlite({ database, onStatement }: SqliteOptions): Store {
  const folder = database === ':memory:' ? mkdtempSync(join(tmpdir(), 'orders-')) : null;
  const file = folder ? join(folder, 'orders.db') : database;
  migrateSqlite(file);
  const logger = onStatement ? { logger: { logQuery: onStatement } } : {};
  const writer = connect(file, false);
  const reader = connect(file, true);
  const read = prepareReads(drizzle(reader, logger));
  const rows = prepareReads(drizzle(writer, logger));
  const write = prepareWrites(drizzle(writer, logger));
  const setClock = prepareClock(drizzle(writer, logger));
  const isReady = prepareReadiness(reader, migrationsFolder);
  const removeFolder = (): void => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', removeFolder);

  /** Decides and writes one command under a savepoint of its own; what throws undoes the whole slice. */
  const run = writer.transaction(<Result, Refused>(siteId: string, decide: () => Decision<Result, Refused>): Decision<Result, Refused> => {
    const decision = decide();
    if (decision.kind === 'ACCEPTED') for (const change of decision.changes) write(siteId, change);
    return decision;
  });
  /** Settles what is due of a member; what cannot be done in one go is gone on with. Answers whether anything was. */
  const settleMember = (siteId: string, memberId: string, at: Instant): boolean => {
    let last: Member | null = null;
    for (;;) {
      const member = rows.membersById(siteId, [memberId])[0];
      if (!member || member.dueAt === null || member.dueAt > at) return last !== null;
      if (last?.dueAt === member.dueAt && last.entryCount === member.entryCount)
        throw new Error(`The settlement of member ${memberId} does not come to an end.`);
      for (const change of settle(loadSettlement(rows, siteId, member), at)) write(siteId, change);
      last = member;
    }
  };
  /** The state of a command, with everything settled that is due for whom it moves points of. */
  const settledState = (scope: OrderScope, onSettled: (memberId: string) => void): OrderState => {
    const state = loadOrderState(rows, scope);
    if (!state.credited || !settleMember(scope.siteId, state.credited.id, scope.at)) return state;
    onSettled(state.credited.id);
    return loadOrderState(rows, scope);
  };
  /** The state of a question: with everything settled that is due, and nothing of it written. */
  const settledView = (scope: OrderScope): OrderState => {
    const state = loadOrderState(read, scope);
    const { credited } = state;
    if (!credited || credited.dueAt === null || credited.dueAt > scope.at) return state;
    return inTransaction(
      () => settledState(scope, () => undefined),
      () => false,
    );
  };
  const runWork = (work: OrderWork, onSettled: (memberId: string) => void): CommitOutcome => {
    const state = settledState(work.scope, onSettled);
    const decision = run(work.scope.siteId, () => work.decide(state));
    if (decision.kind === 'REFUSED') return decision as Extract<CommitOutcome, { kind: 'REFUSED' }>; // The transaction helper forgets its type parameters.
    return { kind: 'ACCEPTED', result: decision.result as OrderOutcome, preview: null };
  };
  const inTransaction = <Result>(action: () => Result, keep: (result: Result) => boolean): Result => {
    writer.exec('begin immediate');
    try {
      const result = action();
      writer.exec(keep(result) ? 'commit' : 'rollback');
      return result;
    } catch (error) {
      if (writer.inTransaction) writer.exec('rollback');
      throw error;
    }
  };

  return {
    async commit(batch, policy, { dryRun = false } = {}) {
      const whole = policy === 'ALL' || dryRun;
      const outcomes: CommitOutcome[] = [];
      for (let start = 0; start < batch.length; start += whole ? batch.length : sliceSize) {
        const slice = whole ? batch : batch.slice(start, start + sliceSize);
        const isKept = (done: readonly CommitOutcome[]): boolean =>
          !dryRun && !(policy === 'ALL' && done.some(({ kind }) => kind === 'REFUSED'));
        if (start > 0) await setImmediate();
        const settled = new Map<string, OrderScope>();
        const done = inTransaction(() => {
          const ran = slice.map((work) => runWork(work, (memberId) => settled.set(memberId, work.scope)));
          return dryRun ? withPreviews(rows, slice, ran) : ran;
        }, isKept);
        outcomes.push(...done);
        // A refusal does not undo what had come due anyway.
        if (!isKept(done) && !dryRun)
          inTransaction(
            () => [...settled].map(([memberId, { siteId, at }]) => settleMember(siteId, memberId, at)),
            () => true,
          );
      }
      return undoneTogether(outcomes, policy);
    },
    async commitMember(scope, decide) {
      return inTransaction(
        () => run(scope.siteId, () => decide(loadMemberState(rows, scope))),
        () => true,
      ) as Awaited<ReturnType<Store['commitMember']>>; // The transaction helper forgets its type parameters.
    },
    async commitProgram(siteId, decide) {
      return inTransaction(
        () => run(siteId, () => decide({ programs: rows.programs(siteId), hasOrders: rows.hasOrders(siteId) })),
        () => true,
      ) as Awaited<ReturnType<Store['commitProgram']>>; // The transaction helper forgets its type parameters.
    },
    async settle(siteId, memberId, at) {
      inTransaction(
        () => settleMember(siteId, memberId, at),
        () => true,
      );
    },
    async setClockAhead(siteId, aheadMs) {
      return inTransaction(
        () => setClock(siteId, Math.max(aheadMs, rows.clockAhead(siteId))),
        () => true,
      );
    },
    reads: { ...readsOf(read), orderState: async (scope) => settledView(scope) },
    isReady: async () => isReady(),
    async close() {
      reader.close();
      // Whoever else reads the file keeps it from being emptied: that is not waited for as long as for a write.
      writer.pragma('busy_timeout = 500');
      writer.pragma('wal_checkpoint(TRUNCATE)');
      writer.close();
      removeFolder();
      process.removeListener('exit', removeFolder);
    },
  };
}

/** Under ALL, a refusal undoes its neighbours: what was good is SKIPPED. */
function undoneTogether(outcomes: readonly CommitOutcome[], policy: CommitPolicy): readonly CommitOutcome[] {
  if (policy === 'EACH' || outcomes.every(({ kind }) => kind !== 'REFUSED')) return outcomes;
  return outcomes.map((outcome) => (outcome.kind === 'ACCEPTED' ? { kind: 'SKIPPED' } : outcome));
}

/** What the orders show inside the transaction of a dry run, before it is undone: each is read once, however many rows touch it. */
function withPreviews(rows: Rows, batch: readonly OrderWork[], outcomes: readonly CommitOutcome[]): readonly CommitOutcome[] {
  const previews = new Map<string, OrderPreview>();
  return outcomes.map((outcome, index) => {
    const scope = batch[index]?.scope;
    if (outcome.kind !== 'ACCEPTED' || !scope) return outcome;
    const { id } = outcome.result.order;
    const preview = previews.get(id) ?? previewOf(rows, outcome.result, scope.at);
    previews.set(id, preview);
    return { ...outcome, preview };
  });
}

function previewOf(rows: Rows, { order, credited }: OrderOutcome, at: Instant): OrderPreview {
  const { siteId, id } = order;
  const after = periodStart(programAt(rows.programs(siteId), at), at);
  return {
    events: rows.eventsOfOrder(siteId, id),
    entries: rows.entriesOfOrder(siteId, id),
    adjustments: rows.adjustmentsOfOrder(siteId, id),
    lots: rows.openLots(siteId, credited.id),
    periodSpendMinor: rows.periodSpend(siteId, [credited.id], after, at).get(credited.id) ?? 0,
  };
}

/** The same reads behind the asynchronous port, so that callers do not know the engine. */
function readsOf(rows: Rows): Omit<Reads, 'orderState'> {
  return {
    programs: async (siteId) => rows.programs(siteId),
    programVersions: async (siteId, page) => rows.programVersions(siteId, page),
    programVersionsByNumber: async (siteId, versions) => rows.programVersionsByNumber(siteId, versions),
    countProgramVersions: async (siteId) => rows.countProgramVersions(siteId),
    ordersById: async (siteId, ids) => rows.ordersById(siteId, ids),
    ordersByOrderId: async (siteId, ids) => rows.ordersByOrderId(siteId, ids),
    membersById: async (siteId, ids) => rows.membersById(siteId, ids),
    membersByUserId: async (siteId, ids) => rows.membersByUserId(siteId, ids),
    linksOfSecondaries: async (siteId, ids) => rows.linksOfSecondaries(siteId, ids),
    secondariesEver: async (siteId, id) => rows.secondariesEver(siteId, id),
    linesByKey: async (siteId, keys) => rows.linesByKey(siteId, keys),
    entriesByKey: async (siteId, keys) => rows.entriesByKey(siteId, keys),
    lotsByKey: async (siteId, keys) => rows.lotsByKey(siteId, keys),
    expiring: async (siteId, ids, upTo) => rows.expiring(siteId, ids, upTo),
    dueMembers: async (siteId, at, limit) => rows.dueMembers(siteId, at, limit),
    sites: async () => rows.sites(),
    clockAhead: async (siteId) => rows.clockAhead(siteId),
    eventsByKey: async (siteId, keys) => rows.eventsByKey(siteId, keys),
    entriesOfEvents: async (siteId, keys) => rows.entriesOfEvents(siteId, keys),
    adjustmentsById: async (siteId, ids) => rows.adjustmentsById(siteId, ids),
    periodSpend: async (siteId, ids, after, upTo) => rows.periodSpend(siteId, ids, after, upTo),
    list: async (siteId, kind, parentIds, page) => rows.lists.list(siteId, kind, parentIds, page),
    countList: async (siteId, kind, parentIds) => rows.lists.count(siteId, kind, parentIds),
    orders: async (siteId, criteria, sort, page) => rows.orders.page(siteId, criteria, sort, page),
    countOrders: async (siteId, criteria) => rows.orders.count(siteId, criteria),
    ordersOfMembers: async (siteId, memberIds, criteria, sort, page) => {
      const found = new Map<string, ReturnType<Rows['ordersById']>>(memberIds.map((id) => [id, []]));
      for (const order of rows.orders.pagePerMember(siteId, memberIds, criteria, sort, page)) found.get(order.memberId)?.push(order);
      return found;
    },
    countOrdersOfMembers: async (siteId, memberIds, criteria) => rows.orders.countPerMember(siteId, memberIds, criteria),
    members: async (siteId, criteria, page) => rows.members.page(siteId, criteria, page),
    countMembers: async (siteId, criteria) => rows.members.count(siteId, criteria),
  };
}
