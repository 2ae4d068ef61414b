// The queries that find orders: one for each shape of a question, each served by an index.
import { and, asc, desc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import { alias, type SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { SqlWords } from './sql-words.ts';
import { builder as db, type Engine } from './statement.ts';
import type { OrderSort } from './store.ts';
import { lineItems, orders } from './tables.ts';

/** The column that a search starts from: one limited index range for each key of a list. */
type Facet = 'orderId' | 'memberId' | 'productId' | 'workflow' | 'storeId' | 'source';

const at = sql.placeholder;
const candidate = alias(orders, 'c');
const product = alias(lineItems, 'p');

const sortColumns = { ORDER_DATE: 'orderDate', UPDATED_AT: 'updatedAt', TOTAL: 'totalMinor' } as const;

function sortOf(sort: OrderSort): { readonly column: (typeof sortColumns)[keyof typeof sortColumns]; readonly descending: boolean } {
  const descending = sort.endsWith('_DESC');
  const name = sort.slice(0, sort.lastIndexOf('_')) as keyof typeof sortColumns; // Every sort is a name of these with a direction.
  return { column: sortColumns[name], descending };
}

const facetOrder: readonly Facet[] = ['orderId', 'memberId', 'productId', 'workflow', 'storeId', 'source'];

/** The most selective list that is given; null when there is none. */
const facetOf = (given: readonly string[]): Facet | null => facetOrder.find((name) => given.includes(name)) ?? null;

const ranges: readonly [name: string, column: 'orderDate' | 'updatedAt' | 'totalMinor', operator: SQL][] = [
  ['orderDateFrom', 'orderDate', sql`>=`],
  ['orderDateBefore', 'orderDate', sql`<`],
  ['updatedAtFrom', 'updatedAt', sql`>=`],
  ['updatedAtBefore', 'updatedAt', sql`<`],
  ['totalMinorFrom', 'totalMinor', sql`>=`],
  ['totalMinorTo', 'totalMinor', sql`<=`],
];

/** The columns of orders that criteria look at, under the table's own name or an alias. */
type OrderColumns = Record<
  Exclude<Facet, 'productId'> | 'siteId' | 'id' | 'primaryId' | 'orderDate' | 'updatedAt' | 'totalMinor',
  SQLiteColumn
>;

/** The condition that one list makes on a row of orders, in a search that starts from `facet`. */
function listed(words: SqlWords, table: OrderColumns, name: Facet, facet: Facet | null): SQL {
  if (name !== 'productId') return words.among(table[name], name);
  const isOfProducts = words.among(product.productId, name);
  // Looked up order by order beside another facet; else all orders of the products are found first.
  return facet === 'productId'
    ? sql`${table.id} in (select ${product.orderId} from ${lineItems} ${product} ${words.through('line_items_by_product')} where ${product.siteId} = ${at('siteId')} and ${isOfProducts})`
    : sql`exists (select 1 from ${lineItems} ${product} where ${product.siteId} = ${table.siteId} and ${product.orderId} = ${table.id} and ${isOfProducts})`;
}

/** All conditions but the facet, on one row of orders. */
function conditions(words: SqlWords, table: OrderColumns, given: readonly string[], facet: Facet | null): SQL[] {
  const lists = facetOrder.filter((name) => name !== facet && given.includes(name));
  const ranged = ranges
    .filter(([name]) => given.includes(name))
    .map(([name, column, operator]) => sql`${table[column]} ${operator} ${at(name)}`);
  return [
    eq(table.siteId, at('siteId')),
    ...lists.map((name) => listed(words, table, name, facet)),
    ...ranged,
    ...(given.includes('primaryId') ? [eq(table.primaryId, at('primaryId'))] : []),
    ...(given.includes('visibleTo') ? [sql`(${table.memberId} = ${at('visibleTo')} or ${table.primaryId} = ${at('visibleTo')})`] : []),
  ];
}

type SortColumn = ReturnType<typeof sortOf>['column'];

/** The ranged column that the search starts from when there is no list: the sort's own if it has bounds, else another. */
function rangeStart(given: readonly string[], sorted: SortColumn): SortColumn {
  const bounded = ranges.filter(([name]) => given.includes(name)).map(([, column]) => column);
  return bounded.find((column) => column === sorted) ?? bounded[0] ?? sorted;
}

const indexes = {
  orderId: 'orders_by_order_id',
  memberId: 'orders_by_member',
  workflow: 'orders_by_workflow',
  storeId: 'orders_by_store',
  source: 'orders_by_source',
  orderDate: 'orders_by_date',
  updatedAt: 'orders_by_update',
  totalMinor: 'orders_by_total',
} as const;

/** The table as it is searched from the facet, or from a range or the sort when there is none. */
const ordersFrom = ({ through }: SqlWords, facet: Facet | null, start: SortColumn): SQL =>
  facet === 'productId' ? sql`${orders}` : sql`${orders} ${through(indexes[facet ?? start])}`;

/** Columns of orders that are read. */
export type Chosen = ReturnType<typeof getTableColumns<typeof orders>>;
/** All columns, for whoever reads whole orders. */
export const allColumns: Chosen = getTableColumns(orders);

/** The columns as expressions, since drizzle takes a table with a named index for another table. */
const expressionsOf = (columns: Chosen): Chosen =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, sql`${column}`.mapWith(column)])) as unknown as Chosen; // Each expression reads what its column reads.

