// Opens the store that an address names: a file of SQLite, or a database of PostgreSQL.
import type { PostgresOptions } from './postgres.ts';
import { migrateSqlite, openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

export type StoreOptions = Omit<PostgresOptions, 'url'> & {
  /** A file, ":memory:" for a temporary one, or postgres://... */
  readonly database: string;
};

/** Whether an address is one of PostgreSQL. */
export const isPostgres = (database: string): boolean => /^postgres(ql)?:\/\//i.test(database);

/** Its driver takes 50 milliseconds to load, which a server on SQLite is spared. */
const postgres = () => import('./postgres.ts');

/** Opens a store, with its tables brought to the newest. */
export async function openStore({ database, onStatement, ...options }: StoreOptions): Promise<Store> {
  if (isPostgres(database)) return (await postgres()).openPostgres({ ...options, url: database, onStatement });
  return openSqlite({ database, ...(onStatement && { onStatement }) });
}

/** Brings a database to the newest tables. */
export async function migrateStore(database: string): Promise<void> {
  if (isPostgres(database)) return (await postgres()).migratePostgres(database);
  migrateSqlite(database);
}

/** The address as it may be shown: without a password. */
export function shownDatabase(database: string): string {
  if (!isPostgres(database)) return database;
  try {
    const url = new URL(database);
    if (url.password) url.password = '***';
    for (const name of [...url.searchParams.keys()]) if (/password|key|token/i.test(name)) url.searchParams.set(name, '***');
    return url.href;
  } catch {
    return 'postgres://';
  }
}
