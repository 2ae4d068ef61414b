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

type Read = (values: readonly unknown[]) => unknown;

/** Reads the value at an index as a field has it. */
function readerOf(field: Field, index: number): Read {
  const decoder = is(field, Column) ? field : (field as unknown as { readonly decoder: Pick<Column, 'mapFromDriverValue'> }).decoder; // Drizzle hides it.
  return (values) => {
    const value = values[index];
    return value === null || value === undefined ? null : decoder.mapFromDriverValue(value);
  };
}

/** Makes an object of the values that were selected, in their order. */
function decoderOf(fields: Fields, next = { index: 0 }): (values: readonly unknown[]) => Record<string, unknown> {
  const cells = Object.entries(fields).map(([name, field]): readonly [string, Read] => {
    if (!is(field, Column) && !is(field, SQL)) return [name, decoderOf(field, next)];
    next.index += 1;
    return [name, readerOf(field, next.index - 1)];
  });
  return (values) => {
    const row: Record<string, unknown> = {};
    for (const [name, read] of cells) row[name] = read(values);
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
