// PostgreSQL: opens, migrates and runs; a pool of connections, and transactions that are begun anew where others came in between.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { PgDialect } from 'drizzle-orm/pg-core';
import { Client, type ClientConfig, Pool, type PoolClient } from 'pg';
import { createStore, type Driver } from './create-store.ts';
import { failureOf } from './postgres-failure.ts';
import { newestMigration } from './readiness.ts';
import { postgresWords } from './sql-words.ts';
import { type Answered, type Asking, createEngine, type Engine, type Statement, type Values, valuesOf } from './statement.ts';
import type { Store } from './store.ts';
import { DatabaseUnavailable, OutcomeUnknown } from './store-error.ts';

const migrationsFolder = join(import.meta.dirname, '../../drizzle/postgres');
/** Whoever migrates has this lock; a number of our own. */
const migrationLock = 7_203_114_957;
/** How often a transaction is begun anew before it is given up. */
const mostAttempts = 20;

export type PostgresOptions = {
  /** postgres://user:password@host:port/database, with the parameters that libpq knows. */
  readonly url: string;
  /** The most connections. */
  readonly connections?: number;
  /** After how many milliseconds a connection, a statement, or a transaction that is begun anew, is given up. */
  readonly timeoutMs?: number;
  /** Told of each statement, before it runs. */
  readonly onStatement?: ((sql: string) => void) | undefined;
  /** Told of each transaction that is begun anew, and why. */
  readonly onRetry?: ((reason: string) => void) | undefined;
};

const render = new PgDialect();

/** What makes statements for PostgreSQL. */
export const postgresEngine: Engine = createEngine((query) => render.sqlToQuery(query), postgresWords);

const [int8, numeric] = [20, 1700];
const boolean = 16;
/** Numbers are whole and below 2^53 wherever they are stored; everything else is text, as it is in SQLite. */
const types = {
  getTypeParser: (oid: number) => (text: string) =>
    oid === int8 || oid === numeric || oid === 23 || oid === 21 ? Number(text) : oid === boolean ? text === 't' : text,
};

function settingsOf(url: string, timeoutMs: number): ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    // What the server gives up, and a little later what it does not answer to.
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs + 500,
    // Whoever is cut off in the middle of a transaction does not keep its locks for longer.
    idle_in_transaction_session_timeout: timeoutMs,
    keepAlive: true,
    application_name: 'loyalty-orders-gateway',
    types: types as ClientConfig['types'] & object, // Its type wants a parser for each way of being sent; ours is sent as text only.
  };
}

/** Brings a database to the newest tables. Of several who begin at once, one does it and the others wait. */
export async function migratePostgres(url: string): Promise<void> {
  // A migration may take its time.
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'loyalty-orders-gateway' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await migrate(drizzle(client), { migrationsFolder });
  } finally {
    // The lock ends with the connection.
    await client.end().catch(() => undefined);
  }
}

/** A name for a statement by which a server keeps it prepared: the same for the same text. */
const nameOf = (statement: Statement): string => createHash('sha256').update(statement.sql).digest('base64url').slice(0, 32);

type Connection = Pick<PoolClient, 'query'>;

/** Runs questions on a connection, waiting at each statement. */
function createRunner(onStatement: PostgresOptions['onStatement']) {
  const names = new WeakMap<Statement, string>();
  const named = (statement: Statement): { readonly name?: string } => {
    if (!statement.standing) return {};
    const name = names.get(statement) ?? nameOf(statement);
    names.set(statement, name);
    return { name };
  };
  async function answer(connection: Connection, statement: Statement, values: Values): Promise<Answered> {
    onStatement?.(statement.sql);
    const sent = { ...named(statement), text: statement.sql, values: valuesOf(statement, values), rowMode: 'array' as const };
    const { rows, rowCount } = await connection.query<unknown[]>(sent);
    return { rows, touched: rowCount ?? 0 };
  }
  return async <Result>(connection: Connection, question: Asking<Result>): Promise<Result> => {
    let step = question.next();
    while (!step.done) step = question.next(await answer(connection, step.value.statement, step.value.values));
    return step.value;
  };
}

