// Checks the clocks of sandboxes: they are ahead, or not at all.
import { sql } from 'drizzle-orm';
import { found, type Snapshot, select } from '../store/snapshot.ts';
import { negatives } from './finding.ts';

/** Every clock that goes back. */
export async function* clockViolations(snapshot: Snapshot): AsyncGenerator<string> {
  const clocks = select(
    snapshot.engine,
    { siteId: sql<string>`site_id`, aheadMs: sql<number>`ahead_ms` },
    sql`from sandbox_clocks where ahead_ms < 0 order by site_id`,
  );
  for (const { siteId, aheadMs } of await found(snapshot, clocks)) yield* negatives(`Site ${siteId}`, { ahead_ms: aheadMs });
}
