// PostgreSQL: opens, migrates and runs; a pool of connections, and transactions that are begun anew where others came in between.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { PgDialect } from 'drizzle-orm/pg-core';
import { Client, type ClientConfig, type PoolClient } from 'pg';
import { packageFolder } from '../package-folder.ts';
import { forAsker } from './asker.ts';
import { createStore, type Driver } from './create-store.ts';
import { type Failure, failureOf, isCommitUndone, reasonOf } from './postgres-failure.ts';
import { createConnections } from './postgres-pool.ts';
import { newestMigration } from './readiness.ts';
import { postgresWords } from './sql-words.ts';
import { type Answered, type Asking, createEngine, type Engine, type Statement, type Values, valuesOf } from './statement.ts';
import type { Store } from './store.ts';
import { DatabaseUnavailable, OutcomeUnknown } from './store-error.ts';

export const migrationsFolder = join(packageFolder, 'drizzle/postgres');
/** Whoever migrates has this lock; a number of our own. */
const migrationLock = 7_203_114_957;
/** How often a transaction is begun before it is given up because others come in between. */
const mostConflicts = 20;
/** What the server gives up in time is told by it: the connection is given up a little later. */
const graceMs = 500;
const newerMigrations = 'select count(*) as found from drizzle.__drizzle_migrations where created_at >= $1';

export type PostgresOptions = {
  /** postgres://user:password@host:port/database, with the parameters that libpq knows. */
  readonly url: string;
  /** The most connections. */
  readonly connections?: number;
  /** After how many milliseconds what is asked is given up: with the wait for a connection, for locks, and with what is tried again. */
  readonly timeoutMs?: number;
  /** Told of each statement, before it runs. */
  readonly onStatement?: ((sql: string) => void) | undefined;
  /** Told of each transaction that is begun anew, and why. */
  readonly onRetry?: ((reason: string) => void) | undefined;
};

const render = new PgDialect();

/** What makes statements for PostgreSQL. */
export const postgresEngine: Engine = createEngine((query) => render.sqlToQuery(query), postgresWords);

/** int8, int2, int4 and numeric, by the numbers that PostgreSQL has for them. */
const numbers = [20, 21, 23, 1700];
const boolean = 16;
/** Numbers are whole and below 2^53 wherever they are stored; everything else is text, as it is in SQLite. */
const types = {
  getTypeParser: (oid: number) => (text: string) => (numbers.includes(oid) ? Number(text) : oid === boolean ? text === 't' : text),
};

/** What every connection of ours is made with. */
export const clientSettings: ClientConfig = {
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
  application_name: 'loyalty-orders-gateway',
  types: types as ClientConfig['types'] & object, // Its type wants a parser for each way of being sent; ours is sent as text only.
};

function settingsOf(url: string, timeoutMs: number): ClientConfig {
  return {
    ...clientSettings,
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    // What the server gives up, and a little later what it does not answer to.
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs + graceMs,
    // Whoever is cut off in the middle of a transaction does not keep its locks for longer.
    idle_in_transaction_session_timeout: timeoutMs,
    keepAliveInitialDelayMillis: 10_000,
  };
}

/** Whether a database has all migrations: then nothing is locked, and no right to make tables is needed. */
async function isMigrated(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ at: string | null }>("select to_regclass('drizzle.__drizzle_migrations') as at");
  if (rows[0]?.at === null) return false;
  const newer = await client.query<{ found: number }>(newerMigrations, [newestMigration(migrationsFolder)]);
  return (newer.rows[0]?.found ?? 0) > 0;
}

/** Brings a database to the newest tables. Of several who begin at once, one does it and the others wait. */
export async function migratePostgres(url: string): Promise<void> {
  // A migration may take its time.
  const client = new Client({ ...clientSettings, connectionString: url });
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    throw new Error(`The database cannot be reached: ${reasonOf(error)}.`, { cause: error });
  });
  try {
    if (await isMigrated(client)) return;
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await migrate(drizzle(client), { migrationsFolder }).catch((error: unknown) => {
      // Drizzle's own message is the statement, without what was wrong with it.
      throw new Error(`The tables cannot be made: ${reasonOf(error instanceof Error ? (error.cause ?? error) : error)}.`, { cause: error });
    });
  } finally {
    // The lock ends with the connection.
    await client.end().catch(() => undefined);
  }
}

/** A name for a statement by which a server keeps it prepared: the same for the same text. */
const nameOf = (statement: Statement): string => createHash('sha256').update(statement.sql).digest('base64url').slice(0, 32);

/** PostgreSQL takes no text with NUL, and none is stored: who asks for one asks for nothing. */
const askable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(askable);
  return typeof value === 'string' && value.includes('\u0000') ? null : value;
};

type Connection = Pick<PoolClient, 'query'>;
type Step = { readonly statement: Statement; readonly values: Values };

