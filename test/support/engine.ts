// The database that a test runs on: a SQLite file, or in the project "postgres" of the tests a database of PostgreSQL.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { types } from 'pg';
import { inject } from 'vitest';
import { createStore } from '../../src/store/create-store.ts';
import { postgresDriver, postgresEngine } from '../../src/store/postgres.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { type Asking, valuesOf } from '../../src/store/statement.ts';
import type { Store } from '../../src/store/store.ts';
import { withClient } from './postgres/client.ts';
import { type FreshDatabase, migratedDatabase } from './postgres/fresh-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly engine: 'sqlite' | 'postgres';
  }
}

/** A statement that PostgreSQL is sent, and which transaction it is part of. */
export type Sent = { readonly transaction: object; readonly sql: string; readonly values: readonly unknown[] };
type Watch = (sent: Sent) => void;

export type TestDatabase = {
  /** Opens a store on it; it can be opened several times. */
  readonly open: (onStatement?: (sql: string) => void) => Store;
  /** The number of all rows, and a digest of them. */
  readonly digest: () => Promise<Stored>;
  /** Runs SQL beside the stores, and answers its rows. */
  readonly query: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly remove: () => Promise<void>;
};

type Stored = { readonly rows: number; readonly digest: string };
type Table = { readonly name: string; readonly rows: readonly unknown[] };

/** Tables whose rows come in any order. */
function stored(tables: readonly Table[]): Stored {
  const lines = tables.flatMap(({ name, rows }) => rows.map((row) => JSON.stringify([name, row])).toSorted());
  return { rows: lines.length, digest: createHash('sha256').update(lines.join('\n')).digest('hex') };
}

/** A question whose statements are told of as well: they are of one transaction. */
function* watched<Result>(question: Asking<Result>, watch: Watch): Asking<Result> {
  const transaction = {};
  let step = question.next();
  while (!step.done) {
    const { statement, values } = step.value;
    watch({ transaction, sql: statement.sql, values: valuesOf(statement, values) });
    step = question.next(yield step.value);
  }
  return step.value;
}

/** A store on a database that is still being made: what it is asked waits for that. */
function opening(database: Promise<FreshDatabase>, onStatement: ((sql: string) => void) | undefined, watch: Watch): Store {
  const opened = database.then(({ url }) => postgresDriver({ url, connections: 4, onStatement }));
  // Whoever asks is told why it could not be opened.
  opened.catch(() => undefined);
  return createStore({
    engine: postgresEngine,
    ask: async (question) => (await opened).ask(() => watched(question(), watch)),
    snapshot: async (question) => (await opened).snapshot(() => watched(question(), watch)),
    look: async (question) => (await opened).look(() => watched(question(), watch)),
    transact: async (work, keep) => (await opened).transact(() => watched(work(), watch), keep),
    isReady: async () => (await opened).isReady(),
    close: async () => (await opened).close(),
  });
}

/** An empty database of SQLite. */
export function sqliteDatabase(): TestDatabase {
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
    async query(sql) {
      const database = new Database(file);
      try {
        const statement = database.prepare<[], Record<string, unknown>>(sql);
        if (statement.reader) return statement.all();
        statement.run();
        return [];
      } finally {
        database.close();
      }
    },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Large numbers as numbers, as SQLite answers them. */
const numbers = { getTypeParser: (oid: number) => (oid === 20 ? Number : types.getTypeParser(oid)) };

/** An empty database of PostgreSQL. `watch` is told of all statements that are sent to it. */
export function postgresDatabase(watch: Watch = () => undefined): TestDatabase & { readonly url: () => Promise<string> } {
  const fresh = migratedDatabase();
  fresh.catch(() => undefined);
  return {
    url: async () => (await fresh).url,
    open: (onStatement) => opening(fresh, onStatement, watch),
    digest: async () =>
      withClient((await fresh).url, async (client) => {
        const { rows } = await client.query<{ name: string }>(
          "select table_name as name from information_schema.tables where table_schema = 'public'",
        );
        const tables: Table[] = [];
        for (const { name } of rows) tables.push({ name, rows: (await client.query(`select * from "${name}"`)).rows });
        return stored(tables.toSorted((one, other) => (one.name < other.name ? -1 : 1)));
      }),
    query: async (sql) => withClient((await fresh).url, async (client) => (await client.query({ text: sql, types: numbers })).rows),
    remove: async () => (await fresh).drop(),
  };
}

/** An empty database of the engine that the tests run on. */
export const testDatabase = (): TestDatabase => (inject('engine') === 'postgres' ? postgresDatabase() : sqliteDatabase());
