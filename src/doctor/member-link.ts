// Checks the links of secondary members: one level, and one primary member at a time.
import { sql } from 'drizzle-orm';
import { found, type Snapshot, select } from '../store/snapshot.ts';
import type { Engine } from '../store/statement.ts';

const named = { siteId: sql<string>`l.site_id`, userId: sql<string>`m.user_id` };

const withSeveral = (engine: Engine) =>
  select(
    engine,
    { ...named, count: sql<number>`count(*)` },
    sql`from member_links l join members m on m.site_id = l.site_id and m.id = l.secondary_id
      where l.ended_at is null group by l.site_id, m.user_id having count(*) > 1 order by 1, 2`,
  );

const onBothEnds = (engine: Engine) =>
  select(
    engine,
    named,
    sql`from member_links l join members m on m.site_id = l.site_id and m.id = l.primary_id
      where l.ended_at is null and exists (select 1 from member_links s
        where s.site_id = l.site_id and s.secondary_id = l.primary_id and s.ended_at is null)
      group by l.site_id, m.user_id order by 1, 2`,
  );

/** Every violation of the links that have not ended. */
export async function* linkViolations(snapshot: Snapshot): AsyncGenerator<string> {
  for (const { siteId, userId, count } of await found(snapshot, withSeveral(snapshot.engine)))
    yield `Site ${siteId}, member ${userId}: has ${count} primary members, expected at most 1.`;
  for (const { siteId, userId } of await found(snapshot, onBothEnds(snapshot.engine)))
    yield `Site ${siteId}, member ${userId}: is both a primary and a secondary member.`;
}
