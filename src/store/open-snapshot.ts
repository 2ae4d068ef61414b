// Opens the database that an address names, to be read as it is at one moment.
import { isPostgres } from './open.ts';
import { readPostgres } from './postgres-snapshot.ts';
import type { Snapshot } from './snapshot.ts';
import { readSqlite } from './sqlite-snapshot.ts';

/**
 * Reads a database, of which everything is seen as it is at one moment, and closes it. Throws when there is none at the address, or
 * one that was not migrated to just the tables that this program works with.
 */
export const withSnapshot = <Result>(database: string, action: (snapshot: Snapshot) => Promise<Result>): Promise<Result> =>
  isPostgres(database) ? readPostgres(database, action) : readSqlite(database, action);
