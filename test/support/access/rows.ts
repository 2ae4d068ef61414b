// The rows of a database as they stand there, read past the product: what there is, and under which ids.
import Database from 'better-sqlite3';
import { encodeId } from './ids.ts';

export type StoredOrder = {
  readonly siteId: string;
  readonly id: string;
  readonly orderId: string;
  readonly memberId: string;
  readonly creditedToId: string;
  readonly primaryId: string | null;
};
export type StoredMember = { readonly siteId: string; readonly id: string; readonly userId: string };
export type StoredNode = { readonly siteId: string; readonly typename: string; readonly identity: string; readonly id: string };
export type Rows = {
  readonly members: readonly StoredMember[];
  readonly orders: readonly StoredOrder[];
  readonly adjustments: readonly { readonly id: string; readonly orderId: string }[];
  /** Every object that has a global id. */
  readonly nodes: readonly StoredNode[];
};

/** The identity of each kind of Node, as SQL on its table. */
const nodeTables: Readonly<Record<string, readonly [table: string, identity: string]>> = {
  Order: ['orders', 'id'],
  LineItem: ['line_items', "order_id || ':' || position"],
  OrderEvent: ['order_events', "order_id || ':' || sequence"],
  Member: ['members', 'id'],
  PointsBalance: ['members', 'id'],
  PointsLot: ['points_lots', "member_id || ':' || sequence"],
  PointsEntry: ['points_entries', "member_id || ':' || sequence"],
  SpendAdjustment: ['spend_adjustments', 'id'],
};

export const nodeTypes = Object.keys(nodeTables);

export function readRows(file: string): Rows {
  const database = new Database(file, { readonly: true });
  const all = <Row>(sql: string): readonly Row[] => database.prepare(sql).all() as readonly Row[]; // As each statement names its columns.
  try {
    return {
      members: all('select site_id as siteId, id, user_id as userId from members order by 1, 3'),
      orders: all(`select site_id as siteId, id, order_id as orderId, member_id as memberId, credited_to_id as creditedToId,
        primary_id as primaryId from orders order by 1, 3`),
      adjustments: all('select id, order_id as orderId from spend_adjustments'),
      nodes: Object.entries(nodeTables).flatMap(([typename, [table, identity]]) =>
        all<{ siteId: string; identity: string }>(`select site_id as siteId, ${identity} as identity from ${table} order by 1, 2`).map(
          (row) => ({ ...row, typename, id: encodeId(typename, row.identity) }),
        ),
      ),
    };
  } finally {
    database.close();
  }
}
