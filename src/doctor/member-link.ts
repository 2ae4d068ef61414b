// Checks the links of secondary members: one level, and one primary member at a time.
import type Database from 'better-sqlite3';

type LinkRow = { readonly siteId: string; readonly userId: string; readonly count: number };

const namedBy = (column: string): string => `join members m on m.site_id = l.site_id and m.id = l.${column} where l.ended_at is null`;

/** Every violation of the links that have not ended. */
export function* linkViolations(db: Database.Database): Generator<string> {
  const several = db.prepare<[], LinkRow>(`
    select l.site_id as siteId, m.user_id as userId, count(*) as count from member_links l ${namedBy('secondary_id')}
    group by l.site_id, l.secondary_id having count(*) > 1 order by 1, 2`);
  for (const { siteId, userId, count } of several.iterate())
    yield `Site ${siteId}, member ${userId}: has ${count} primary members, expected at most 1.`;
  const both = db.prepare<[], LinkRow>(`
    select l.site_id as siteId, m.user_id as userId, count(*) as count from member_links l ${namedBy('primary_id')}
      and exists (select 1 from member_links s where s.site_id = l.site_id and s.secondary_id = l.primary_id and s.ended_at is null)
    group by l.site_id, l.primary_id order by 1, 2`);
  for (const { siteId, userId } of both.iterate()) yield `Site ${siteId}, member ${userId}: is both a primary and a secondary member.`;
}
