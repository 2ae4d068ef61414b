// Checks the outbox: each member's events are numbered without a gap up to the member's count, and what they name is there.
import { sql } from 'drizzle-orm';
import { found, type Snapshot, select } from '../store/snapshot.ts';
import type { Engine } from '../store/statement.ts';
import { differences } from './finding.ts';

const ofMember = { siteId: sql<string>`b.site_id`, userId: sql<string>`coalesce(m.user_id, b.member_id)` };

/** Numbers that do not follow the one before. The first of a member may be any: those before it may have been removed. */
const gaps = (engine: Engine) =>
  select(
    engine,
    { ...ofMember, number: sql<number>`b.number`, previous: sql<number>`b.previous` },
    sql`from (select site_id, member_id, number, lag(number) over (partition by site_id, member_id order by number) as previous from outbox) b
      left join members m on m.site_id = b.site_id and m.id = b.member_id
      where b.number <> b.previous + 1
      order by 1, 2, 3`,
  );

/** Members whose last event has another number than their count. Of one whose events were all removed nothing can be said. */
const miscounted = (engine: Engine) =>
  select(
    engine,
    { ...ofMember, count: sql<number>`m.outbox_count`, last: sql<number>`b.number` },
    sql`from (select site_id, member_id, max(number) as number from outbox group by site_id, member_id) b
      join members m on m.site_id = b.site_id and m.id = b.member_id
      where m.outbox_count <> b.number
      order by 1, 2`,
  );

/** Whether an entry of the member with that sequence belongs to the order and the event, or to none as the event of the outbox does. */
const posted = (sequence: 'first_entry' | 'last_entry') => sql`exists (select 1 from points_entries e
  where e.site_id = b.site_id and e.member_id = b.member_id and e.sequence = b.${sql.raw(sequence)}
    and e.order_id is not distinct from b.order_id and e.event_sequence is not distinct from b.event_sequence)`;

/** Events that name an order, an event of it, or entries that are not there, or are somebody else's. */
const dangling = (engine: Engine) =>
  select(
    engine,
    {
      ...ofMember,
      number: sql<number>`b.number`,
      type: sql<string>`b.type`,
      orderId: sql<string | null>`coalesce(o.order_id, b.order_id)`,
      event: sql<number | null>`b.event_sequence`,
      first: sql<number | null>`b.first_entry`,
      last: sql<number | null>`b.last_entry`,
      hasEvent: sql<number>`b.has_event`,
      hasCredited: sql<number>`b.has_credited`,
      hasEntries: sql<number>`b.has_entries`,
    },
    sql`from (
        select b.site_id, b.member_id, b.number, b.type, b.order_id, b.event_sequence, b.first_entry, b.last_entry,
          case when b.type <> 'ORDER' or exists (select 1 from order_events e
            where e.site_id = b.site_id and e.order_id = b.order_id and e.sequence = b.event_sequence) then 1 else 0 end as has_event,
          case when b.order_id is null or exists (select 1 from orders o
            where o.site_id = b.site_id and o.id = b.order_id and o.credited_to_id = b.member_id) then 1 else 0 end as has_credited,
          case when b.first_entry is null and b.last_entry is null and b.type <> 'POINTS_EXPIRED'
            or b.first_entry <= b.last_entry and ${posted('first_entry')} and ${posted('last_entry')} then 1 else 0 end as has_entries
        from outbox b
      ) b
      left join members m on m.site_id = b.site_id and m.id = b.member_id
      left join orders o on o.site_id = b.site_id and o.id = b.order_id
      where b.number < 1 or b.has_event + b.has_credited + b.has_entries < 3
      order by 1, 2, 3`,
  );

/** Every violation of the outbox, by site and member. */
export async function* outboxViolations(snapshot: Snapshot): AsyncGenerator<string> {
  const { engine } = snapshot;
  for (const { siteId, userId, number, previous } of await found(snapshot, gaps(engine)))
    yield `Site ${siteId}, member ${userId}: number of the outbox ${number} follows ${previous}, expected ${previous + 1}.`;
  for (const { siteId, userId, count, last } of await found(snapshot, miscounted(engine)))
    yield* differences(`Site ${siteId}, member ${userId}`, { outbox_count: [count, last] });
  for (const row of await found(snapshot, dangling(engine))) {
    const where = `Site ${row.siteId}, member ${row.userId}, number ${row.number} of the outbox`;
    if (row.number < 1) yield `${where}: expected 1 or more.`;
    if (row.hasEvent === 0) yield `${where}: order ${row.orderId} has no event ${row.event}.`;
    if (row.hasCredited === 0) yield `${where}: order ${row.orderId} is not credited to the member.`;
    if (row.hasEntries === 0) yield `${where}: the entries ${row.first} to ${row.last} are not its own.`;
  }
}
