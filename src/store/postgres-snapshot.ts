// Reads a database of PostgreSQL as it is at one moment.
import { Client } from 'pg';
import { shownDatabase } from './open.ts';
import { clientSettings, migrationsFolder, postgresEngine } from './postgres.ts';
import { failureOf, reasonOf } from './postgres-failure.ts';
import { postgresFaults } from './postgres-faults.ts';
import { newestMigration } from './readiness.ts';
import { assertMigrated, pageSize, type RowValues, type Snapshot } from './snapshot.ts';
import { type Statement, type Values, valuesOf } from './statement.ts';

/** Connects. Throws an error that says where, without the password, and why not. */
async function connect(url: string): Promise<Client> {
  try {
    const client = new Client({ ...clientSettings, connectionString: url });
    // The statement under way fails when the connection is lost; without a listener the process would end.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  } catch (error) {
    throw new Error(`The database ${shownDatabase(url)} cannot be reached: ${reasonOf(error)}.`, { cause: error });
  }
}

async function lastMigration(client: Client): Promise<number | null> {
  const tables = `select to_regclass('points_entries') is not null and to_regclass('drizzle.__drizzle_migrations') is not null as found`;
  if (!(await client.query<{ found: boolean }>(tables)).rows[0]?.found) return null;
  const { rows } = await client.query<{ last: number }>('select max(created_at) as last from drizzle.__drizzle_migrations');
  return rows[0]?.last ?? null;
}

function snapshotOf(client: Client): Snapshot {
  let cursors = 0;
  let failed = false;
  async function query(text: string, values: readonly unknown[] = []): Promise<readonly RowValues[]> {
    try {
      return (await client.query<unknown[]>({ text, values: [...values], rowMode: 'array' })).rows;
    } catch (error) {
      failed = true;
      throw error;
    }
  }
  const snapshot: Snapshot = {
    engine: postgresEngine,
    all: (statement: Statement, values: Values = {}) => query(statement.sql, valuesOf(statement, values)),
    async *pages(statement, values = {}) {
      cursors += 1;
      const cursor = `page_${cursors}`;
      await query(`declare ${cursor} no scroll cursor for ${statement.sql}`, valuesOf(statement, values));
      try {
        for (;;) {
          const page = await query(`fetch ${pageSize} from ${cursor}`);
          if (page.length > 0) yield page;
          if (page.length < pageSize) break;
        }
      } finally {
        // After a statement that failed there is nothing to close.
        if (!failed) await query(`close ${cursor}`);
      }
    },
    async recover(error) {
      if (!failed) return;
      if (failureOf(error).kind === 'LOST') throw error;
      await query('rollback to savepoint begun');
      failed = false;
    },
    faults: () => postgresFaults(snapshot),
  };
  return snapshot;
}

/** Reads a database in one transaction that sees one moment. Throws when it cannot be reached, or is none of ours. */
export async function readPostgres<Result>(url: string, action: (snapshot: Snapshot) => Promise<Result>): Promise<Result> {
  const client = await connect(url);
  try {
    await client.query('begin isolation level repeatable read read only');
    // Nothing waits for this, however long it takes.
    for (const limit of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'])
      await client.query(`set local ${limit} = 0`);
    // All rows are going to be read, not the first of them as soon as possible.
    await client.query('set local cursor_tuple_fraction = 1');
    assertMigrated(shownDatabase(url), await lastMigration(client), newestMigration(migrationsFolder));
    await client.query('savepoint begun');
    return await action(snapshotOf(client));
  } catch (error) {
    if (failureOf(error).kind !== 'LOST') throw error;
    throw new Error(`The connection to the database ${shownDatabase(url)} was lost: ${reasonOf(error)}.`, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}
