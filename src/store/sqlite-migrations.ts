// SQLite's migrations: those that a database does not have yet are run, all of them or none.
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { packageFolder } from '../package-folder.ts';

export const migrationsFolder = join(packageFolder, 'drizzle/sqlite');

/** Kept as Drizzle keeps it, so that its own tools know what was run. */
const history = sql`create table if not exists "__drizzle_migrations" (id serial primary key, hash text not null, created_at numeric)`;
const last = sql<{ readonly at: number | null }>`select max(created_at) as at from "__drizzle_migrations"`;

/**
 * Brings a database to the newest tables. Foreign keys must rest meanwhile, since a rebuilt table would trip them; they are checked
 * before anything is kept. A database that has all migrations is not checked: that reads every row, at each start.
 */
export function runMigrations(connection: Database.Database): void {
  const files = readMigrationFiles({ migrationsFolder });
  const database = drizzle(connection);
  database.run(history);
  const missing = (at: number) => files.filter(({ folderMillis }) => folderMillis > at);
  const newestOf = (from: Pick<typeof database, 'get'>): number => Number(from.get<{ readonly at: number | null }>(last).at ?? 0);
  if (missing(newestOf(database)).length === 0) return;
  database.transaction(
    (transaction) => {
      // Another process may have run them since.
      for (const { sql: statements, hash, folderMillis } of missing(newestOf(transaction))) {
        for (const statement of statements) transaction.run(sql.raw(statement));
        transaction.run(sql`insert into "__drizzle_migrations" (hash, created_at) values (${hash}, ${folderMillis})`);
      }
      const broken = connection.pragma('foreign_key_check');
      if (Array.isArray(broken) && broken.length > 0) throw new Error(`The migrated database breaks ${broken.length} foreign keys.`);
    },
    { behavior: 'immediate' },
  );
}
