// Fills a database with one site of 100,000 orders, straight into its tables: enough for a wrong plan to show.
import Database from 'better-sqlite3';
import type { OrderAction, OrderStatus } from '../../src/domain/line-item.ts';
import { seededRandom } from './histories/random.ts';

export const bulkSite = 'bulk';
export const orderCount = 100_000;
/** This member placed half of all orders. */
export const largestMember = { id: 'member-largest', orders: 50_000 } as const;

/** What a filter or a sort can look at, as it was written; the tests judge answers by these rows. */
export type BulkOrder = {
  readonly id: string;
  readonly orderId: string;
  readonly memberId: string;
  readonly productId: string;
  readonly storeId: string | null;
  readonly source: string | null;
  readonly status: OrderStatus;
  readonly actions: readonly OrderAction[];
  readonly held: boolean;
  readonly orderDate: number;
  readonly updatedAt: number;
  readonly totalMinor: number;
};

type Kind = Pick<BulkOrder, 'status' | 'actions'> & { readonly workflow: number; readonly quantities: readonly number[] };

/** Ordered, shipped, cancelled and returned, with the state that the store keeps of them: status × 16 + open 1, returnable 2, adjustable 4. */
const kinds = {
  open: { status: 'OPEN', actions: ['SHIP', 'CANCEL', 'ADD', 'CORRECT', 'ADJUST_SPEND'], workflow: 5, quantities: [2, 0, 0, 0] },
  shipped: { status: 'SHIPPED', actions: ['RETURN', 'ADD', 'CORRECT', 'ADJUST_SPEND'], workflow: 38, quantities: [2, 2, 0, 0] },
  partlyReturned: {
    status: 'PARTIALLY_RETURNED',
    actions: ['RETURN', 'ADD', 'CORRECT', 'ADJUST_SPEND'],
    workflow: 54,
    quantities: [2, 2, 0, 1],
  },
  returned: { status: 'RETURNED', actions: ['CORRECT'], workflow: 64, quantities: [2, 2, 0, 2] },
  cancelled: { status: 'CANCELLED', actions: ['CORRECT'], workflow: 96, quantities: [2, 0, 2, 0] },
} as const satisfies Record<string, Kind>;
export const heldBit = 8;

const day = 86_400_000;
export const start = Date.parse('2023-11-01T00:00:00Z');
/** Beyond what the others have: two orders stand there for each of the ranged filters. */
export const rareDate = Date.parse('2021-05-01T00:00:00Z');
export const rareUpdate = Date.parse('2027-05-01T00:00:00Z');
export const rareTotal = 900_000_00;

/** Places of the orders with a rare value: of each filter two, spread over the dates. */
const isRare = (index: number, filter: number): boolean => index === 1_000 * filter + 77 || index === orderCount - 1_000 * filter - 77;

/** The orders of the site, the same each time. */
export function makeOrders(): readonly (BulkOrder & { readonly kind: Kind })[] {
  const random = seededRandom(5);
  const usual = [
    [75, kinds.shipped],
    [12, kinds.partlyReturned],
    [8, kinds.returned],
    [5, kinds.cancelled],
  ] as const;
  return Array.from({ length: orderCount }, (_, index) => {
    const kind = isRare(index, 1) ? kinds.open : random.weighted<Kind>(usual);
    // Whole hours, so that many orders share their date and an order within equal dates is needed.
    const orderDate = isRare(index, 2) ? rareDate : start + random.int(0, 1_000 * 24) * (day / 24);
    const memberId = index % 2 === 0 ? largestMember.id : `member-${random.int(1, 200)}`;
    const suffix = String(index).padStart(6, '0');
    return {
      id: `id-${suffix}`,
      orderId: `order-${suffix}`,
      memberId: isRare(index, 3) ? 'member-rare' : memberId,
      productId: isRare(index, 4) ? 'product-rare' : random.chance(0.6) ? 'product-common' : `product-${random.int(1, 400)}`,
      storeId: isRare(index, 5) ? 'store-rare' : random.weighted([[60, 'store-main'], [10, null], [30, `store-${random.int(1, 30)}`]]), // biome-ignore format: one choice a bracket
      source: isRare(index, 6) ? 'kiosk' : random.weighted([[70, 'web'], [20, 'app'], [10, null]]), // biome-ignore format: one choice a bracket
      status: kind.status,
      actions: kind.actions,
      held: isRare(index, 7),
      orderDate,
      updatedAt: isRare(index, 8) ? rareUpdate : Math.max(orderDate, start) + random.int(0, 90 * 24 * 60) * 60_000,
      totalMinor: isRare(index, 9) ? rareTotal : random.int(1, 4_000) * 50,
      kind,
    };
  });
}

