// Checks what the sweep looks up: the planned release of each order, and when it next has to look at a member.
import type Database from 'better-sqlite3';
import { neverExpires } from '../domain/lot.ts';

type ReleaseRow = {
  readonly siteId: string;
  readonly userId: string;
  readonly orderId: string;
  readonly dueAt: number;
};
type MemberRow = { readonly siteId: string; readonly userId: string; readonly dueAt: number | null; readonly earliest: number };

/** Rows that are not the next release of an order, for whom the order is credited to. */
const strayReleases = `
  select r.site_id as siteId, coalesce(m.user_id, r.member_id) as userId, coalesce(o.order_id, r.order_id) as orderId, r.due_at as dueAt
  from order_releases r
  left join orders o on o.site_id = r.site_id and o.id = r.order_id
  left join members m on m.site_id = r.site_id and m.id = r.member_id
  where o.credited_to_id <> r.member_id or o.release_at is not r.due_at
  order by 1, 2, 4, 3`;

/** Orders whose next release has no row. */
const missingReleases = `
  select o.site_id as siteId, coalesce(m.user_id, o.credited_to_id) as userId, o.order_id as orderId, o.release_at as dueAt
  from orders o
  left join members m on m.site_id = o.site_id and m.id = o.credited_to_id
  where o.release_at is not null and not exists (select 1 from order_releases r
    where r.site_id = o.site_id and r.member_id = o.credited_to_id and r.due_at = o.release_at and r.order_id = o.id)
  order by 1, 3`;

/** Members whom the sweep would look at too late. Before their time it may look; what never expires it need not look at. */
const lateMembers = `
  select * from (
    select m.site_id as siteId, m.user_id as userId, m.due_at as dueAt, min(
      coalesce((select min(r.due_at) from order_releases r where r.site_id = m.site_id and r.member_id = m.id), ${neverExpires}),
      coalesce((select min(l.expires_at) from points_lots l
        where l.site_id = m.site_id and l.member_id = m.id and l.remaining > 0), ${neverExpires})) as earliest
    from members m)
  where earliest < ${neverExpires} and (dueAt is null or dueAt > earliest)
  order by 1, 2`;

/** Every violation of what is planned for orders and members. When an order's next release is, is checked with the orders. */
export function* dueViolations(db: Database.Database): Generator<string> {
  for (const { siteId, userId, orderId, dueAt } of db.prepare<[], ReleaseRow>(strayReleases).iterate())
    yield `Site ${siteId}, member ${userId}, order ${orderId}: has a row in order_releases at ${dueAt} that is not its release_at.`;
  for (const { siteId, userId, orderId, dueAt } of db.prepare<[], ReleaseRow>(missingReleases).iterate())
    yield `Site ${siteId}, member ${userId}, order ${orderId}: has no row in order_releases at ${dueAt}, its release_at.`;
  for (const { siteId, userId, dueAt, earliest } of db.prepare<[], MemberRow>(lateMembers).iterate())
    yield `Site ${siteId}, member ${userId}: due_at is ${dueAt}, expected ${earliest} or earlier.`;
}
