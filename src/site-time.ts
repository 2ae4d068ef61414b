// The time of a site: the server's clock and, in a sandbox, how far it was moved ahead.
import type { Instant } from './domain/instant.ts';
import type { Store } from './store/store.ts';

type SiteTimeParts = {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly clock: () => Instant;
  readonly sandbox: boolean;
};

export type SiteTime = {
  readonly now: (siteId: string) => Promise<Instant>;
  /** Moves a sandbox's time ahead and answers the time then: a later one where another move was further. It never goes back. */
  readonly moveTo: (siteId: string, to: Instant) => Promise<Instant>;
};

/** Outside a sandbox every site has the server's time, and nothing is read for it. */
export function createSiteTime({ store, clock, sandbox }: SiteTimeParts): SiteTime {
  return {
    async now(siteId) {
      const aheadMs = sandbox ? await store.reads.clockAhead(siteId) : 0;
      return clock() + aheadMs;
    },
    async moveTo(siteId, to) {
      if (!sandbox) throw new Error('Only the time of a sandbox can be moved.');
      const aheadMs = await store.setClockAhead(siteId, to - clock());
      return clock() + aheadMs;
    },
  };
}
