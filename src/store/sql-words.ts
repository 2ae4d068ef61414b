// The words of SQL that the engines say differently.
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

type KeyType = 'text' | 'bigint';

/** A page of rows under each of some keys: what to select from, and the condition on a row that it is on the page of its key. */
type EachPage = { readonly from: SQL; readonly holds: (row: SQL) => SQL };

export type SqlWords = {
  /** One of the values of a list that is given by name. */
  among(column: SQLWrapper, name: string): SQL;
  /** A pair of a text and a number, out of a list of pairs that is given by name. */
  pairAmong(left: SQLWrapper, right: SQLWrapper, name: string): SQL;
  /** The first parts of a list of pairs. */
  firstAmong(column: SQLWrapper, name: string): SQL;
  /** The values of a list as rows: `k.value`. */
  keys(name: string, type?: KeyType): SQL;
  /** `page` selects the named columns of a limited range of an index for `k.value`. */
  eachPage(keys: SQL, page: SQL, columns: readonly string[]): EachPage;
  /** A list of pairs of numbers, the second null where there is no end, as rows: `r.low`, `r.high`. */
  ranges(name: string): SQL;
  /** After a table: reads it through the index of that name. */
  through(index: string): SQL;
  /** A column that no index is to be chosen for. */
  unindexed(column: SQLWrapper): SQL;
  /** Whether several write at once, so that what a transaction stands on has to be locked. */
  readonly locksRows: boolean;
  /** After a query: its rows stay as they are, for others to read at most, until the transaction ends. */
  readonly forUpdate: SQL;
  readonly forShare: SQL;
  /** After a query: the keys of its rows stay, so that rows may point to them. */
  readonly forKeyShare: SQL;
  /** The time of the database, in milliseconds since 1970. */
  readonly databaseTime: SQL;
};

/** A placeholder for a list, with how it is sent. */
const listed = (name: string, encode: (list: readonly unknown[]) => unknown): SQL =>
  sql`${sql.param(sql.placeholder(name), { mapToDriverValue: (value: unknown) => encode(value as readonly unknown[]) })}`; // The caller gives a list.

const asJson = (name: string): SQL => listed(name, (list) => JSON.stringify(list));
const nothing = sql``;

export const sqliteWords: SqlWords = {
  among: (column, name) => sql`${column} in (select value from json_each(${asJson(name)}))`,
  pairAmong: (left, right, name) =>
    sql`(${left}, ${right}) in (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(${asJson(name)}))`,
  firstAmong: (column, name) => sql`${column} in (select json_extract(value, '$[0]') from json_each(${asJson(name)}))`,
  keys: (name) => sql`json_each(${asJson(name)}) k`,
  eachPage: (keys, page) => ({ from: keys, holds: (row) => sql`${row} in (${page})` }),
  ranges: (name) => sql`(select json_extract(value, '$[0]') as low, json_extract(value, '$[1]') as high from json_each(${asJson(name)})) r`,
  // Without statistics SQLite takes a site for a handful of rows, and would rather read all of them by the primary key.
  through: (index) => sql`indexed by ${sql.identifier(index)}`,
  unindexed: (column) => sql`+${column}`,
  locksRows: false,
  forUpdate: nothing,
  forShare: nothing,
  forKeyShare: nothing,
  databaseTime: sql`cast(unixepoch('subsec') * 1000 as integer)`,
};

const arrayOf = (name: string, type: KeyType, pick: (value: unknown) => unknown = (value) => value): SQL =>
  sql`${listed(name, (list) => list.map(pick))}::${sql.raw(type)}[]`;
const part = (index: 0 | 1) => (value: unknown) => (value as readonly unknown[])[index]; // The caller gives a list of pairs.

export const postgresWords: SqlWords = {
  among: (column, name) => sql`${column} = any(${listed(name, (list) => list)})`,
  pairAmong: (left, right, name) =>
    sql`(${left}, ${right}) in (select * from unnest(${arrayOf(name, 'text', part(0))}, ${arrayOf(name, 'bigint', part(1))}))`,
  firstAmong: (column, name) => sql`${column} = any(${listed(name, (list) => list.map(part(0)))})`,
  keys: (name, type = 'text') => sql`unnest(${arrayOf(name, type)}) as k(value)`,
  eachPage(keys, page, columns) {
    const names = sql.join(
      columns.map((name) => sql.identifier(name)),
      sql`, `,
    );
    const values = sql.join(
      columns.map((name) => sql`page.${sql.identifier(name)}`),
      sql`, `,
    );
    return { from: sql`${keys} cross join lateral (${page}) as page(${names})`, holds: (row) => sql`${row} = (${values})` };
  },
  ranges: (name) => sql`unnest(${arrayOf(name, 'bigint', part(0))}, ${arrayOf(name, 'bigint', part(1))}) as r(low, high)`,
  through: () => nothing,
  unindexed: (column) => sql`${column}`,
  locksRows: true,
  forUpdate: sql`for update`,
  forShare: sql`for share`,
  forKeyShare: sql`for key share`,
  databaseTime: sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
};
