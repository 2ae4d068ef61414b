// Statements: built once with Drizzle, rendered for the engine that runs them, with what turns rows back into objects.
import { Column, is, Param, Placeholder, type Query, SQL, type SQLWrapper } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { SqlWords } from './sql-words.ts';

/** What an engine is sent, and what becomes of a row that comes back. */
export type Statement<Row = unknown> = {
  readonly sql: string;
  /** What is sent in each of its places, in their order. */
  readonly encoders: readonly Encode[];
  /** Whether it answers rows, or how many it touched. */
  readonly reads: boolean;
  /** Whether it is one of the few that are always asked, and worth being kept prepared by a server. */
  readonly standing: boolean;
  readonly decode: (values: readonly unknown[]) => Row;
};

/** What is asked with, by name. `row`: the fields of a whole row, beside those that are named themselves. */
export type Values = Readonly<Record<string, unknown>> & { readonly row?: object };
type Encode = (values: Values) => unknown;

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
export const valuesOf = ({ encoders }: Statement, values: Values): unknown[] => encoders.map((encode) => encode(values));

/** Takes what is named. A row is looked into where it is: an object that is copied to be given one field more costs 5 microseconds. */
function takerOf(name: string): Encode {
  return (values) => {
    const row = values.row as Values | undefined; // Its fields are looked for by name.
    const own = values[name];
    const given = own === undefined ? row?.[name] : own;
    if (given === undefined && !(name in values) && !(row && name in row)) throw new Error(`No value was given for "${name}".`);
    return given;
  };
}

/** Sends what is named as its column has it, or what the statement itself says. Made once for each place, not at each turn. */
function encoderOf(parameter: unknown): Encode {
  if (is(parameter, Placeholder)) return takerOf(String(parameter.name));
  if (!is(parameter, Param) || !is(parameter.value, Placeholder)) return () => parameter;
  const take = takerOf(String(parameter.value.name));
  const { encoder } = parameter;
  if (encoder.mapToDriverValue === Column.prototype.mapToDriverValue) return take;
  return (values) => encoder.mapToDriverValue(take(values));
}

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

/** A row as its values, in the order in which columns were chosen: what a reader takes that knows beforehand which columns it needs. */
export type Cells = readonly unknown[];

/** Turns the few values that an engine gives otherwise than they are read (flags, JSON); all others stay as they come. */
function cellsOf(fields: Fields): (values: readonly unknown[]) => Cells {
  const turned = Object.values(fields).flatMap((field, index): [number, Read][] => {
    const column = is(field, SQL) ? (field as unknown as { readonly decoder: unknown }).decoder : field; // Drizzle hides it.
    const isTurned = is(column, Column) && column.mapFromDriverValue !== Column.prototype.mapFromDriverValue;
    return isTurned ? [[index, readerOf(column, index)]] : [];
  });
  if (turned.length === 0) return (values) => values;
  return (values) => {
    const cells = [...values];
    for (const [index, read] of turned) cells[index] = read(values);
    return cells;
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
  /** A query of chosen columns, whose rows are wanted as cells. */
  cells(query: SQLWrapper): Statement<Cells>;
  /** A query in SQL whose rows are wanted, with what it selects, in order. */
  rowsOf<Row>(query: SQL, fields: Fields): Statement<Row>;
  /** A write of which it is wanted how many rows it touched. */
  write(query: SQLWrapper): Statement;
};

/** What is selected by a query of Drizzle's, which hides it. */
const fieldsOf = (query: SQLWrapper): Fields => (query as unknown as { readonly config: { readonly fields: Fields } }).config.fields;

/** What makes statements for an engine, given how it renders SQL. */
export function createEngine(render: (sql: SQL) => Query, words: SqlWords): Engine {
  const statement = <Row>(query: SQLWrapper, decode: ((values: Cells) => unknown) | null, standing: boolean): Statement<Row> => {
    const decoded = (decode ?? (() => null)) as (values: Cells) => Row; // What is decoded are the fields of the row.
    // Rendered when it is first asked: of over a hundred statements a server needs few at first, and all of them take 70 milliseconds.
    let rendered: { readonly sql: string; readonly encoders: readonly Encode[] } | undefined;
    const made = () => {
      if (rendered) return rendered;
      const { sql, params } = render(query.getSQL());
      rendered = { sql, encoders: params.map(encoderOf) };
      return rendered;
    };
    return {
      get sql() {
        return made().sql;
      },
      get encoders() {
        return made().encoders;
      },
      ...{ reads: decode !== null, standing, decode: decoded },
    };
  };
  return {
    words,
    rows: <Row>(query: RowsQuery<Row>, { standing } = { standing: true }) => statement<Row>(query, decoderOf(fieldsOf(query)), standing),
    // A choice of columns is one of thousands, so that no server is asked to keep its statement.
    cells: (query) => statement<Cells>(query, cellsOf(fieldsOf(query)), false),
    rowsOf: <Row>(query: SQL, fields: Fields) => statement<Row>(query, decoderOf(fields), true),
    write: (query) => statement(query, null, true),
  };
}
