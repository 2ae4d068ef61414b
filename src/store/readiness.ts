// Tells whether a database answers and has the tables that this program works with.
import type Database from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';

/** When the newest migration of a folder was made: what a database that is ready has at least. */
export const newestMigration = (migrationsFolder: string): number =>
  Math.max(...readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis));

/** Prepares the question whether a connection's database answers and has all migrations of a folder. Ones that are newer do no harm. */
export function prepareReadiness(connection: Database.Database, migrationsFolder: string): () => boolean {
  const newest = newestMigration(migrationsFolder);
  const statement = connection.prepare<[number], { readonly found: number }>(
    'select count(*) as found from "__drizzle_migrations" where created_at >= ?',
  );
  return () => {
    try {
      return (statement.get(newest)?.found ?? 0) > 0;
    } catch {
      return false;
    }
  };
}
