// A store that tells how many commands its writer has at hand.
import type { Store } from '../store/store.ts';
import type { Metrics } from './metrics.ts';

/** The same store; what it is asked to write is counted from the call to its end. */
export function observeStore(store: Store, { queued }: Pick<Metrics, 'queued'>): Store {
  async function counted<Result>(commands: number, write: () => Promise<Result>): Promise<Result> {
    queued(commands);
    try {
      return await write();
    } finally {
      queued(-commands);
    }
  }
  return {
    ...store,
    commit: (batch, policy, options) => counted(batch.length, () => store.commit(batch, policy, options)),
    commitMember: (scope, decide) => counted(1, () => store.commitMember(scope, decide)),
    commitProgram: (siteId, decide) => counted(1, () => store.commitProgram(siteId, decide)),
    settle: (siteId, memberId, at, lease) => counted(1, () => store.settle(siteId, memberId, at, lease)),
  };
}
