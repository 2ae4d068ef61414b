// Statements: built once with Drizzle, rendered for the engine that runs them, with what turns rows back into objects.
import { Column, fillPlaceholders, is, type Query, SQL, type SQLWrapper } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { SqlWords } from './sql-words.ts';

/** What an engine is sent, and what becomes of a row that comes back. */
export type Statement<Row = unknown> = {
  readonly sql: string;
  /** The values in their order, placeholders among them. */
  readonly parameters: readonly unknown[];
  /** Whether it answers rows, or how many it touched. */
  readonly reads: boolean;
  /** Whether it is one of the few that are always asked, and worth being kept prepared by a server. */
  readonly standing: boolean;
  readonly decode: (values: readonly unknown[]) => Row;
};

export type Values = Readonly<Record<string, unknown>>;

/** What a statement came back with: its rows as lists of values, and how many rows it touched. */
export type Answered = { readonly rows: readonly (readonly unknown[])[]; readonly touched: number };
type Step = { readonly statement: Statement; readonly values: Values };

/**
 * Something that is found out by statements. It yields each, and goes on with what it came back with: SQLite runs it to its end
 * at once, PostgreSQL waits at each step. So everything that reads and writes is written once.
 */
export type Asking<Result> = Generator<Step, Result, Answered>;

export function* all<Row>(statement: Statement<Row>, values: Values): Asking<readonly Row[]> {
  const { rows } = yield { statement, values };
  return rows.map(statement.decode);
}

export function* first<Row>(statement: Statement<Row>, values: Values): Asking<Row | undefined> {
  const { rows } = yield { statement, values };
  const [row] = rows;
  return row && statement.decode(row);
}

/** Runs a write, and answers how many rows it touched. */
export function* touch(statement: Statement, values: Values): Asking<number> {
  return (yield { statement, values }).touched;
}

/** The values of a statement in their order, as the engine is sent them. */
export const valuesOf = ({ parameters }: Statement, values: Values): unknown[] => fillPlaceholders([...parameters], { ...values });

/** Builds queries; there is no database behind it. The tables are those of tables.ts, whichever engine runs the query. */
export const builder = drizzle.mock();

type Field = Column | SQL;
type Fields = { readonly [name: string]: Field | Fields };
/** A query of Drizzle's that answers rows. */
type RowsQuery<Row> = SQLWrapper & { readonly _: { readonly result: readonly Row[] } };

type Cell = { readonly path: readonly string[]; readonly decode: (value: unknown) => unknown };

/** Each selected value in its order: where it goes, and what it is made of. */
function cellsOf(fields: Fields, above: readonly string[] = []): readonly Cell[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const path = [...above, name];
    if (is(field, Column)) return [{ path, decode: (value: unknown) => field.mapFromDriverValue(value) }];
    if (!is(field, SQL)) return cellsOf(field, path);
    const { decoder } = field as unknown as { readonly decoder: { mapFromDriverValue(value: unknown): unknown } }; // Drizzle hides it.
    return [{ path, decode: (value: unknown) => decoder.mapFromDriverValue(value) }];
  });
}

function decoderOf(fields: Fields): (values: readonly unknown[]) => Record<string, unknown> {
  const cells = cellsOf(fields);
  return (values) => {
    const row: Record<string, unknown> = {};
    for (const [index, { path, decode }] of cells.entries()) {
      const value = values[index];
      let place = row;
      for (const name of path.slice(0, -1)) {
        place[name] ??= {};
        place = place[name] as Record<string, unknown>; // Only objects are put where a path goes on.
      }
      place[path.at(-1) ?? ''] = value === null || value === undefined ? null : decode(value);
    }
    return row;
  };
}

/** What queries are made for: how statements are rendered, and the words of SQL that are its own. */
export type Engine = {
  readonly words: SqlWords;
  /** A query whose rows are wanted. */
  rows<Row>(query: RowsQuery<Row>, options?: { readonly standing: boolean }): Statement<Row>;
  /** A query in SQL whose rows are wanted, with what it selects, in order. */
  rowsOf<Row>(query: SQL, fields: Fields): Statement<Row>;
  /** A write of which it is wanted how many rows it touched. */
  write(query: SQLWrapper): Statement;
};

/** What makes statements for an engine, given how it renders SQL. */
export function createEngine(render: (sql: SQL) => Query, words: SqlWords): Engine {
  const statement = <Row>(query: SQLWrapper, fields: Fields | null, standing: boolean): Statement<Row> => {
    const { sql, params } = render(query.getSQL());
    const decode = (fields ? decoderOf(fields) : () => null) as (values: readonly unknown[]) => Row; // The fields are those of the row.
    return { sql, parameters: params, reads: fields !== null, standing, decode };
  };
  return {
    words,
    rows<Row>(query: RowsQuery<Row>, { standing } = { standing: true }) {
      const { config } = query as unknown as { readonly config: { readonly fields: Fields } }; // Drizzle hides what is selected.
      return statement<Row>(query, config.fields, standing);
    },
    rowsOf: <Row>(query: SQL, fields: Fields) => statement<Row>(query, fields, true),
    write: (query) => statement(query, null, true),
  };
}
