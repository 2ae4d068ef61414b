// Faults of access and of limits: what somebody may see, who they are, and what a request may cost.
import type { Fault } from './fault.ts';

const matrix = ['test/access-matrix.test.ts', 'test/access-matrix-statements.test.ts'] as const;

export const accessFaults: readonly Fault[] = [
  {
    name: 'a member sees every order',
    file: 'src/graphql/viewer.ts',
    find: 'seesOrder: ({ memberId, primaryId }) => memberId === ownId || primaryId === ownId,',
    replace: 'seesOrder: () => true,',
    tests: matrix,
  },
  {
    name: 'a primary member does not see the orders of secondary members',
    file: 'src/graphql/viewer.ts',
    find: 'memberId === ownId || primaryId === ownId,',
    replace: 'memberId === ownId,',
    tests: matrix,
  },
  {
    name: 'a primary member sees the accounts of the household',
    file: 'src/graphql/viewer.ts',
    find: 'owns: (memberId) => memberId === ownId',
    replace: 'owns: (memberId) => household.has(memberId)',
    tests: matrix,
  },
  {
    name: 'lists of orders hold those of the household from before and after the link',
    file: 'src/graphql/viewer.ts',
    find: ', visibleTo: ownId',
    replace: '',
    tests: matrix,
  },
  {
    name: 'entries can be read by their ids, whosever they are',
    file: 'src/graphql/loaders.ts',
    find: 'reads.entriesByKey(siteId, memberKeys(ofOwnAccount(ids)))',
    replace: 'reads.entriesByKey(siteId, memberKeys(ids))',
    tests: matrix,
  },
  {
    name: 'spend adjustments can be read by their ids, of whichever order',
    file: 'src/graphql/loaders.ts',
    find: '.filter(([, { orderId }]) => seen.has(orderId))',
    replace: '.filter(() => seen.size >= 0)',
    tests: matrix,
  },
  {
    name: 'a back end may adjust spend',
    file: 'src/graphql/access-rules.ts',
    find: 'if (includesRole(context.role, needed)) return',
    replace: "if (context.role !== 'member' || needed === 'member') return",
    tests: matrix,
  },
  {
    name: 'a member asks for the cart of anybody',
    file: 'src/graphql/cart.ts',
    find: '|| asked.userId === context.actor ?',
    replace: '|| asked.userId !== null ?',
    tests: matrix,
  },
  {
    name: 'an expired token that was verified once stays good',
    file: 'src/access/authenticator.ts',
    find: "if (kept) return isExpired(kept, clock()) ? 'TOKEN_EXPIRED' : kept;",
    replace: 'if (kept) return kept;',
    tests: ['test/access/token-cache.test.ts'],
  },
  {
    name: 'a body is not compared with what its token says',
    file: 'src/access/use-authentication.ts',
    find: 'if (!matchesBody(bound.binding, body))',
    replace: 'if (!bound)',
    tests: ['test/access/body-binding.test.ts'],
  },
  {
    name: 'the site of a token need not be that of the header',
    file: 'src/access/use-authentication.ts',
    find: 'normaliseId(site) !== actor.siteId',
    replace: 'normaliseId(site) === null',
    tests: ['test/access/authentication.test.ts'],
  },
  {
    name: 'the cost takes every page for the default one',
    file: 'src/limits/weights.ts',
    find: 'Number(first ?? standard ?? largestPage)',
    replace: 'Number(standard ?? first)',
    tests: ['test/limits/resolved-objects.test.ts'],
  },
  {
    name: 'an operation beyond the most is executed',
    file: 'src/limits/use-limits.ts',
    find: 'requested > limits.cost',
    replace: 'requested < 0',
    tests: ['test/limits/limits.test.ts'],
  },
];
