// Work in the background: settlement and retention, each again and again, on one of the instances at a time.
import { setTimeout } from 'node:timers/promises';
import { createHeldLeases, type WorkName } from './held-leases.ts';
import { forgetOld, type RetentionParts } from './retention.ts';
import { type SweepParts, type SweepWatch, sweep } from './settlement.ts';

type BackgroundParts = Omit<SweepParts & RetentionParts, 'leases' | 'watch'> & {
  /** A name of this process that no other one has. */
  readonly holder: string;
  /** How soon the work of an instance that died is taken over. */
  readonly leaseMs?: number;
  /** The pause between two sweeps for points that are due. */
  readonly settleEveryMs: number;
  /** The pauses before the first removal of what is too old, and between two. */
  readonly firstForgetMs?: number;
  readonly forgetEveryMs?: number;
  readonly watch?: (SweepWatch & NonNullable<RetentionParts['watch']>) | undefined;
};

export type Background = {
  /** Settles what is due now, before the work goes on by itself. */
  readonly sweep: (signal?: AbortSignal) => Promise<void>;
  readonly start: () => void;
  /** Ends after what is at hand, and gives the work to others. */
  readonly stop: () => Promise<void>;
  /** Of how many sites this instance has a kind of work now. */
  readonly held: (name: WorkName) => number;
};

/** A database that is away is not waited for any longer: leases that are not given back expire. */
const stopWithinMs = 3_000;

/** Does something again and again, so long after it has ended: never twice at once. */
async function repeat(action: () => Promise<void>, firstMs: number, everyMs: number, signal: AbortSignal): Promise<void> {
  for (let pauseMs = firstMs; !signal.aborted; pauseMs = everyMs) {
    // The wait ends early, with an error that says no more than that, when it is stopped.
    await setTimeout(pauseMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await action();
  }
}

export function createBackground(parts: BackgroundParts): Background {
  const { store, holder, leaseMs = 5_000, settleEveryMs, firstForgetMs = 1_000, forgetEveryMs = 60_000 } = parts;
  const leases = createHeldLeases({ store, holder, forMs: leaseMs });
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<unknown> = Promise.resolve();
  return {
    sweep: (also) => sweep({ ...parts, leases }, also),
    start() {
      running = Promise.all([
        repeat(() => sweep({ ...parts, leases }, signal), settleEveryMs, settleEveryMs, signal),
        repeat(() => forgetOld({ ...parts, leases }, signal), firstForgetMs, forgetEveryMs, signal),
      ]);
    },
    async stop() {
      stopping.abort();
      await Promise.race([running.then(leases.endAll), setTimeout(stopWithinMs, undefined, { ref: false })]);
    },
    held: leases.count,
  };
}
