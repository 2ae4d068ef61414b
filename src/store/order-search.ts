// Finds orders by criteria, a page at a time: one prepared statement per shape of the question, each served by an index.
import { and, asc, desc, eq, fillPlaceholders, getTableColumns, type Query, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { alias, type SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { LRUCache } from 'lru-cache';
import type { Order } from '../domain/order.ts';
import { workflowStatesWhere } from '../domain/order.ts';
import type { OrderCriteria, OrderSort, PageRange } from './store.ts';
import { lineItems, orders } from './tables.ts';

/** The column that a search starts from: one limited index range for each key of a list. */
type Facet = 'orderId' | 'memberId' | 'productId' | 'workflow' | 'storeId' | 'source';
type Values = Record<string, unknown>;

const at = sql.placeholder;
const candidate = alias(orders, 'c');
const product = alias(lineItems, 'p');

const sortColumns = { ORDER_DATE: 'orderDate', UPDATED_AT: 'updatedAt', TOTAL: 'totalMinor' } as const;

function sortOf(sort: OrderSort): { readonly column: (typeof sortColumns)[keyof typeof sortColumns]; readonly descending: boolean } {
  const descending = sort.endsWith('_DESC');
  const name = sort.slice(0, sort.lastIndexOf('_')) as keyof typeof sortColumns; // Every sort is a name of these with a direction.
  return { column: sortColumns[name], descending };
}

/** Criteria as parameters: lists as JSON, states packed as they are stored. */
function parameters(criteria: OrderCriteria): Values {
  const { statuses, actions, held } = criteria;
  const asksWorkflow = statuses !== undefined || actions !== undefined || held !== undefined;
  const question = { ...(statuses && { statuses }), ...(actions && { actions }), ...(held !== undefined && { held }) };
  const lists = {
    orderId: criteria.orderIds,
    memberId: criteria.memberIds,
    productId: criteria.productIds,
    workflow: asksWorkflow ? workflowStatesWhere(question) : undefined,
    storeId: criteria.storeIds,
    source: criteria.sources,
  };
  const single = {
    primaryId: criteria.primaryId,
    visibleTo: criteria.visibleTo,
    orderDateFrom: criteria.orderDate?.from,
    orderDateBefore: criteria.orderDate?.before,
    updatedAtFrom: criteria.updatedAt?.from,
    updatedAtBefore: criteria.updatedAt?.before,
    totalMinorFrom: criteria.total?.from,
    totalMinorTo: criteria.total?.to,
  };
  const json = Object.entries(lists).map(([name, list]) => [name, list && JSON.stringify([...new Set<string | number>(list)])] as const);
  return Object.fromEntries([...json, ...Object.entries(single)].filter(([, value]) => value !== undefined));
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
function listed(table: OrderColumns, name: Facet, facet: Facet | null): SQL {
  const values = sql`(select value from json_each(${at(name)}))`;
  if (name !== 'productId') return sql`${table[name]} in ${values}`;
  // Looked up order by order beside another facet; else all orders of the products are found first.
  return facet === 'productId'
    ? sql`${table.id} in (select ${product.orderId} from ${lineItems} ${product} indexed by line_items_by_product where ${product.siteId} = ${at('siteId')} and ${product.productId} in ${values})`
    : sql`exists (select 1 from ${lineItems} ${product} where ${product.siteId} = ${table.siteId} and ${product.orderId} = ${table.id} and ${product.productId} in ${values})`;
}

/** All conditions but the facet, on one row of orders. */
function conditions(table: OrderColumns, given: readonly string[], facet: Facet | null): SQL[] {
  const lists = facetOrder.filter((name) => name !== facet && given.includes(name));
  const ranged = ranges
    .filter(([name]) => given.includes(name))
    .map(([name, column, operator]) => sql`${table[column]} ${operator} ${at(name)}`);
  return [
    eq(table.siteId, at('siteId')),
    ...lists.map((name) => listed(table, name, facet)),
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

/**
 * The index is named: without statistics SQLite takes a site for a handful of rows, and would rather read all of them
 * by the primary key than look up what an index finds.
 */
const through = (index: keyof typeof indexes): SQL => sql`indexed by ${sql.identifier(indexes[index])}`;

/** The table as it is searched from the facet, or from a range or the sort when there is none. */
const ordersFrom = (facet: Facet | null, start: SortColumn): SQL =>
  facet === 'productId' ? sql`${orders}` : sql`${orders} ${through(facet ?? start)}`;

/** The columns as expressions, since drizzle takes a table with a named index for another table. */
const columnsOfOrders = Object.fromEntries(
  Object.entries(getTableColumns(orders)).map(([name, column]) => [name, sql`${column}`.mapWith(column)]),
) as unknown as ReturnType<typeof getTableColumns<typeof orders>>; // Each expression reads what its column reads.

type Shape = { readonly given: readonly string[]; readonly sort: OrderSort; readonly after: boolean };

function ordering({ sort, after }: Shape, columns: { value: SQLiteColumn; id: SQLiteColumn }, indexed: boolean) {
  const { descending } = sortOf(sort);
  // A plus says that the order is not looked for in the index.
  const value = indexed ? sql`${columns.value}` : sql`+${columns.value}`;
  const direction = descending ? desc : asc;
  const beyond = descending ? sql`<` : sql`>`;
  const cursor = after ? [sql`(${value}, ${columns.id}) ${beyond} (${at('afterValue')}, ${at('afterId')})`] : [];
  return { order: [direction(value), direction(columns.id)], cursor };
}

/** The ids that one key of a list gives, at most a page of them, in the order of the sort. */
function idsOfKey(shape: Shape, facet: Exclude<Facet, 'productId'>): SQL {
  const { column } = sortOf(shape.sort);
  const { order, cursor } = ordering(shape, { value: candidate[column], id: candidate.id }, column === 'orderDate');
  const where = and(...conditions(candidate, shape.given, facet), sql`${candidate[facet]} = k.value`, ...cursor);
  return sql`select ${candidate.id} from ${orders} ${candidate} ${through(facet)} where ${where} order by ${sql.join(order, sql`, `)} limit ${at('limit')}`;
}

/** Orders that hold a product, by date, from the index of the lines; the other conditions are looked up order by order. */
function idsOfProduct(shape: Shape): SQL {
  const { order, cursor } = ordering(shape, { value: product.orderDate, id: product.orderId }, true);
  const rest = conditions(candidate, shape.given, 'productId');
  const others =
    rest.length > 1
      ? sql`and exists (select 1 from ${orders} ${candidate} where ${candidate.id} = ${product.orderId} and ${and(...rest)})`
      : sql``;
  const where = and(eq(product.siteId, at('siteId')), sql`${product.productId} = k.value`, ...cursor);
  return sql`select distinct ${product.orderId} from ${lineItems} ${product} indexed by line_items_by_product where ${where} ${others} order by ${sql.join(order, sql`, `)} limit ${at('limit')}`;
}

const keysOf = (facet: Facet): SQL => sql`json_each(${at(facet)}) k`;

/** A list's indexes are in the order of the dates: for those, a page is merged of a page of each key. All other orders sort what matches. */
function preparePage(db: BetterSQLite3Database, shape: Shape) {
  const facet = facetOf(shape.given);
  const isMerged = facet !== null && facet !== 'orderId' && sortOf(shape.sort).column === 'orderDate';
  return isMerged ? prepareMergedPage(db, shape, facet) : prepareSortedPage(db, shape, facet);
}

function prepareMergedPage(db: BetterSQLite3Database, shape: Shape, facet: Exclude<Facet, 'orderId'>) {
  const hit = alias(orders, 'h');
  const ids = facet === 'productId' ? idsOfProduct(shape) : idsOfKey(shape, facet);
  const found = sql`select ${hit.id} from ${keysOf(facet)} cross join ${orders} ${hit} where ${hit.siteId} = ${at('siteId')} and ${hit.id} in (${ids})`;
  return db
    .select()
    .from(orders)
    .where(and(eq(orders.siteId, at('siteId')), sql`${orders.id} in (${found})`))
    .orderBy(...ordering(shape, { value: orders.orderDate, id: orders.id }, false).order)
    .limit(at('limit'))
    .prepare();
}

function prepareSortedPage(db: BetterSQLite3Database, shape: Shape, facet: Facet | null) {
  const { column } = sortOf(shape.sort);
  const start = rangeStart(shape.given, column);
  const { order, cursor } = ordering(shape, { value: orders[column], id: orders.id }, facet === null && start === column);
  const list = facet ? [listed(orders, facet, facet)] : [];
  return db
    .select(columnsOfOrders)
    .from(ordersFrom(facet, start))
    .where(and(...conditions(orders, shape.given, facet), ...list, ...cursor))
    .orderBy(...order)
    .limit(at('limit'))
    .prepare();
}

function preparePagePerMember(db: BetterSQLite3Database, shape: Shape) {
  const { column } = sortOf(shape.sort);
  const { order } = ordering(shape, { value: orders[column], id: orders.id }, false);
  return db
    .select(getTableColumns(orders))
    .from(keysOf('memberId'))
    .crossJoin(orders)
    .where(and(eq(orders.siteId, at('siteId')), sql`${orders.id} in (${idsOfKey(shape, 'memberId')})`))
    .orderBy(...order)
    .prepare();
}

function prepareCount(db: BetterSQLite3Database, { given }: Shape) {
  const facet = facetOf(given);
  return db
    .select({ count: sql<number>`count(*)` })
    .from(ordersFrom(facet, rangeStart(given, 'orderDate')))
    .where(and(...conditions(orders, given, facet), ...(facet ? [listed(orders, facet, facet)] : [])))
    .prepare();
}

function prepareCountPerMember(db: BetterSQLite3Database, { given }: Shape) {
  return db
    .select({ memberId: sql<string>`${orders.memberId}`, count: sql<number>`count(*)` })
    .from(ordersFrom('memberId', 'orderDate'))
    .where(and(...conditions(orders, given, 'memberId'), listed(orders, 'memberId', 'memberId')))
    .groupBy(orders.memberId)
    .prepare();
}

/** How many shapes of a question are kept prepared: there are thousands, and a client asks in few. */
const mostStatements = 500;

/** Prepares a statement when its shape is asked for, and keeps those that were asked for last. */
const remembered = <Statement extends object>(prepare: (shape: Shape) => Statement): ((shape: Shape) => Statement) => {
  const statements = new LRUCache<string, Statement>({ max: mostStatements });
  return (shape) => {
    const name = JSON.stringify(shape);
    const statement = statements.get(name) ?? prepare(shape);
    statements.set(name, statement);
    return statement;
  };
};

export function prepareOrderSearch(db: BetterSQLite3Database) {
  const page = remembered((shape) => preparePage(db, shape));
  const pagePerMember = remembered((shape) => preparePagePerMember(db, shape));
  const count = remembered((shape) => prepareCount(db, shape));
  const countPerMember = remembered((shape) => prepareCountPerMember(db, shape));
  const question = (siteId: string, criteria: OrderCriteria, sort: OrderSort, after: PageRange['after']) => {
    const values = parameters(criteria);
    const cursor = after ? { afterValue: after[0], afterId: after[1] } : {};
    return { shape: { given: Object.keys(values), sort, after: after !== null }, values: { ...values, ...cursor, siteId } };
  };

  return {
    page(siteId: string, criteria: OrderCriteria, sort: OrderSort, { after, limit }: PageRange): readonly Order[] {
      const { shape, values } = question(siteId, criteria, sort, after);
      return page(shape).all({ ...values, limit });
    },
    count(siteId: string, criteria: OrderCriteria): number {
      const { shape, values } = question(siteId, criteria, 'ORDER_DATE_DESC', null);
      return count(shape).get(values)?.count ?? 0;
    },
    pagePerMember(
      siteId: string,
      memberIds: readonly string[],
      criteria: OrderCriteria,
      sort: OrderSort,
      { after, limit }: PageRange,
    ): readonly Order[] {
      const { shape, values } = question(siteId, { ...criteria, memberIds }, sort, after);
      return pagePerMember(shape).all({ ...values, limit });
    },
    countPerMember(siteId: string, memberIds: readonly string[], criteria: OrderCriteria): ReadonlyMap<string, number> {
      const { shape, values } = question(siteId, { ...criteria, memberIds }, 'ORDER_DATE_DESC', null);
      return new Map(
        countPerMember(shape)
          .all(values)
          .map((row) => [row.memberId, row.count]),
      );
    },
    /** The statement of a page with its values in order, for those who look at its plan. */
    sqlOfPage: (siteId: string, criteria: OrderCriteria, sort: OrderSort, { after, limit }: PageRange): Statement => {
      const { shape, values } = question(siteId, criteria, sort, after);
      return statementOf(page(shape).getQuery(), { ...values, limit });
    },
    sqlOfPagePerMember: (siteId: string, memberIds: readonly string[], sort: OrderSort, { after, limit }: PageRange): Statement => {
      const { shape, values } = question(siteId, { memberIds }, sort, after);
      return statementOf(pagePerMember(shape).getQuery(), { ...values, limit });
    },
  };
}

type Statement = { readonly sql: string; readonly values: readonly unknown[] };

const statementOf = ({ sql, params }: Query, values: Values): Statement => ({ sql, values: fillPlaceholders(params, values) });
