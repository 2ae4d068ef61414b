// Faults in what several writers, instances and a database that goes away need: locks, retries, commits, leases, the outbox.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts quote source that has templates.
import type { Fault } from './fault.ts';

export const postgresFaults: readonly Fault[] = [
  {
    name: 'a connection lost at commit is told as any failure',
    file: 'src/store/postgres.ts',
    find: "throw new OutcomeUnknown('The connection was lost while a command was committed.', { cause: error });",
    replace: 'throw error;',
    tests: ['test/postgres/unknown-outcome.test.ts'],
  },
  {
    name: 'members are not locked',
    file: 'src/store/locks.ts',
    find: 'if (distinct.length > 0) yield* all(lockMembers',
    replace: 'if (distinct.length < 0) yield* all(lockMembers',
    tests: ['test/postgres/contention.test.ts', 'test/postgres/races.test.ts'],
  },
  {
    name: 'what concerns somebody who is not locked goes on',
    file: 'src/store/locks.ts',
    find: 'if (locked && member && !locked.has(member.id)) throw',
    replace: 'if (locked && member && locked.has(member.id) && locked.size < 0) throw',
    tests: ['test/postgres/races.test.ts'],
  },
  {
    name: 'nothing is tried again',
    file: 'src/store/postgres.ts',
    find: "if (!isOver && kind !== 'NO_TIME') return null;",
    replace: "if (isOver && kind === 'LOST' && reason === '') return null;",
    tests: ['test/postgres/retries.test.ts'],
  },
  {
    name: 'the fence of a lease is not checked',
    file: 'src/store/leases.ts',
    find: 'if (lease && !(yield* first(held, lease))) throw',
    replace: 'if (lease && (yield* first(held, lease))?.fence === -1) throw',
    tests: ['test/store/leases.test.ts'],
  },
  {
    name: 'a lease is taken from whoever holds it',
    file: 'src/store/leases.ts',
    find: 'or ${leases}.expires_at <= ${words.databaseTime}',
    replace: 'or ${leases}.expires_at <> ${words.databaseTime}',
    tests: ['test/store/leases.test.ts'],
  },
  {
    name: 'retention removes what is new',
    file: 'src/store/leases.ts',
    find: "select key from ${answers} where site_id = ${at('siteId')} and recorded_at < ",
    replace: "select key from ${answers} where site_id = ${at('siteId')} and recorded_at >= ",
    tests: ['test/background-retention.test.ts'],
  },
  {
    name: 'events of the outbox skip a number',
    file: 'src/store/writes.ts',
    find: 'number: counted.count - own.length + index + 1,',
    replace: 'number: counted.count - own.length + index + 2,',
    tests: ['test/store/outbox.test.ts'],
  },
  {
    name: 'a settlement is told of by no event',
    file: 'src/store/outbox.ts',
    find: "'POINTS_EXPIRED', recordedAt)",
    replace: "'ORDER', recordedAt)",
    tests: ['test/store/outbox.test.ts'],
  },
  {
    name: 'a bulk call that lost its second slice says that nothing was done',
    file: 'src/store/create-store.ts',
    find: 'if (start === 0 || !(error instanceof DatabaseUnavailable)) throw error;',
    replace: 'if (start >= 0 || !(error instanceof DatabaseUnavailable)) throw error;',
    tests: ['test/postgres/unknown-outcome.test.ts'],
  },
];
