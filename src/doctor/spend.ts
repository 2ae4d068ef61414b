// Checks the spend that tiers are read from: each order's row, and its sums by day.
import type Database from 'better-sqlite3';
import { dayOf } from '../store/writes.ts';
import { differences } from './finding.ts';

type SpendRow = { readonly siteId: string; readonly userId: string; readonly orderId: string | null; readonly orderDate: number };
type DayRow = {
  readonly siteId: string;
  readonly userId: string | null;
  readonly day: number;
  readonly stored: number;
  readonly summed: number;
};

/** Rows that belong to no order's credited member and date. What the rows say is checked with the orders. */
const strayRows = `
  select s.site_id as siteId, coalesce(m.user_id, s.member_id) as userId, coalesce(o.order_id, s.order_id) as orderId, s.order_date as orderDate
  from order_spend s
  left join orders o on o.site_id = s.site_id and o.id = s.order_id
  left join members m on m.site_id = s.site_id and m.id = s.member_id
  where o.id is null or o.credited_to_id <> s.member_id or o.order_date <> s.order_date
  order by 1, 2, 4, 3`;

/** Days on which the stored sum and the sum of the orders differ; `utc_day` rounds down before 1970 too. */
const wrongDays = `
  select d.site_id as siteId, coalesce(m.user_id, d.member_id) as userId, d.day, sum(d.stored) as stored, sum(d.summed) as summed
  from (
    select site_id, member_id, day, spend_minor as stored, 0 as summed from member_spend_days
    union all
    select site_id, member_id, utc_day(order_date), 0, spend_minor from order_spend
  ) d
  left join members m on m.site_id = d.site_id and m.id = d.member_id
  group by d.site_id, d.member_id, d.day having sum(d.stored) <> sum(d.summed)
  order by 1, 2, 3`;

/** Every violation of the rows that count an order's spend for a tier. */
export function* spendViolations(db: Database.Database): Generator<string> {
  db.function('utc_day', { deterministic: true }, (instant) => dayOf(Number(instant)));
  for (const { siteId, userId, orderId, orderDate } of db.prepare<[], SpendRow>(strayRows).iterate())
    yield `Site ${siteId}, member ${userId}, order ${orderId}: has a row in order_spend at ${orderDate} that is not of its member and date.`;
  for (const { siteId, userId, day, stored, summed } of db.prepare<[], DayRow>(wrongDays).iterate())
    yield* differences(`Site ${siteId}, member ${userId}, UTC day ${day}`, { 'spend_minor in member_spend_days': [stored, summed] });
}
