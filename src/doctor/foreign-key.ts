// Checks that no row points to one that is missing, whether or not the database itself kept watch.
import { is, type SQL, sql } from 'drizzle-orm';
import { getTableConfig, SQLiteColumn, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { allTables } from '../store/all-tables.ts';
import { found, type Snapshot, select } from '../store/snapshot.ts';

type Key = {
  readonly table: string;
  readonly parent: string;
  /** The columns of the table's own key, those that point, and what they point to. */
  readonly own: readonly string[];
  readonly from: readonly string[];
  readonly to: readonly string[];
};

const namesOf = (columns: readonly unknown[]): readonly string[] =>
  columns.flatMap((column) => (is(column, SQLiteColumn) ? [column.name] : []));

/** Every foreign key of a table, as it is defined. */
function keysOf(table: SQLiteTable): readonly Key[] {
  const { name, primaryKeys, foreignKeys } = getTableConfig(table);
  const own = primaryKeys.flatMap(({ columns }) => namesOf(columns));
  return foreignKeys.map((foreignKey) => {
    const { columns, foreignTable, foreignColumns } = foreignKey.reference();
    return { table: name, parent: getTableConfig(foreignTable).name, own, from: namesOf(columns), to: namesOf(foreignColumns) };
  });
}

const column = (row: 'r' | 'p', name: string): SQL => sql`${sql.raw(row)}.${sql.identifier(name)}`;
const together = (conditions: readonly SQL[]): SQL => sql.join([...conditions], sql` and `);

/** The rows whose key points to no row, by their own key and by that. */
async function* orphans(snapshot: Snapshot, { table, parent, own, from, to }: Key): AsyncGenerator<string> {
  const names = [...new Set([...own, ...from])];
  const given = from.map((name) => sql`${column('r', name)} is not null`);
  const same = from.map((name, index) => sql`${column('p', to[index] ?? name)} = ${column('r', name)}`);
  const rows = select(
    snapshot.engine,
    Object.fromEntries(names.map((name) => [name, column('r', name)])),
    sql`from ${sql.identifier(table)} r where ${together(given)}
      and not exists (select 1 from ${sql.identifier(parent)} p where ${together(same)})
      order by ${sql.join(
        own.map((name) => column('r', name)),
        sql`, `,
      )}`,
  );
  const values = (row: Readonly<Record<string, unknown>>, wanted: readonly string[]): string =>
    wanted.map((name) => `${name} ${String(row[name])}`).join(', ');
  for (const row of await found(snapshot, rows))
    yield `Row of ${table} with ${values(row, own)}: there are no ${parent} for ${values(row, from)}.`;
}

/** Every row that points to none, table by table. */
export async function* keyViolations(snapshot: Snapshot): AsyncGenerator<string> {
  for (const key of allTables.flatMap(keysOf)) yield* orphans(snapshot, key);
}
