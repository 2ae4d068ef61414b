// The column words that tables are written in, for each engine.
import * as postgres from 'drizzle-orm/pg-core';
import * as sqlite from 'drizzle-orm/sqlite-core';

export const sqliteColumns = {
  table: sqlite.sqliteTable,
  primaryKey: sqlite.primaryKey,
  foreignKey: sqlite.foreignKey,
  index: sqlite.index,
  uniqueIndex: sqlite.uniqueIndex,
  check: sqlite.check,
  /** A site's, caller's or internal id. */
  id: (name: string) => sqlite.text(name),
  /** Text that a person reads. */
  words: (name: string) => sqlite.text(name),
  /** An amount in minor units of the program's currency. */
  minor: (name: string) => sqlite.integer(name),
  /** Points in units of the program's scale. */
  points: (name: string) => sqlite.integer(name),
  /** A number of goods, a version, a sequence. */
  count: (name: string) => sqlite.integer(name),
  /** Milliseconds since 1970, UTC. */
  instant: (name: string) => sqlite.integer(name),
  flag: (name: string) => sqlite.integer(name, { mode: 'boolean' }),
  choice: <Value extends string>(name: string) => sqlite.text(name).$type<Value>(),
  json: <Value>(name: string) => sqlite.text(name, { mode: 'json' }).$type<Value>(),
};

/** The words of SQLite, as which every table is defined and every query is built. */
export type ColumnWords = typeof sqliteColumns;

/** Text in the order of its bytes, as in SQLite, whatever the database is set to: pages and their cursors are in this order. */
const text = postgres.customType<{ data: string }>({ dataType: () => 'text collate "C"' });
const json = postgres.customType<{ data: unknown; driverData: string }>({
  dataType: () => 'text collate "C"',
  toDriver: (value) => JSON.stringify(value),
});
const integer = (name: string) => postgres.bigint(name, { mode: 'number' });

/**
 * The same words for PostgreSQL, from which its migrations are generated. The two engines' columns have different types in
 * Drizzle; a table's definition uses only what both have, so that it can be written once in those of SQLite.
 */
export const postgresColumns = {
  table: postgres.pgTable,
  primaryKey: postgres.primaryKey,
  foreignKey: postgres.foreignKey,
  index: postgres.index,
  uniqueIndex: postgres.uniqueIndex,
  check: postgres.check,
  id: text,
  words: text,
  minor: integer,
  points: integer,
  count: integer,
  instant: integer,
  flag: (name: string) => postgres.boolean(name),
  choice: text,
  json,
} as unknown as ColumnWords;
