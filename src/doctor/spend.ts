// Checks the spend that tiers are read from: each order's row, and its sums by day.
import { type SQL, sql } from 'drizzle-orm';
import { found, type Snapshot, select } from '../store/snapshot.ts';
import type { Engine } from '../store/statement.ts';
import { startOfDay } from '../store/writes.ts';
import { differences } from './finding.ts';

/** Rows that belong to no order's credited member and date. What the rows say is checked with the orders. */
const strayRows = (engine: Engine) =>
  select(
    engine,
    {
      siteId: sql<string>`s.site_id`,
      userId: sql<string>`coalesce(m.user_id, s.member_id)`,
      orderId: sql<string>`coalesce(o.order_id, s.order_id)`,
      orderDate: sql<number>`s.order_date`,
    },
    sql`from order_spend s
      left join orders o on o.site_id = s.site_id and o.id = s.order_id
      left join members m on m.site_id = s.site_id and m.id = s.member_id
      where o.id is null or o.credited_to_id <> s.member_id or o.order_date <> s.order_date
      order by 1, 2, 4, 3`,
  );

const dayMs = sql.raw(String(startOfDay(1)));
/** The UTC day of an instant. The engines' own division rounds up before 1970. */
const dayOf = (instant: SQL): SQL => sql`(${instant} - ((${instant} % ${dayMs}) + ${dayMs}) % ${dayMs}) / ${dayMs}`;

/** Days on which the stored sum and the sum of the orders differ. */
const wrongDays = (engine: Engine) =>
  select(
    engine,
    {
      siteId: sql<string>`d.site_id`,
      userId: sql<string>`coalesce(m.user_id, d.member_id)`,
      day: sql<number>`d.day`,
      stored: sql<number>`sum(d.stored)`,
      summed: sql<number>`sum(d.summed)`,
    },
    sql`from (
        select site_id, member_id, day, spend_minor as stored, 0 as summed from member_spend_days
        union all
        select site_id, member_id, ${dayOf(sql`order_date`)}, 0, spend_minor from order_spend
      ) d
      left join members m on m.site_id = d.site_id and m.id = d.member_id
      group by d.site_id, d.member_id, m.user_id, d.day having sum(d.stored) <> sum(d.summed)
      order by 1, 2, 3`,
  );

/** Every violation of the rows that count an order's spend for a tier. */
export async function* spendViolations(snapshot: Snapshot): AsyncGenerator<string> {
  for (const { siteId, userId, orderId, orderDate } of await found(snapshot, strayRows(snapshot.engine)))
    yield `Site ${siteId}, member ${userId}, order ${orderId}: has a row in order_spend at ${orderDate} that is not of its member and date.`;
  for (const { siteId, userId, day, stored, summed } of await found(snapshot, wrongDays(snapshot.engine)))
    yield* differences(`Site ${siteId}, member ${userId}, UTC day ${day}`, { 'spend_minor in member_spend_days': [stored, summed] });
}
