// The database as every competitor opens it, and the statements that read it, each prepared once.
import Database from 'better-sqlite3';

export const siteId = 'demo';
export const currencyCode = 'USD';

export type OrderRow = {
  readonly id: string;
  readonly orderId: string;
  readonly memberId: string;
  readonly orderDate: number;
  readonly totalMinor: number;
  readonly pointsAwarded: number;
  readonly pointsRemoved: number;
  readonly workflow: number;
  readonly version: number;
};
export type LineRow = {
  readonly orderId: string;
  readonly position: number;
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly returned: number;
  readonly unitPriceMinor: number;
  readonly pointsAwarded: number;
  readonly pointsRemoved: number;
};
export type MemberRow = {
  readonly id: string;
  readonly userId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly available: number;
};
export type SecondaryRow = MemberRow & { readonly primaryId: string };

const orderColumns = `id, order_id as orderId, member_id as memberId, order_date as orderDate, total_minor as totalMinor,
  points_awarded as pointsAwarded, points_removed as pointsRemoved, workflow, version`;
const lineColumns = `order_id as orderId, position, product_id as productId, name, quantity, returned, unit_price_minor as unitPriceMinor,
  points_awarded as pointsAwarded, points_removed as pointsRemoved`;
const memberColumns = 'id, user_id as userId, first_name as firstName, last_name as lastName, available';
/** A list of ids travels as one parameter, so that one statement is prepared for lists of every length. */
const among = 'in (select value from json_each(?))';

/** Opens the database with the settings of the gateway: writes are on the disk before they are answered. */
export function openDatabase(file: string): Database.Database {
  const connection = new Database(file, { timeout: 10_000 });
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']) connection.pragma(pragma);
  return connection;
}

export type Reads = ReturnType<typeof prepareReads>;

export function prepareReads(connection: Database.Database) {
  const all = <Row>(sql: string) => {
    const statement = connection.prepare<[string | number], Row>(sql);
    return (value: string | number): Row[] => statement.all(value);
  };
  const amongIds = <Row>(sql: string) => {
    const statement = connection.prepare<[string], Row>(sql);
    return (ids: readonly string[]): Row[] => statement.all(JSON.stringify(ids));
  };
  const one = <Row>(sql: string) => {
    const statement = connection.prepare<[string], Row>(sql);
    return (value: string): Row | undefined => statement.get(value);
  };
  return {
    orderByOrderId: one<OrderRow>(`select ${orderColumns} from orders where site_id = '${siteId}' and order_id = ?`),
    orderById: one<OrderRow>(`select ${orderColumns} from orders where site_id = '${siteId}' and id = ?`),
    memberById: one<MemberRow>(`select ${memberColumns} from members where site_id = '${siteId}' and id = ?`),
    memberByUserId: one<MemberRow>(`select ${memberColumns} from members where site_id = '${siteId}' and user_id = ?`),
    linesOfOrder: all<LineRow>(`select ${lineColumns} from line_items where site_id = '${siteId}' and order_id = ? order by position`),
    latestOrdersOfMember: all<OrderRow>(
      `select ${orderColumns} from orders indexed by orders_by_member where site_id = '${siteId}' and member_id = ? order by order_date desc, id desc limit 20`,
    ),
    ordersBefore: all<OrderRow>(
      `select ${orderColumns} from orders indexed by orders_by_date where site_id = '${siteId}' and order_date < ? order by order_date desc, id desc limit 50`,
    ),
    linesOfOrders: amongIds<LineRow>(
      `select ${lineColumns} from line_items where site_id = '${siteId}' and order_id ${among} order by order_id, position`,
    ),
    membersByIds: amongIds<MemberRow>(`select ${memberColumns} from members where site_id = '${siteId}' and id ${among}`),
    secondariesOf: amongIds<SecondaryRow>(
      `select l.primary_id as primaryId, m.id, m.user_id as userId, m.first_name as firstName, m.last_name as lastName, m.available
       from member_links l join members m on m.site_id = l.site_id and m.id = l.secondary_id
       where l.site_id = '${siteId}' and l.ended_at is null and l.primary_id ${among} order by m.user_id`,
    ),
  };
}

/** Rows by a key of theirs, in their order. */
export function groupedBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
