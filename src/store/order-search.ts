// Finds orders by criteria, a page at a time: a statement for each shape of the question.
import { LRUCache } from 'lru-cache';
import { type Order, workflowStatesWhere } from '../domain/order.ts';
import {
  allColumns,
  type Chosen,
  pageOfMemberQuery,
  pagePerMemberQuery,
  pageQuery,
  prepareCount,
  prepareCountPerMember,
  type Shape,
  seldom,
} from './order-queries.ts';
import { type Asking, all, type Cells, type Engine, first, type Statement, type Values } from './statement.ts';
import type { OrderCriteria, OrderSort, PageRange } from './store.ts';

/** Criteria as parameters: lists without what is said twice, states packed as they are stored. */
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
  const distinct = Object.entries(lists).map(([name, list]) => [name, list && [...new Set<string | number>(list)]] as const);
  return Object.fromEntries([...distinct, ...Object.entries(single)].filter(([, value]) => value !== undefined));
}

/** How many shapes of a question are kept: there are thousands, and a client asks in few. */
const mostStatements = 500;

/** Makes a statement when its shape is asked for, and keeps those that were asked for last. */
const remembered = <Asked extends Shape, Row>(prepare: (shape: Asked) => Statement<Row>): ((shape: Asked) => Statement<Row>) => {
  const statements = new LRUCache<string, Statement<Row>>({ max: mostStatements });
  return (shape) => {
    const name = JSON.stringify(shape);
    const statement = statements.get(name) ?? prepare(shape);
    statements.set(name, statement);
    return statement;
  };
};

const question = (siteId: string, criteria: OrderCriteria, sort: OrderSort, { after, limit }: PageRange) => {
  const values = parameters(criteria);
  const cursor = after ? { afterValue: after[0], afterId: after[1] } : {};
  return { shape: { given: Object.keys(values), sort, after: after !== null }, values: { ...values, ...cursor, siteId, limit } };
};
const everything: PageRange = { after: null, limit: 0 };

export function prepareOrderSearch(engine: Engine) {
  const page = remembered((shape: Shape) => engine.rows(pageQuery(engine.words, shape), seldom));
  const pagePerMember = remembered((shape: Shape) => engine.rows(pagePerMemberQuery(engine.words, shape), seldom));
  const count = remembered((shape: Shape) => prepareCount(engine, shape));
  const countPerMember = remembered((shape: Shape) => prepareCountPerMember(engine, shape));

  return {
    page(siteId: string, criteria: OrderCriteria, sort: OrderSort, range: PageRange): Asking<readonly Order[]> {
      const { shape, values } = question(siteId, criteria, sort, range);
      return all(page(shape), values);
    },
    *count(siteId: string, criteria: OrderCriteria): Asking<number> {
      const { shape, values } = question(siteId, criteria, 'ORDER_DATE_DESC', everything);
      return (yield* first(count(shape), values))?.count ?? 0;
    },
    *pagePerMember(
      siteId: string,
      memberIds: readonly string[],
      criteria: OrderCriteria,
      sort: OrderSort,
      range: PageRange,
    ): Asking<ReadonlyMap<string, readonly Order[]>> {
      const { shape, values } = question(siteId, { ...criteria, memberIds }, sort, range);
      const found = new Map<string, Order[]>(memberIds.map((id) => [id, []]));
      for (const order of yield* all(pagePerMember(shape), values)) found.get(order.memberId)?.push(order);
      return found;
    },
    *countPerMember(siteId: string, memberIds: readonly string[], criteria: OrderCriteria): Asking<ReadonlyMap<string, number>> {
      const { shape, values } = question(siteId, { ...criteria, memberIds }, 'ORDER_DATE_DESC', everything);
      return new Map((yield* all(countPerMember(shape), values)).map((row) => [row.memberId, row.count]));
    },
  };
}

/** Pages of orders, of chosen columns: those of the site, and those of each of some members. All choices share the statements that are kept. */
export function prepareChosenOrders({ cells, words }: Engine) {
  type ChosenShape = Shape & { readonly names: readonly string[] };
  const columnsOf = (names: readonly string[]): Chosen =>
    Object.fromEntries(names.map((name) => [name, allColumns[name as keyof Chosen]])) as Chosen; // Nothing else of it is read.
  const page = remembered((shape: ChosenShape) => cells(pageQuery(words, shape, columnsOf(shape.names))));
  const pageOfMember = remembered((shape: ChosenShape) => cells(pageOfMemberQuery(words, shape, columnsOf(shape.names))));
  const pagePerMember = remembered((shape: ChosenShape) => cells(pagePerMemberQuery(words, shape, columnsOf(shape.names))));

  return (names: readonly string[]) => ({
    page(siteId: string, criteria: OrderCriteria, sort: OrderSort, range: PageRange): Asking<readonly Cells[]> {
      const { shape, values } = question(siteId, criteria, sort, range);
      return all(page({ ...shape, names }), values);
    },
    ofMembers(
      siteId: string,
      ids: readonly string[],
      criteria: OrderCriteria,
      sort: OrderSort,
      range: PageRange,
    ): Asking<readonly Cells[]> {
      if (ids.length > 1) {
        const { shape, values } = question(siteId, { ...criteria, memberIds: ids }, sort, range);
        return all(pagePerMember({ ...shape, names }), values);
      }
      const { shape, values } = question(siteId, criteria, sort, range);
      return all(pageOfMember({ ...shape, names }), { ...values, member: ids[0] ?? '' });
    },
  });
}