/** Opens a migrated store. */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  await migratePostgres(options.url);
  return createStore(postgresDriver(options));
}

/** Drives a migrated database; it connects when it is first asked. */
export function postgresDriver({ url, connections = 10, timeoutMs = 10_000, onStatement, onRetry }: PostgresOptions): Driver {
  const pool = new Pool({ ...settingsOf(url, timeoutMs), max: connections });
  // A connection that breaks while nobody uses it is dropped from the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  const run = createRunner(onStatement);

  /** Does something with a connection. One that failed on it is not used again. */
  async function withConnection<Result>(action: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await pool.connect();
    const ignore = (): void => undefined;
    client.on('error', ignore);
    let broken: Error | undefined;
    try {
      return await action(client);
    } catch (error) {
      if (error instanceof OutcomeUnknown || failureOf(error).kind === 'LOST') broken = error as Error; // Both are errors.
      throw error;
    } finally {
      client.removeListener('error', ignore);
      client.release(broken);
    }
  }

  async function begun<Result>(begin: string, work: () => Asking<Result>, keep: (result: Result) => boolean): Promise<Result> {
    return withConnection(async (client) => {
      await client.query(begin);
      let result: Result;
      try {
        result = await run(client, work());
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
  }

  /** Tries again what others came in between of, or what lost its connection before it was committed. */
  async function retried<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const until = performance.now() + timeoutMs;
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt();
      } catch (error) {
        const { kind, reason } = failureOf(error);
        const isOver = attempts >= mostAttempts || performance.now() >= until;
        if (kind === 'BUG' || (isOver && kind === 'CONFLICT')) throw error;
        if (isOver || kind === 'NONE_FREE') throw new DatabaseUnavailable(`The database cannot be reached: ${reason}.`, { cause: error });
        onRetry?.(reason);
        await wait(Math.random() * Math.min(500, 5 * 2 ** attempts));
      }
    }
  }

  return {
    engine: postgresEngine,
    ask: (question) => retriedOnce(question),
    snapshot: (question) => retried(() => begun('begin isolation level repeatable read read only', question, () => true)),
    transact: (work, keep) => retried(() => begun('begin', work, keep)),
    isReady: () => isReady(pool),
    async close() {
      await Promise.race([pool.end(), wait(2_000, undefined, { ref: false })]);
    },
  };

  /** A question is begun once, so it is not tried again: whoever asks may. */
  async function retriedOnce<Result>(question: Asking<Result>): Promise<Result> {
    try {
      return await withConnection((client) => run(client, question));
    } catch (error) {
      const { kind, reason } = failureOf(error);
      if (kind === 'BUG' || kind === 'CONFLICT') throw error;
      throw new DatabaseUnavailable(`The database cannot be reached: ${reason}.`, { cause: error });
    }
  }
}

/** Commits. When the connection is lost meanwhile, nobody knows whether it was. */
async function commit(client: PoolClient): Promise<void> {
  let done: string;
  try {
    done = (await client.query('commit')).command;
  } catch (error) {
    if (failureOf(error).kind !== 'LOST') throw error;
    throw new OutcomeUnknown('The connection was lost while a command was committed.', { cause: error });
  }
  // A transaction that has failed is rolled back by its commit.
  if (done !== 'COMMIT') throw new Error(`A transaction was not committed: ${done}.`);
}

/** Whether the database answers within two seconds, and has all migrations. */
async function isReady(pool: Pool): Promise<boolean> {
  const newest = newestMigration(migrationsFolder);
  const asked = pool
    .query<{ found: number }>('select count(*) as found from drizzle.__drizzle_migrations where created_at >= $1', [newest])
    .then(({ rows }) => (rows[0]?.found ?? 0) > 0)
    .catch(() => false);
  return Promise.race([asked, wait(2_000, false, { ref: false })]);
}
