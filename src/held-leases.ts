// The leases that this process holds: one for each site and kind of work, taken when there is work and prolonged while it goes on.
import type { Lease, Store } from './store/store.ts';
import { LeaseLost } from './store/store-error.ts';

export const workNames = ['settlement', 'retention'] as const;
export type WorkName = (typeof workNames)[number];

/** Does work under a lease that was just seen to be held, or under none. Answers false when somebody else holds it: then nothing was done. */
export type Under = (work: (lease: Lease | null) => Promise<void>) => Promise<boolean>;

export type HeldLeases = {
  /** What does a kind of work of a site under its lease. */
  readonly under: (siteId: string, name: WorkName) => Under;
  /** Of how many sites this process has a kind of work now. */
  readonly count: (name: WorkName) => number;
  /** Gives all of them back, so that somebody else need not wait for their end. */
  readonly endAll: () => Promise<void>;
};

type HeldLeasesParts = {
  readonly store: Pick<Store, 'takeLease' | 'endLease'>;
  /** Who holds them: a name that no other process has. */
  readonly holder: string;
  /** For how long a lease is taken, and how soon the work of a process that died is taken over. */
  readonly forMs: number;
};

type Held = { readonly lease: Lease; readonly takenAt: number };

/** A lease is prolonged when a third of its time is over, so that work under it does not lose it for being slow. */
const prolongedAfter = 1 / 3;

export function createHeldLeases({ store, holder, forMs }: HeldLeasesParts): HeldLeases {
  const held = new Map<string, Held>();
  const keyOf = ({ siteId, name }: Pick<Lease, 'siteId' | 'name'>): string => JSON.stringify([siteId, name]);
  const isPast = ({ takenAt }: Held, part: number): boolean => performance.now() - takenAt >= forMs * part;

  /** The lease, taken or prolonged where it is time to; null while somebody else has it. */
  async function take(siteId: string, name: WorkName): Promise<Lease | null> {
    const key = keyOf({ siteId, name });
    const known = held.get(key);
    if (known && !isPast(known, prolongedAfter)) return known.lease;
    // Its time counts from before it was asked for, so that it is not thought to be held for longer than it is.
    const takenAt = performance.now();
    const lease = await store.takeLease(siteId, name, holder, forMs);
    if (lease) held.set(key, { lease, takenAt });
    else held.delete(key);
    return lease;
  }

  return {
    under: (siteId, name) => async (work) => {
      const lease = await take(siteId, name);
      if (!lease) return false;
      try {
        await work(lease);
        return true;
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error;
        held.delete(keyOf(lease));
        return false;
      }
    },
    count: (name) => [...held.values()].filter((one) => one.lease.name === name && !isPast(one, 1)).length,
    async endAll() {
      const leases = [...held.values()].map(({ lease }) => lease);
      held.clear();
      // What cannot be given back expires by itself.
      await Promise.allSettled(leases.map((lease) => store.endLease(lease)));
    },
  };
}
