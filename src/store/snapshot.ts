// A database as it is at one moment, to be read whole: by the doctor, and by whoever copies it.
import { type SQL, sql } from 'drizzle-orm';
import type { Engine, Statement, Values } from './statement.ts';

/** A row as the engine answers it: its values in their order. */
export type RowValues = readonly unknown[];

/** How many rows are read at once of what may have more than the memory holds. */
export const pageSize = 1_000;

export type Snapshot = {
  /** What statements are made by. */
  readonly engine: Engine;
  /** All rows of a query that has few. */
  readonly all: (statement: Statement, values?: Values) => Promise<readonly RowValues[]>;
  /** The rows of a query in pages. Several queries can be read beside each other. */
  readonly pages: (statement: Statement, values?: Values) => AsyncIterable<readonly RowValues[]>;
  /** Goes on after an error, if that was of a statement. Throws it again when the connection is lost. */
  readonly recover: (error: unknown) => Promise<void>;
  /** What is wrong with the database itself, a line each, as far as its engine can tell. */
  readonly faults: () => AsyncIterable<string>;
};

/** All rows of a query that finds only what is wrong. */
export const found = async <Row>({ all }: Snapshot, statement: Statement<Row>): Promise<readonly Row[]> =>
  (await all(statement)).map(statement.decode);

/** The rows of a query, one after the other. */
export async function* each<Row>({ pages }: Snapshot, statement: Statement<Row>, values: Values = {}): AsyncGenerator<Row> {
  for await (const page of pages(statement, values)) for (const row of page) yield statement.decode(row);
}

/** The rows of a query that is sorted by site, some of a site at a time. */
export async function* eachSite<Row extends { readonly siteId: string }>(
  { pages }: Snapshot,
  statement: Statement<Row>,
): AsyncGenerator<{ readonly siteId: string; readonly rows: readonly Row[] }> {
  for await (const page of pages(statement)) {
    const sites = new Map<string, Row[]>();
    for (const row of page.map(statement.decode)) {
      const rows = sites.get(row.siteId);
      if (rows) rows.push(row);
      else sites.set(row.siteId, [row]);
    }
    for (const [siteId, rows] of sites) yield { siteId, rows };
  }
}

type Selected = Readonly<Record<string, SQL>>;
type RowOf<S extends Selected> = { readonly [Name in keyof S]: S[Name] extends SQL<infer Value> ? Value : never };

/** A query: what it selects, by name, and from where. Its words are those that all engines speak. */
export const select = <S extends Selected>({ rowsOf }: Engine, selected: S, from: SQL): Statement<RowOf<S>> =>
  rowsOf<RowOf<S>>(sql`select ${sql.join(Object.values(selected), sql`, `)} ${from}`, selected);

/** Throws unless a database was migrated to just what this program works with. `found`: its last migration; null without our tables. */
export function assertMigrated(shown: string, found: number | null, newest: number): void {
  if (found === null) throw new Error(`${shown} has no tables of orders: expected a database that was migrated.`);
  if (found < newest) throw new Error(`${shown} has the tables of an older version: bring it to the newest by the command migrate.`);
  if (found > newest) throw new Error(`${shown} has the tables of a newer version: use that version of this program.`);
}
