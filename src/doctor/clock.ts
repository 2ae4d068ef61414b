// Checks the clocks of sandboxes: they are ahead, or not at all.
import type Database from 'better-sqlite3';
import { negatives } from './finding.ts';

type ClockRow = { readonly siteId: string; readonly aheadMs: number };

/** Every clock that goes back. */
export function* clockViolations(db: Database.Database): Generator<string> {
  const clocks = db.prepare<[], ClockRow>('select site_id as siteId, ahead_ms as aheadMs from sandbox_clocks order by site_id');
  for (const { siteId, aheadMs } of clocks.iterate()) yield* negatives(`Site ${siteId}`, { ahead_ms: aheadMs });
}
