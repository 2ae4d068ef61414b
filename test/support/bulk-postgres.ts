// The site of 100,000 orders in PostgreSQL, whole columns at a time: the same rows as in SQLite.
import type { Client } from 'pg';
import { bulkSite, heldBit, largestMember, makeOrders, start } from './bulk-rows.ts';

const zeros = (count: number): string => Array.from({ length: count }, () => '0').join(', ');

const statements = {
  program: `insert into programs values ('${bulkSite}', 1, ${start}, '{}', 'bulk', ${start})`,
  members: `insert into members (site_id, id, user_id, status, opted_in, available, held, used, expired, lifetime, debt, total_spend_minor,
      entry_count, revision, created_at, updated_at)
    select '${bulkSite}', id, 'user ' || id, 'ACTIVE', true, ${zeros(8)}, 1, ${start}, ${start} from unnest($1::text[]) as m(id)`,
  orders: `insert into orders (site_id, id, order_id, member_id, credited_to_id, order_date, created_at, updated_at, total_minor, current_total_minor,
      spend_minor, store_id, source, workflow, held_points, created_shipped, program_version, adjustment_ratio, adjustment_rounding, coupons,
      discount_minor, adjustment_minor, adjustment_points, adjusted_points, points_awarded, points_removed, retained_points, version, event_count, line_count, content)
    select '${bulkSite}', id, order_id, member, member, date, date, updated, total, total, total, store, source, workflow, held, true, 1, '1', 'FLOOR', '[]',
      ${zeros(7)}, 1, 1, 1, ''
    from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::bigint[], $10::bigint[])
      as o(id, order_id, member, date, updated, total, store, source, workflow, held)`,
  lines: `insert into line_items (site_id, order_id, position, product_id, order_date, quantity, shipped, cancelled, returned, unit_price_minor,
      discount_minor, discount_share_minor, auto_delivery, points_awarded, points_removed, rule)
    select '${bulkSite}', id, 1, product, date, 2, 0, 0, 0, 100, 0, 0, false, 0, 0, '{}'
    from unnest($1::text[], $2::text[], $3::bigint[]) as l(id, product, date)`,
  entries: `insert into points_entries (site_id, member_id, sequence, order_id, position, event_sequence, type, points, available, held, debt,
      uncollected, available_after, held_after, debt_after, actor, occurred_at, recorded_at)
    select site_id, member_id, row_number() over (order by id), id, 1, 1, 'EARN', ${zeros(8)}, 'bulk', order_date, order_date
    from orders where member_id = '${largestMember.id}'`,
  lots: `insert into points_lots (site_id, member_id, sequence, order_id, points, remaining, expired, available_at, expires_at)
    select site_id, member_id, sequence, order_id, 5, 5 * (sequence % 2), 0, occurred_at, occurred_at + sequence from points_entries`,
} as const;

/** Fills a migrated database; foreign keys are not looked at meanwhile, which needs a superuser. */
export async function fillPostgresWithBulkRows(client: Client): Promise<void> {
  const rows = makeOrders();
  const column = <Value>(pick: (row: (typeof rows)[number]) => Value): Value[] => rows.map(pick);
  const [ids, dates] = [column(({ id }) => id), column(({ orderDate }) => orderDate)];
  await client.query('set session_replication_role = replica');
  await client.query(statements.program);
  await client.query(statements.members, [[...new Set(column(({ memberId }) => memberId))]]);
  await client.query(statements.orders, [
    ids,
    column(({ orderId }) => orderId),
    column(({ memberId }) => memberId),
    dates,
    column(({ updatedAt }) => updatedAt),
    column(({ totalMinor }) => totalMinor),
    column(({ storeId }) => storeId),
    column(({ source }) => source),
    column(({ kind, held }) => kind.workflow + (held ? heldBit : 0)),
    column(({ held }) => Number(held)),
  ]);
  await client.query(statements.lines, [ids, column(({ productId }) => productId), dates]);
  await client.query(statements.entries);
  await client.query(statements.lots);
  await client.query('analyze');
}
