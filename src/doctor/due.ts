// Checks what the sweep looks up: the planned release of each order, and when it next has to look at a member.
import { sql } from 'drizzle-orm';
import { neverExpires } from '../domain/lot.ts';
import { found, type Snapshot, select } from '../store/snapshot.ts';
import type { Engine } from '../store/statement.ts';

const never = sql.raw(String(neverExpires));

/** Rows that are not the next release of an order, for whom the order is credited to. */
const strayReleases = (engine: Engine) =>
  select(
    engine,
    {
      siteId: sql<string>`r.site_id`,
      userId: sql<string>`coalesce(m.user_id, r.member_id)`,
      orderId: sql<string>`coalesce(o.order_id, r.order_id)`,
      dueAt: sql<number>`r.due_at`,
    },
    sql`from order_releases r
      left join orders o on o.site_id = r.site_id and o.id = r.order_id
      left join members m on m.site_id = r.site_id and m.id = r.member_id
      where o.credited_to_id <> r.member_id or o.release_at is distinct from r.due_at
      order by 1, 2, 4, 3`,
  );

/** Orders whose next release has no row. */
const missingReleases = (engine: Engine) =>
  select(
    engine,
    {
      siteId: sql<string>`o.site_id`,
      userId: sql<string>`coalesce(m.user_id, o.credited_to_id)`,
      orderId: sql<string>`o.order_id`,
      dueAt: sql<number>`o.release_at`,
    },
    sql`from orders o
      left join members m on m.site_id = o.site_id and m.id = o.credited_to_id
      where o.release_at is not null and not exists (select 1 from order_releases r
        where r.site_id = o.site_id and r.member_id = o.credited_to_id and r.due_at = o.release_at and r.order_id = o.id)
      order by 1, 3`,
  );

/** Members whom the sweep would look at too late. Before their time it may look; what never expires it need not look at. */
const lateMembers = (engine: Engine) =>
  select(
    engine,
    {
      siteId: sql<string>`site_id`,
      userId: sql<string>`user_id`,
      dueAt: sql<number | null>`due_at`,
      earliest: sql<number>`case when release_at < expires_at then release_at else expires_at end`,
    },
    sql`from (
        select m.site_id, m.user_id, m.due_at,
          coalesce((select min(r.due_at) from order_releases r where r.site_id = m.site_id and r.member_id = m.id), ${never}) as release_at,
          coalesce((select min(l.expires_at) from points_lots l
            where l.site_id = m.site_id and l.member_id = m.id and l.remaining > 0), ${never}) as expires_at
        from members m) w
      where (release_at < ${never} or expires_at < ${never}) and (due_at is null or due_at > release_at or due_at > expires_at)
      order by 1, 2`,
  );

/** Every violation of what is planned for orders and members. When an order's next release is, is checked with the orders. */
export async function* dueViolations(snapshot: Snapshot): AsyncGenerator<string> {
  const { engine } = snapshot;
  for (const { siteId, userId, orderId, dueAt } of await found(snapshot, strayReleases(engine)))
    yield `Site ${siteId}, member ${userId}, order ${orderId}: has a row in order_releases at ${dueAt} that is not its release_at.`;
  for (const { siteId, userId, orderId, dueAt } of await found(snapshot, missingReleases(engine)))
    yield `Site ${siteId}, member ${userId}, order ${orderId}: has no row in order_releases at ${dueAt}, its release_at.`;
  for (const { siteId, userId, dueAt, earliest } of await found(snapshot, lateMembers(engine)))
    yield `Site ${siteId}, member ${userId}: due_at is ${dueAt}, expected ${earliest} or earlier.`;
}
