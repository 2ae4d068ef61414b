// Copies a database of PostgreSQL, as it is at one moment, to a file of SQLite with the same tables.
import Database from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { allTables } from './all-tables.ts';
import { readPostgres } from './postgres-snapshot.ts';
import type { Snapshot } from './snapshot.ts';
import { migrateSqlite } from './sqlite.ts';

/** Opens a new file with empty tables, to be filled in one transaction. */
function openCopy(file: string): Database.Database {
  migrateSqlite(file);
  const copy = new Database(file, { fileMustExist: true });
  // What is put into new pages need not be written twice, as it would be into a log.
  copy.pragma('journal_mode = DELETE');
  // Rows are copied as they are; whether they point to others is for the doctor to say.
  copy.pragma('foreign_keys = OFF');
  return copy;
}

/** A value as SQLite has it. A number beyond those that are exact would be another one in the copy. */
function storedValue(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new Error(`A number is too large to be copied: ${value}.`);
  return value;
}

/** Copies the rows of a table, in the order of their keys, in which the copy's tables grow without being rebuilt. */
async function copyRows({ engine, pages }: Snapshot, table: SQLiteTable, copy: Database.Database): Promise<void> {
  const { name, columns, primaryKeys } = getTableConfig(table);
  const names = sql.join(
    columns.map((column) => sql.identifier(column.name)),
    sql`, `,
  );
  const keys = sql.join(
    primaryKeys.flatMap((key) => key.columns).map((column) => sql.identifier(column.name)),
    sql`, `,
  );
  const selected = Object.fromEntries(columns.map((column) => [column.name, column]));
  const rows = engine.rowsOf(sql`select ${names} from ${sql.identifier(name)} order by ${keys}`, selected);
  const quoted = columns.map((column) => `"${column.name}"`).join(', ');
  const insert = copy.prepare(`insert into "${name}" (${quoted}) values (${columns.map(() => '?').join(', ')})`);
  for await (const page of pages(rows)) for (const row of page) insert.run(...row.map(storedValue));
}

/** Makes a file with the rows of all tables. Throws when the database cannot be reached, is none of ours, or is lost meanwhile. */
export async function copyPostgres(url: string, file: string): Promise<void> {
  await readPostgres(url, async (snapshot) => {
    const copy = openCopy(file);
    try {
      copy.exec('begin');
      for (const table of allTables) await copyRows(snapshot, table, copy);
      copy.exec('commit');
    } finally {
      copy.close();
    }
  });
}
