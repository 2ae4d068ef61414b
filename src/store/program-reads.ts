// Reads of the versions of a site's program as they were set, made once.
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { type Asking, all, builder as db, type Engine, first } from './statement.ts';
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

export function prepareProgramReads({ rows, words }: Engine) {
  const ofSite = eq(programs.siteId, at('siteId'));
  const page = rows(
    db
      .select(columns)
      .from(programs)
      .where(and(ofSite, lt(programs.version, at('before'))))
      .orderBy(desc(programs.version))
      .limit(at('limit')),
  );
  const byNumber = rows(
    db
      .select(columns)
      .from(programs)
      .where(and(ofSite, words.among(programs.version, 'versions'))),
  );
  const count = rows(db.select({ count: sql<number>`count(*)` }).from(programs).where(ofSite));

  return {
    programVersions: (siteId: string, { after, limit }: PageRange): Asking<readonly ProgramVersion[]> =>
      all(page, { siteId, limit, before: after?.[0] ?? Number.MAX_SAFE_INTEGER }),
    programVersionsByNumber: (siteId: string, versions: readonly number[]): Asking<readonly ProgramVersion[]> =>
      all(byNumber, { siteId, versions }),
    *countProgramVersions(siteId: string): Asking<number> {
      return (yield* first(count, { siteId }))?.count ?? 0;
    },
  };
}
