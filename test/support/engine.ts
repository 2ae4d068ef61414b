// The database that a test runs on: a SQLite file, or in the project "postgres" of the tests a database of PostgreSQL.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { inject } from 'vitest';
import { createStore } from '../../src/store/create-store.ts';
import { migratePostgres, postgresDriver, postgresEngine } from '../../src/store/postgres.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { withClient } from './postgres/client.ts';
import { type FreshDatabase, freshDatabase } from './postgres/fresh-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly engine: 'sqlite' | 'postgres';
  }
}

export type TestDatabase = {
  /** Opens a store on it; it can be opened several times. */
  readonly open: (onStatement?: (sql: string) => void) => Store;
  /** The number of all rows, and a digest of them. */
  readonly digest: () => Promise<Stored>;
  readonly remove: () => Promise<void>;
};

type Stored = { readonly rows: number; readonly digest: string };
type Table = { readonly name: string; readonly rows: readonly unknown[] };

/** Tables whose rows come in any order. */
function stored(tables: readonly Table[]): Stored {
  const lines = tables.flatMap(({ name, rows }) => rows.map((row) => JSON.stringify([name, row])).toSorted());
  return { rows: lines.length, digest: createHash('sha256').update(lines.join('\n')).digest('hex') };
}

/** A store on a database that is still being made: what it is asked waits for that. */
function opening(database: Promise<FreshDatabase>, onStatement: ((sql: string) => void) | undefined): Store {
  const opened = database.then(async ({ url }) => {
    await migratePostgres(url);
    return postgresDriver({ url, connections: 4, onStatement });
  });
  // Whoever asks is told why it could not be opened.
  opened.catch(() => undefined);
  return createStore({
    engine: postgresEngine,
    ask: async (question) => (await opened).ask(question),
    snapshot: async (question) => (await opened).snapshot(question),
    transact: async (work, keep) => (await opened).transact(work, keep),
    isReady: async () => (await opened).isReady(),
    close: async () => (await opened).close(),
  });
}

function sqliteDatabase(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'orders-test-'));
  const file = join(folder, 'orders.db');
  return {
    open: (onStatement) => openSqlite({ database: file, ...(onStatement && { onStatement }) }),
    async digest() {
      const database = new Database(file, { readonly: true });
      try {
        const names = database.prepare("select name from sqlite_master where type = 'table' order by name").pluck().all().map(String);
        return stored(names.map((name) => ({ name, rows: database.prepare(`select * from "${name}"`).all() })));
      } finally {
        database.close();
      }
    },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

function postgresDatabase(): TestDatabase {
  const fresh = freshDatabase();
  fresh.catch(() => undefined);
  return {
    open: (onStatement) => opening(fresh, onStatement),
    digest: async () =>
      withClient((await fresh).url, async (client) => {
        const { rows } = await client.query<{ name: string }>(
          "select table_name as name from information_schema.tables where table_schema = 'public'",
        );
        const tables: Table[] = [];
        for (const { name } of rows) tables.push({ name, rows: (await client.query(`select * from "${name}"`)).rows });
        return stored(tables.toSorted((one, other) => (one.name < other.name ? -1 : 1)));
      }),
    remove: async () => (await fresh).drop(),
  };
}

/** An empty database of the engine that the tests run on. */
export const testDatabase = (): TestDatabase => (inject('engine') === 'postgres' ? postgresDatabase() : sqliteDatabase());