/** What differs from row to row is bound; the rest stands in the statement. */
const statements = {
  /** Indexes are made again at the end, by the statements of their migrations: that takes half the time. */
  indexes: "select name, sql from sqlite_master where type = 'index' and sql is not null",
  program: `insert into programs values ('${bulkSite}', 1, ${start}, '{}', 'bulk', ${start})`,
  member: `insert into members (site_id, id, user_id, status, opted_in, available, held, used, expired, lifetime, debt, total_spend_minor,
      entry_count, revision, created_at, updated_at)
    values ('${bulkSite}', ?, ?, 'ACTIVE', 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, ${start}, ${start})`,
  order: `insert into orders (site_id, id, order_id, member_id, credited_to_id, order_date, created_at, updated_at, total_minor,
      current_total_minor, spend_minor, store_id, source, workflow, held_points, created_shipped, program_version, adjustment_ratio, adjustment_rounding, discount_minor, coupons,
      adjustment_minor, adjustment_points, adjusted_points, points_awarded, points_removed, retained_points, version, event_count, line_count, content)
    values ('${bulkSite}', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, '1', 'FLOOR', 0, '[]', 0, 0, 0, 0, 0, 0, 1, 1, 1, '')`,
  line: `insert into line_items (site_id, order_id, position, product_id, quantity, shipped, cancelled, returned, unit_price_minor, order_date,
      discount_minor, discount_share_minor, auto_delivery, points_awarded, points_removed, rule)
    values ('${bulkSite}', ?, 1, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, '{}')`,
  entries: `insert into points_entries (site_id, member_id, sequence, order_id, position, event_sequence, type, points, available, held, debt,
      uncollected, available_after, held_after, debt_after, actor, occurred_at, recorded_at)
    select site_id, member_id, row_number() over (order by id), id, 1, 1, 'EARN', 0, 0, 0, 0, 0, 0, 0, 0, 'bulk', order_date, order_date
    from orders where member_id = '${largestMember.id}'`,
} as const;

/** Fills a migrated database file and answers the orders as they were written. The largest member also has an entry for each order. */
export function fillWithBulkRows(file: string): readonly BulkOrder[] {
  const rows = makeOrders();
  const connection = new Database(file);
  // A lost power is no matter here, and a cache that holds the file spares most of the writing.
  for (const pragma of ['synchronous = OFF', 'cache_size = -400000', 'foreign_keys = OFF']) connection.pragma(pragma);
  const member = connection.prepare(statements.member);
  const order = connection.prepare(statements.order);
  const line = connection.prepare(statements.line);
  connection.transaction(() => {
    const indexes = connection.prepare<[], { name: string; sql: string }>(statements.indexes).all();
    for (const { name } of indexes) connection.exec(`drop index ${name}`);
    connection.exec(statements.program);
    for (const id of [largestMember.id, 'member-rare']) member.run(id, id.replace('member', 'user'));
    for (let number = 1; number <= 200; number += 1) member.run(`member-${number}`, `user-${number}`);
    for (const { id, orderId, memberId, orderDate, updatedAt, totalMinor, storeId, source, held, kind } of rows) {
      const heldPoints = held ? 1 : 0;
      const workflow = kind.workflow + heldBit * heldPoints;
      const money = [totalMinor, totalMinor, totalMinor];
      order.run(id, orderId, memberId, memberId, orderDate, orderDate, updatedAt, ...money, storeId, source, workflow, heldPoints);
    }
    for (const { id, productId, kind, totalMinor, orderDate } of rows)
      line.run(id, productId, ...kind.quantities, totalMinor / 2, orderDate);
    connection.exec(statements.entries);
    for (const { sql } of indexes) connection.exec(sql);
  })();
  connection.close();
  return rows;
}
