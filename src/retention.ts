// Retention: idempotency records and events of the outbox are removed when they are older than they are kept for.
import { setImmediate } from 'node:timers/promises';
import type { HeldLeases } from './held-leases.ts';
import type { SiteTime } from './site-time.ts';
import type { Forgotten, Store } from './store/store.ts';

const dayMs = 86_400_000;

export type RetentionParts = {
  readonly store: Store;
  readonly time: Pick<SiteTime, 'now'>;
  readonly log: { readonly error: (details: object, message: string) => void };
  readonly leases: Pick<HeldLeases, 'under'>;
  /** For how many days each is kept. */
  readonly days: { readonly idempotency: number; readonly outbox: number };
  /** How many of each are removed in one transaction, before others get their turn. */
  readonly batchSize?: number;
  readonly watch?: { readonly forgotten: (rows: Forgotten) => void } | undefined;
};

/**
 * Removes what is too old by the time of each site, under its lease. What fails is logged, and tried again the next time. A signal
 * ends it after the batch at hand.
 */
export async function forgetOld(parts: RetentionParts, signal?: AbortSignal): Promise<void> {
  const { store, log } = parts;
  try {
    for (const siteId of await store.reads.sites())
      await forgetOf(siteId, parts, signal).catch((error: unknown) =>
        log.error({ siteId, error }, 'What is older than it is kept for could not all be removed.'),
      );
  } catch (error) {
    log.error({ error }, 'The sites with something older than it is kept for could not be read.');
  }
}

async function forgetOf(
  siteId: string,
  { store, time, leases, days, batchSize = 1_000, watch }: RetentionParts,
  signal: AbortSignal | undefined,
): Promise<void> {
  const now = await time.now(siteId);
  const before = { answers: now - days.idempotency * dayMs, outbox: now - days.outbox * dayMs };
  const under = leases.under(siteId, 'retention');
  let mayHaveMore = true;
  while (mayHaveMore && !signal?.aborted) {
    mayHaveMore = false;
    await under(async (lease) => {
      const rows = await store.forget(siteId, before, batchSize, lease);
      watch?.forgotten(rows);
      mayHaveMore = Math.max(rows.answers, rows.outbox) === batchSize;
    });
    await setImmediate();
  }
}
