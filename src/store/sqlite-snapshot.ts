// Reads a file of SQLite as it is at one moment.
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { newestMigration } from './readiness.ts';
import { assertMigrated, pageSize, type RowValues, type Snapshot } from './snapshot.ts';
import { sqliteEngine } from './sqlite.ts';
import { sqliteFaults } from './sqlite-faults.ts';
import { migrationsFolder } from './sqlite-migrations.ts';
import { type Statement, type Values, valuesOf } from './statement.ts';

function lastMigration(connection: Database.Database): number | null {
  const tables = connection.prepare(`select count(*) from sqlite_master where name in ('points_entries', '__drizzle_migrations')`);
  if (Number(tables.pluck().get()) < 2) return null;
  return Number(connection.prepare('select max(created_at) from __drizzle_migrations').pluck().get());
}

function snapshotOf(connection: Database.Database): Snapshot {
  // A statement of its own for each reading: the same query may be read twice beside itself.
  const rows = (statement: Statement, values: Values): IterableIterator<RowValues> =>
    connection
      .prepare<unknown[], RowValues>(statement.sql)
      .raw()
      .iterate(...valuesOf(statement, values));
  const snapshot: Snapshot = {
    engine: sqliteEngine,
    all: async (statement, values = {}) => [...rows(statement, values)],
    async *pages(statement, values = {}) {
      let page: RowValues[] = [];
      for (const row of rows(statement, values)) {
        page.push(row);
        if (page.length < pageSize) continue;
        yield page;
        page = [];
      }
      if (page.length > 0) yield page;
    },
    recover: async () => undefined,
    faults: () => sqliteFaults(snapshot),
  };
  return snapshot;
}

/** Reads a file in one transaction, so that a server that writes meanwhile does not make sums differ. Throws when there is none of ours. */
export async function readSqlite<Result>(file: string, action: (snapshot: Snapshot) => Promise<Result>): Promise<Result> {
  if (!existsSync(file)) throw new Error(`There is no database file at ${file}.`);
  const connection = new Database(file, { readonly: true, fileMustExist: true, timeout: 10_000 });
  try {
    connection.exec('begin');
    assertMigrated(file, lastMigration(connection), newestMigration(migrationsFolder));
    return await action(snapshotOf(connection));
  } finally {
    connection.close();
  }
}
