// Reads of the versions of a site's program as they were set, prepared once.
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { PageRange, ProgramVersion } from './store.ts';
import { programs } from './tables.ts';

const at = sql.placeholder;
const columns = {
  version: programs.version,
  effectiveFrom: programs.effectiveFrom,
  file: programs.file,
  actor: programs.actor,
  createdAt: programs.createdAt,
};

export function prepareProgramReads(db: BetterSQLite3Database) {
  const ofSite = eq(programs.siteId, at('siteId'));
  const page = db
    .select(columns)
    .from(programs)
    .where(and(ofSite, lt(programs.version, at('before'))))
    .orderBy(desc(programs.version))
    .limit(at('limit'))
    .prepare();
  const byNumber = db
    .select(columns)
    .from(programs)
    .where(and(ofSite, sql`${programs.version} in (select value from json_each(${at('versions')}))`))
    .prepare();
  const count = db.select({ count: sql<number>`count(*)` }).from(programs).where(ofSite).prepare();

  return {
    programVersions: (siteId: string, { after, limit }: PageRange): readonly ProgramVersion[] =>
      page.all({ siteId, limit, before: after?.[0] ?? Number.MAX_SAFE_INTEGER }),
    programVersionsByNumber: (siteId: string, versions: readonly number[]): readonly ProgramVersion[] =>
      byNumber.all({ siteId, versions: JSON.stringify(versions) }),
    countProgramVersions: (siteId: string): number => count.get({ siteId })?.count ?? 0,
  };
}
