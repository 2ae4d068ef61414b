// Checks the file itself: its pages and indexes, and that no row points to one that is missing.
import type Database from 'better-sqlite3';

type BrokenKey = { readonly table: string; readonly parent: string; readonly fkid: number };
type KeyColumn = { readonly from: string; readonly to: string };

/** What SQLite's own checks find. A read-only connection does not look at CHECKs: what they hold is checked with each table. */
export function* fileViolations(db: Database.Database): Generator<string> {
  const integrity = db.prepare<[], { readonly message: string }>('select integrity_check as message from pragma_integrity_check').all();
  for (const { message } of integrity) if (message !== 'ok') yield `File: ${message}.`;
  const broken = db.prepare<[], BrokenKey>('select distinct "table", parent, fkid from pragma_foreign_key_check').all();
  for (const key of broken) yield* orphans(db, key);
}

/** The rows whose key points to no row, by their own key: the tables have no row numbers that SQLite could report. */
function* orphans(db: Database.Database, { table, parent, fkid }: BrokenKey): Generator<string> {
  const links = db
    .prepare<[string, number], KeyColumn>('select "from", "to" from pragma_foreign_key_list(?) where id = ? order by seq')
    .all(table, fkid);
  const own = db.prepare<[string], { readonly name: string }>('select name from pragma_table_info(?) where pk > 0 order by pk').all(table);
  const given = links.map(({ from }) => `t."${from}" is not null`).join(' and ');
  const same = links.map(({ from, to }) => `p."${to}" = t."${from}"`).join(' and ');
  const rows = db.prepare<[], Record<string, unknown>>(
    `select * from "${table}" t where ${given} and not exists (select 1 from "${parent}" p where ${same})`,
  );
  const values = (row: Record<string, unknown>, names: readonly string[]): string =>
    names.map((name) => `${name} ${String(row[name])}`).join(', ');
  for (const row of rows.iterate())
    yield `Row of ${table} with ${values(
      row,
      own.map(({ name }) => name),
    )}: there are no ${parent} for ${values(
      row,
      links.map(({ from }) => from),
    )}.`;
}