/** Runs questions on a connection, waiting at each statement. */
function createRunner(onStatement: PostgresOptions['onStatement']) {
  const names = new WeakMap<Statement, string>();
  const named = (statement: Statement): { readonly name?: string } => {
    if (!statement.standing) return {};
    const name = names.get(statement) ?? nameOf(statement);
    names.set(statement, name);
    return { name };
  };
  async function answer(connection: Connection, { statement, values }: Step, withinMs: number): Promise<Answered> {
    const given = valuesOf(statement, values);
    const sent = {
      ...named(statement),
      text: statement.sql,
      values: statement.reads ? given.map(askable) : given,
      rowMode: 'array' as const,
      query_timeout: withinMs,
    };
    const { rows, rowCount } = await connection.query<unknown[]>(sent);
    return { rows, touched: rowCount ?? 0 };
  }
  /** For whoever asks now. All statements of a question together may take so many milliseconds. */
  return () => {
    const tell = onStatement && forAsker(onStatement);
    return async <Result>(connection: Connection, question: Asking<Result>, withinMs: number): Promise<Result> => {
      const until = performance.now() + withinMs;
      let step = question.next();
      while (!step.done) {
        tell?.(step.value.statement.sql);
        step = question.next(await answer(connection, step.value, Math.max(1, until - performance.now())));
      }
      return step.value;
    };
  };
}

/** Opens a migrated store. */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  await migratePostgres(options.url);
  return createStore(postgresDriver(options));
}

/** Drives a migrated database; it connects when it is first asked. */
export function postgresDriver({ url, connections: most = 10, timeoutMs = 10_000, onStatement, onRetry }: PostgresOptions): Driver {
  const connections = createConnections(settingsOf(url, timeoutMs), most);
  const runner = createRunner(onStatement);
  const newest = newestMigration(migrationsFolder);

  /** A read by itself. */
  const asked = <Result>(question: () => Asking<Result>, withinMs: number): Promise<Result> => {
    const run = runner();
    return connections.use(withinMs, (client) => run(client, question(), withinMs + graceMs));
  };

  /** A transaction, from its beginning to its end. */
  const begun = <Result>({ begin, work, keep }: Transaction<Result>, withinMs: number): Promise<Result> => {
    const run = runner();
    return connections.use(withinMs, async (client) => {
      await client.query(beginning(begin, withinMs, timeoutMs));
      let result: Result;
      try {
        result = await run(client, work(), withinMs + graceMs);
        if (!keep(result)) {
          await client.query('rollback');
          return result;
        }
      } catch (error) {
        if (failureOf(error).kind !== 'LOST') await client.query('rollback');
        throw error;
      }
      await commit(client);
      return result;
    });
  };

  /** Tries again what others came in between of, or what lost its connection before it was committed, as long as there is time. */
  async function retried<Result>(begin: (withinMs: number) => Promise<Result>): Promise<Result> {
    const attempt = forAsker(begin);
    const until = performance.now() + timeoutMs;
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt(Math.max(1, until - performance.now()));
      } catch (error) {
        const left = until - performance.now();
        const failure = failureOf(error);
        const given = givenUp(error, failure, left <= 0 || (failure.kind === 'CONFLICT' && attempts >= mostConflicts));
        if (given) throw given;
        onRetry?.(failure.reason);
        await wait(Math.min(left, Math.random() * Math.min(500, 5 * 2 ** attempts)));
      }
    }
  }

  const snapshot: Driver['snapshot'] = (work) =>
    // Nothing was written, so there is nothing to commit, of which it could be unknown whether it was.
    retried((withinMs) => begun({ begin: 'begin isolation level repeatable read read only', work, keep: () => false }, withinMs));

  return {
    engine: postgresEngine,
    ask: (question) => retried((withinMs) => asked(question, withinMs)),
    snapshot,
    // It waits for each statement, and others are served meanwhile.
    look: snapshot,
    transact: (work, keep) => retried((withinMs) => begun({ begin: 'begin isolation level read committed', work, keep }, withinMs)),
    // Whether the database answers, and has all migrations.
    isReady: async () => ((await connections.probe(newerMigrations, [newest])) ?? 0) > 0,
    close: () => connections.close(),
  };
}

type Transaction<Result> = { readonly begin: string; readonly work: () => Asking<Result>; readonly keep: (result: Result) => boolean };

/** Begins a transaction, in which no statement waits for longer than is left of the time of who asks. */
function beginning(begin: string, withinMs: number, timeoutMs: number) {
  // Who comes at once has all the time that the connection has.
  const text = withinMs > timeoutMs - graceMs ? begin : `${begin}; set local statement_timeout = ${Math.ceil(withinMs)}`;
  return { text, query_timeout: withinMs + graceMs };
}

/** What to throw of a failure that is not tried again; null for one that is. */
function givenUp(error: unknown, { kind, reason }: Failure, isOver: boolean): unknown {
  // A key that is taken again and again is no conflict: nobody else writes it.
  if (kind === 'BUG' || (isOver && reason === 'unique_violation')) return error;
  if (!isOver && kind !== 'NO_TIME') return null;
  const what = kind === 'CONFLICT' ? 'Others came in between too often' : 'The database cannot be reached';
  return new DatabaseUnavailable(`${what}: ${reason}.`, { cause: error });
}

/** Commits. When the connection is lost meanwhile, nobody knows whether it was. */
async function commit(client: PoolClient): Promise<void> {
  let done: string;
  try {
    done = (await client.query('commit')).command;
  } catch (error) {
    if (isCommitUndone(error)) throw error;
    throw new OutcomeUnknown('The connection was lost while a command was committed.', { cause: error });
  }
  // A transaction that has failed is rolled back by its commit.
  if (done !== 'COMMIT') throw new Error(`A transaction was not committed: ${done}.`);
}
