// The background sweep: releases and expiries that have come due, for members on whom no command runs.
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Instant } from './domain/instant.ts';
import type { SiteTime } from './site-time.ts';
import type { Store } from './store/store.ts';

type Log = { readonly error: (details: object, message: string) => void };

/** Is told what sweeps do. */
type SweepWatch = {
  readonly settled: (result: 'settled' | 'failed') => void;
  readonly swept: (durationMs: number) => void;
};

type SweepParts = {
  readonly store: Store;
  readonly time: Pick<SiteTime, 'now'>;
  readonly log: Log;
  readonly watch?: SweepWatch | undefined;
};

/** How many members are looked up at once. */
const batchSize = 100;

/**
 * Settles everything of a site that is due by an instant, member by member, and lets other work run between them. A member
 * that cannot be settled does not keep the others waiting: the failures are thrown together at the end. A signal ends it
 * after the member at hand.
 */
export async function settleDue(
  store: Store,
  siteId: string,
  at: Instant,
  { signal, watch }: { readonly signal?: AbortSignal | undefined; readonly watch?: Pick<SweepWatch, 'settled'> | undefined } = {},
): Promise<void> {
  const failures = new Map<string, unknown>();
  while (!signal?.aborted) {
    const due = await store.reads.dueMembers(siteId, at, batchSize + failures.size);
    const members = due.filter((memberId) => !failures.has(memberId));
    if (members.length === 0) break;
    for (const memberId of members) {
      if (signal?.aborted) break;
      await store.settle(siteId, memberId, at).catch((error: unknown) => failures.set(memberId, error));
      watch?.settled(failures.has(memberId) ? 'failed' : 'settled');
      await setImmediate();
    }
  }
  if (failures.size > 0)
    throw new AggregateError(
      [...failures.values()],
      `Members of the site ${siteId} could not be settled: ${[...failures.keys()].join(', ')}.`,
    );
}

/** Settles what is due now in every site. What fails is logged, and tried again by the next sweep. */
export async function sweep({ store, time, log, watch }: SweepParts, signal?: AbortSignal): Promise<void> {
  const started = performance.now();
  try {
    for (const siteId of await store.reads.sites())
      await settleSite(siteId).catch((error: unknown) => log.error({ siteId, error }, 'Points that are due could not all be settled.'));
  } catch (error) {
    log.error({ error }, 'The sites with points that are due could not be read.');
  }
  watch?.swept(performance.now() - started);

  async function settleSite(siteId: string): Promise<void> {
    await settleDue(store, siteId, await time.now(siteId), { signal, watch });
  }
}

/** Sweeps again and again, so long after the end of the last sweep: never two at once. `stop` waits for the member at hand. */
export function startSettlement(parts: SweepParts & { readonly everyMs: number }): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    while (!signal.aborted) {
      // The wait ends early, with an error that says no more than that, when it is stopped.
      await setTimeout(parts.everyMs, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await sweep(parts, signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
