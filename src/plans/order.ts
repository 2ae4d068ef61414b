// Orders, and the lists of them: of the site and under members.
import { allowedActions, type Order, orderStatus } from '../domain/order.ts';
import { pageRange } from '../graphql/connection.ts';
import { criteriaFrom, type OrderFilterInput } from '../graphql/order/filter.ts';
import { orderCursor } from '../graphql/order/type.ts';
import type { Asking, Cells } from '../store/statement.ts';
import type { OrderCriteria, OrderSort } from '../store/store.ts';
import { type CellsPage, connectionWriter, keepPages, pageOfCells, pageUnder } from './connection.ts';
import { distinct, groupedBy, rowOf } from './edge.ts';
import { linesOfOrder } from './line-item.ts';
import { type Compiling, createLevel, type Level, type PlannedField, type PlannedFields, type Running } from './plan.ts';
import { Unplanned } from './selection.ts';
import { count, derived, instant, money, nodeId, ofFew, points, text } from './values.ts';

/** What follows from the state of an order alone. */
const ofState = (write: (order: Pick<Order, 'workflow'>) => string): PlannedField => ofFew('workflow', (workflow) => write({ workflow }));

export const orderFields: PlannedFields = {
  id: nodeId('Order'),
  orderId: text('orderId'),
  siteId: text('siteId'),
  status: ofState((order) => `"${orderStatus(order)}"`),
  allowedActions: ofState((order) => JSON.stringify(allowedActions(order))),
  version: count('version'),
  member: rowOf('Member', 'memberId'),
  creditedTo: rowOf('Member', 'creditedToId'),
  orderDate: instant('orderDate'),
  total: money('totalMinor'),
  currentTotal: money('currentTotalMinor'),
  spend: money('spendMinor'),
  discount: money('discountMinor'),
  coupons: derived(['coupons'], ({ coupons }) => couponsText(coupons)),
  storeId: text('storeId'),
  source: text('source'),
  pointsAwarded: points('pointsAwarded'),
  pointsRemoved: points('pointsRemoved'),
  pointsHeld: points('heldPoints'),
  pointsReleaseAt: instant('releaseAt'),
  pointsRedeemed: points('redeemedPoints'),
  redeemedPointsReturned: points('redeemedReturned'),
  createdAt: instant('createdAt'),
  updatedAt: instant('updatedAt'),
  lineItems: linesOfOrder,
};

/** As many coupons as an order is reckoned to have: what more there are is charged in the ordinary way. */
const reckonedCoupons = 10;

function couponsText(coupons: readonly string[]): string {
  if (coupons.length > reckonedCoupons) throw new Unplanned();
  return JSON.stringify(coupons);
}

type ListArguments = {
  readonly filter?: OrderFilterInput | null;
  readonly sort?: OrderSort | null;
  readonly first?: number | null;
  readonly after?: string | null;
};

/** What a list of orders asks for, as its arguments say. */
function listOf(args: ListArguments) {
  const sort = args.sort ?? 'ORDER_DATE_DESC';
  const cursor = orderCursor(sort);
  return { sort, cursor, range: pageRange({ first: args.first, after: args.after }, cursor) };
}

/** Makes cursors of a list's rows, which hold whatever the list may be sorted by where cursors are selected. */
function cursorColumns(level: Level, { selectsCursors }: Compiling) {
  if (!selectsCursors()) return ({ name }: ReturnType<typeof orderCursor>) => ({ name, valueOf: noCursor });
  const [id, orderDate, updatedAt, totalMinor] = [level.at('id'), level.at('orderDate'), level.at('updatedAt'), level.at('totalMinor')];
  return (cursor: ReturnType<typeof orderCursor>): Pick<CellsPage, 'name' | 'valueOf'> => ({
    name: cursor.name,
    valueOf: (row) =>
      cursor.valueOf({ id: row[id], orderDate: row[orderDate], updatedAt: row[updatedAt], totalMinor: row[totalMinor] } as Order), // A cursor is made of these alone.
  });
}

function noCursor(): never {
  throw new Error('A cursor was not selected.');
}

/** The ids of members by their user ids. */
const membersNamed = ({ store }: Compiling) => {
  const reader = store.chosen.membersByUserId(['id']);
  return function* idsOf(siteId: string, userIds: readonly string[]): Asking<readonly string[]> {
    const rows = yield* reader(siteId, [...new Set(userIds.map((userId) => userId.trim()))]);
    return rows.map(([id]) => id as string); // The one column that was chosen.
  };
};

/** Pages of the site's orders, of those that a filter made of the arguments lets through. */
export const orders =
  (filterOf: (args: Readonly<Record<string, unknown>>) => OrderFilterInput | null | undefined): PlannedField =>
  (compiling) => {
    const { store, args, keep } = compiling;
    const to = createLevel();
    const write = connectionWriter(compiling, 'Order', to);
    const cursorOf = cursorColumns(to, compiling);
    const idsOf = membersNamed(compiling);
    const reader = store.chosen.orders(to.columns);
    const place = keep((place) => ({
      to,
      *read(_, running) {
        const given = args(running);
        const { sort, cursor, range } = listOf(given);
        const criteria = yield* criteriaOf(running, filterOf(given));
        const found = yield* reader.page(running.siteId, criteria, sort, range);
        const page = pageOfCells(found, range, cursorOf(cursor));
        running.found[place] = new Map([[null, page]]);
        return page.rows;
      },
    }));
    return (_, running) => write(pageUnder(running, place, null), running);

    function* criteriaOf({ siteId, program }: Running, filter: OrderFilterInput | null | undefined): Asking<OrderCriteria> {
      if (!filter?.userIds) return criteriaFrom(program, filter, null);
      // Lists that are too long are refused before anything is looked up.
      criteriaFrom(program, filter, []);
      return criteriaFrom(program, filter, yield* idsOf(siteId, filter.userIds));
    }
  };

/** A page of the orders of each member. */
export const ordersOfMember: PlannedField = (compiling) => {
  const { store, level, args, keep } = compiling;
  const member = level.at('id');
  const to = createLevel();
  const parent = to.at('memberId');
  const write = connectionWriter(compiling, 'Order', to);
  const cursorOf = cursorColumns(to, compiling);
  const reader = store.chosen.orders(to.columns);
  const place = keep((place) => ({
    to,
    *read(rows, running) {
      const given: ListArguments = args(running);
      // Under a member, a filter by user says for some members that they have none.
      if (given.filter?.userIds) throw new Unplanned();
      const { sort, cursor, range } = listOf(given);
      const criteria = criteriaFrom(running.program, given.filter, null);
      const found: readonly Cells[] = yield* reader.ofMembers(running.siteId, distinct(rows, member), criteria, sort, range);
      const groups = groupedBy(found, parent);
      const cursors = cursorOf(cursor);
      return keepPages(running, place, rows, member, (id) => pageOfCells(groups.get(id) ?? [], range, cursors));
    },
  }));
  return (row, running) => write(pageUnder(running, place, row[member]), running);
};