/** What a question has in common with all that one statement answers. */
export type Shape = { readonly given: readonly string[]; readonly sort: OrderSort; readonly after: boolean };

function ordering(words: SqlWords, { sort, after }: Shape, columns: { value: SQLiteColumn; id: SQLiteColumn }, indexed: boolean) {
  const { descending } = sortOf(sort);
  const value = indexed ? sql`${columns.value}` : words.unindexed(columns.value);
  const direction = descending ? desc : asc;
  const beyond = descending ? sql`<` : sql`>`;
  const cursor = after ? [sql`(${value}, ${columns.id}) ${beyond} (${at('afterValue')}, ${at('afterId')})`] : [];
  return { order: [direction(value), direction(columns.id)], cursor };
}

/** The ids that one key of a list gives, at most a page of them, in the order of the sort. */
function idsOfKey(words: SqlWords, shape: Shape, facet: Exclude<Facet, 'productId'>): SQL {
  const { column } = sortOf(shape.sort);
  const { order, cursor } = ordering(words, shape, { value: candidate[column], id: candidate.id }, column === 'orderDate');
  const where = and(...conditions(words, candidate, shape.given, facet), sql`${candidate[facet]} = k.value`, ...cursor);
  return sql`select ${candidate.id} from ${orders} ${candidate} ${words.through(indexes[facet])} where ${where} order by ${sql.join(order, sql`, `)} limit ${at('limit')}`;
}

/** Orders that hold a product, by date, from the index of the lines; the other conditions are looked up order by order. */
function idsOfProduct(words: SqlWords, shape: Shape): SQL {
  const { order, cursor } = ordering(words, shape, { value: product.orderDate, id: product.orderId }, true);
  const rest = conditions(words, candidate, shape.given, 'productId');
  const others =
    rest.length > 1
      ? sql`and exists (select 1 from ${orders} ${candidate} where ${candidate.id} = ${product.orderId} and ${and(...rest)})`
      : sql``;
  const where = and(eq(product.siteId, at('siteId')), sql`${product.productId} = k.value`, ...cursor);
  return sql`select ${product.orderId} from ${lineItems} ${product} ${words.through('line_items_by_product')} where ${where} ${others} group by ${product.orderDate}, ${product.orderId} order by ${sql.join(order, sql`, `)} limit ${at('limit')}`;
}

const keysOf = (words: SqlWords, facet: Facet): SQL => words.keys(facet, facet === 'workflow' ? 'bigint' : 'text');

