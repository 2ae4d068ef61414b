// The background sweep: releases and expiries that have come due, for members on whom no command runs.
import { setImmediate } from 'node:timers/promises';
import type { Instant } from './domain/instant.ts';
import type { HeldLeases, Under } from './held-leases.ts';
import type { SiteTime } from './site-time.ts';
import type { Lease, Store } from './store/store.ts';
import { DatabaseUnavailable, LeaseLost } from './store/store-error.ts';

/** Is told what sweeps do. */
export type SweepWatch = {
  readonly settled: (result: 'settled' | 'failed') => void;
  readonly swept: (durationMs: number) => void;
};

export type SweepParts = {
  readonly store: Store;
  readonly time: Pick<SiteTime, 'now'>;
  readonly log: { readonly error: (details: object, message: string) => void };
  readonly leases: Pick<HeldLeases, 'under'>;
  readonly watch?: SweepWatch | undefined;
};

type SettleOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly watch?: Pick<SweepWatch, 'settled'> | undefined;
  /** How each member's settlement is done: under a lease, or, as part of a command that moves the time, under none. */
  readonly under?: Under | undefined;
};

/** How many members are looked up at once. */
const batchSize = 100;

const underNone: Under = async (work) => {
  await work(null);
  return true;
};

/**
 * Settles everything of a site that is due by an instant, member by member, and lets other work run between them. A member
 * that cannot be settled does not keep the others waiting: the failures are thrown together at the end. A signal ends it
 * after the member at hand, and so does the loss of the lease: the rest is somebody else's then.
 */
export async function settleDue(
  store: Store,
  siteId: string,
  at: Instant,
  { signal, watch, under = underNone }: SettleOptions = {},
): Promise<void> {
  const failures = new Map<string, unknown>();

  async function settleOne(memberId: string, lease: Lease | null): Promise<void> {
    try {
      await store.settle(siteId, memberId, at, lease);
      watch?.settled('settled');
    } catch (error) {
      // These are of no one member.
      if (error instanceof LeaseLost || error instanceof DatabaseUnavailable) throw error;
      failures.set(memberId, error);
      watch?.settled('failed');
    }
  }

  /** Answers whether to go on. */
  async function settleEach(members: readonly string[]): Promise<boolean> {
    for (const memberId of members) {
      if (signal?.aborted || !(await under((lease) => settleOne(memberId, lease)))) return false;
      await setImmediate();
    }
    return members.length > 0;
  }

  let goesOn = !signal?.aborted;
  while (goesOn) {
    const due = await store.reads.dueMembers(siteId, at, batchSize + failures.size);
    goesOn = await settleEach(due.filter((memberId) => !failures.has(memberId)));
  }
  if (failures.size > 0)
    throw new AggregateError(
      [...failures.values()],
      `Members of the site ${siteId} could not be settled: ${[...failures.keys()].join(', ')}.`,
    );
}

/**
 * Settles what is due now in every site, each under its lease, which is taken only when something is due. What fails is logged,
 * and tried again by the next sweep.
 */
export async function sweep({ store, time, log, leases, watch }: SweepParts, signal?: AbortSignal): Promise<void> {
  const started = performance.now();
  try {
    for (const siteId of await store.reads.sites())
      await settleSite(siteId).catch((error: unknown) => log.error({ siteId, error }, 'Points that are due could not all be settled.'));
  } catch (error) {
    log.error({ error }, 'The sites with points that are due could not be read.');
  }
  watch?.swept(performance.now() - started);

  async function settleSite(siteId: string): Promise<void> {
    await settleDue(store, siteId, await time.now(siteId), { signal, watch, under: leases.under(siteId, 'settlement') });
  }
}
