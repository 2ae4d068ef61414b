// Finds orders by criteria, a page at a time: one prepared statement per shape of the question, each served by an index.
import { and, asc, desc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { alias, type SQLiteColumn } from 'drizzle-orm/sqlite-core';
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

/** The sort value of an order, which a cursor keeps. */
export const sortValue = (order: Order, sort: OrderSort): number => order[sortOf(sort).column];

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

/** All conditions but the facet, on one row of orders. */
function conditions(table: OrderColumns, given: readonly string[], facet: Facet | null): SQL[] {
  const listed = facetOrder
    .filter((name) => name !== facet && given.includes(name))
    .map((name) => (name === 'productId' ? holdsProduct(table, facet) : sql`${table[name]} in (select value from json_each(${at(name)}))`));
  const ranged = ranges
    .filter(([name]) => given.includes(name))
    .map(([name, column, operator]) => sql`${table[column]} ${operator} ${at(name)}`);
  return [
    eq(table.siteId, at('siteId')),
    ...listed,
    ...ranged,
    ...(given.includes('primaryId') ? [eq(table.primaryId, at('primaryId'))] : []),
  ];
}

/** Looked up order by order beside another facet; else all orders of the products are found first. */
const holdsProduct = (table: OrderColumns, facet: Facet | null): SQL =>
  facet === null
    ? sql`${table.id} in (select ${product.orderId} from ${lineItems} ${product} where ${product.siteId} = ${at('siteId')} and ${product.productId} in (select value from json_each(${at('productId')})))`
    : sql`exists (select 1 from ${lineItems} ${product} where ${product.siteId} = ${table.siteId} and ${product.orderId} = ${table.id} and ${product.productId} in (select value from json_each(${at('productId')})))`;

/** The ranged column that the search starts from when there is no list: the sort's own if it has bounds, else another. */
function rangeStart(given: readonly string[], sorted: string): string {
  const bounded = ranges.filter(([name]) => given.includes(name)).map(([, column]) => column);
  return bounded.find((column) => column === sorted) ?? bounded[0] ?? sorted;
}

type Shape = { readonly given: readonly string[]; readonly sort: OrderSort; readonly after: boolean };

function ordering({ sort, after }: Shape, columns: { value: SQLiteColumn; id: SQLiteColumn }, indexed: boolean) {
  const { descending } = sortOf(sort);
  // A plus keeps the planner from walking the sort's index where the filter's finds far fewer rows.
  const value = indexed ? sql`${columns.value}` : sql`+${columns.value}`;
  const direction = descending ? desc : asc;
  const beyond = descending ? sql`<` : sql`>`;
  const cursor = after ? [sql`(${value}, ${columns.id}) ${beyond} (${at('afterValue')}, ${at('afterId')})`] : [];
  return { order: [direction(value), direction(columns.id)], cursor };
}

/** The ids that one key of a list gives, at most a page of them, in the order of the sort. */
function idsOfKey(shape: Shape, facet: Facet): SQL {
  const { column } = sortOf(shape.sort);
  if (facet === 'productId' && column === 'orderDate') return idsOfProduct(shape);
  const { order, cursor } = ordering(shape, { value: candidate[column], id: candidate.id }, column === 'orderDate' && facet !== 'orderId');
  const wanted =
    facet === 'productId'
      ? sql`${candidate.id} in (select ${product.orderId} from ${lineItems} ${product} where ${product.siteId} = ${at('siteId')} and ${product.productId} = k.value)`
      : sql`${candidate[facet]} = k.value`;
  const where = and(...conditions(candidate, shape.given, facet), wanted, ...cursor);
  return sql`select ${candidate.id} from ${orders} ${candidate} where ${where} order by ${sql.join(order, sql`, `)} limit ${at('limit')}`;
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
  return sql`select distinct ${product.orderId} from ${lineItems} ${product} where ${where} ${others} order by ${sql.join(order, sql`, `)} limit ${at('limit')}`;
}

const keysOf = (facet: Facet): SQL => sql`json_each(${at(facet)}) k`;

function preparePage(db: BetterSQLite3Database, shape: Shape) {
  const { column } = sortOf(shape.sort);
  const facet = facetOf(shape.given);
  const start = rangeStart(shape.given, column);
  const { order, cursor } = ordering(shape, { value: orders[column], id: orders.id }, facet === null && start === column);
  const hit = alias(orders, 'h');
  const where = facet
    ? and(
        eq(orders.siteId, at('siteId')),
        sql`${orders.id} in (select ${hit.id} from ${keysOf(facet)} cross join ${orders} ${hit} where ${hit.siteId} = ${at('siteId')} and ${hit.id} in (${idsOfKey(shape, facet)}))`,
      )
    : and(...conditions(orders, shape.given, null), ...cursor);
  return db
    .select()
    .from(orders)
    .where(where)
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

/** Prepares a statement the first time that its shape is asked for. */
const remembered = <Statement>(prepare: (shape: Shape) => Statement): ((shape: Shape) => Statement) => {
  const statements = new Map<string, Statement>();
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
  const count = remembered(({ given }) =>
    db
      .select({ count: sql<number>`count(*)` })
      .from(orders)
      .where(and(...conditions(orders, given, null)))
      .prepare(),
  );
  const countPerMember = remembered(({ given }) =>
    db
      .select({ memberId: orders.memberId, count: sql<number>`count(*)` })
      .from(orders)
      .where(and(...conditions(orders, given, null)))
      .groupBy(orders.memberId)
      .prepare(),
  );
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
    /** The statement of a page, for those who look at its plan. */
    sqlOfPage: (siteId: string, criteria: OrderCriteria, sort: OrderSort, page: PageRange): { sql: string; values: Values } => {
      const { shape, values } = question(siteId, criteria, sort, page.after);
      return { sql: preparePage(db, shape).getQuery().sql, values };
    },
  };
}