/** A list's indexes are in the order of the dates: for those, a page is merged of a page of each key. All other orders sort what matches. */
export function pageQuery(words: SqlWords, shape: Shape, columns = allColumns) {
  const facet = facetOf(shape.given);
  const isMerged = facet !== null && facet !== 'orderId' && sortOf(shape.sort).column === 'orderDate';
  return isMerged ? mergedPage(words, shape, facet, columns) : sortedPage(words, shape, facet, columns);
}

/** A shape is one of thousands, so that no server is asked to keep its statement. */
export const seldom = { standing: false };

function mergedPage(words: SqlWords, shape: Shape, facet: Exclude<Facet, 'orderId'>, columns: Chosen) {
  const hit = alias(orders, 'h');
  const ids = facet === 'productId' ? idsOfProduct(words, shape) : idsOfKey(words, shape, facet);
  const each = words.eachPage(keysOf(words, facet), ids, ['id']);
  const found = sql`select ${hit.id} from ${each.from} cross join ${orders} ${hit} where ${hit.siteId} = ${at('siteId')} and ${each.holds(sql`${hit.id}`)}`;
  return db
    .select(columns)
    .from(orders)
    .where(and(eq(orders.siteId, at('siteId')), sql`${orders.id} in (${found})`))
    .orderBy(...ordering(words, shape, { value: orders.orderDate, id: orders.id }, false).order)
    .limit(at('limit'));
}

function sortedPage(words: SqlWords, shape: Shape, facet: Facet | null, columns: Chosen) {
  const { column } = sortOf(shape.sort);
  const start = rangeStart(shape.given, column);
  const { order, cursor } = ordering(words, shape, { value: orders[column], id: orders.id }, facet === null && start === column);
  const list = facet ? [listed(words, orders, facet, facet)] : [];
  return db
    .select(expressionsOf(columns))
    .from(ordersFrom(words, facet, start))
    .where(and(...conditions(words, orders, shape.given, facet), ...list, ...cursor))
    .orderBy(...order)
    .limit(at('limit'));
}

/** A page of the orders of each of some members. */
export function pagePerMemberQuery(words: SqlWords, shape: Shape, columns = allColumns) {
  const { column } = sortOf(shape.sort);
  const { order } = ordering(words, shape, { value: orders[column], id: orders.id }, false);
  const each = words.eachPage(keysOf(words, 'memberId'), idsOfKey(words, shape, 'memberId'), ['id']);
  return db
    .select(columns)
    .from(each.from)
    .crossJoin(orders)
    .where(and(eq(orders.siteId, at('siteId')), each.holds(sql`${orders.id}`)))
    .orderBy(...order);
}

/** A page of one member's orders, straight from their index. */
export function pageOfMemberQuery(words: SqlWords, shape: Shape, columns: Chosen) {
  const { column } = sortOf(shape.sort);
  const { order, cursor } = ordering(words, shape, { value: orders[column], id: orders.id }, column === 'orderDate');
  return db
    .select(expressionsOf(columns))
    .from(ordersFrom(words, 'memberId', 'orderDate'))
    .where(and(...conditions(words, orders, shape.given, 'memberId'), eq(orders.memberId, at('member')), ...cursor))
    .orderBy(...order)
    .limit(at('limit'));
}

/** How many orders meet the criteria. */
export function prepareCount({ rows, words }: Engine, { given }: Shape) {
  const facet = facetOf(given);
  const list = facet ? [listed(words, orders, facet, facet)] : [];
  return rows(
    db
      .select({ count: sql<number>`count(*)` })
      .from(ordersFrom(words, facet, rangeStart(given, 'orderDate')))
      .where(and(...conditions(words, orders, given, facet), ...list)),
    seldom,
  );
}

/** How many orders of each of some members do. */
export function prepareCountPerMember({ rows, words }: Engine, { given }: Shape) {
  return rows(
    db
      .select({ memberId: sql<string>`${orders.memberId}`, count: sql<number>`count(*)` })
      .from(ordersFrom(words, 'memberId', 'orderDate'))
      .where(and(...conditions(words, orders, given, 'memberId'), listed(words, orders, 'memberId', 'memberId')))
      .groupBy(orders.memberId),
    seldom,
  );
}
