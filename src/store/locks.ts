// Locks of rows, for engines that let several write at once: the members that a transaction concerns, all at once and by id, before anything is read.
import { type SQL, sql } from 'drizzle-orm';
import type { Rows } from './reads.ts';
import { type Asking, all, type Engine, first } from './statement.ts';
import type { MemberScope, OrderScope } from './store.ts';
import { members, programs } from './tables.ts';

const at = sql.placeholder;

/** Members that a transaction has to itself; null where it has all, since only one writes at a time. */
export type Locked = ReadonlySet<string> | null;

/** A command concerns a member that is not locked: between the look and the lock, an order or a link came to be. */
export class LockMissed extends Error {
  override readonly name = 'LockMissed';
}

export function prepareLocks({ words, rowsOf }: Engine, rows: Rows) {
  const text = sql<string>`id`.mapWith(String);
  const lockMembers = rowsOf<{ readonly id: string }>(
    sql`select id from ${members} where site_id = ${at('siteId')} and ${words.among(sql`id`, 'ids')} order by id ${words.forUpdate}`,
    { id: text },
  );
  // The first version of a program stands for all of them.
  const firstProgram = (lock: SQL) =>
    rowsOf<{ readonly version: number }>(
      sql`select version from ${programs} where site_id = ${at('siteId')} order by version limit 1 ${lock}`,
      { version: sql`version`.mapWith(Number) },
    );
  const [keepProgram, lockProgram] = [firstProgram(words.forKeyShare), firstProgram(words.forUpdate)];

  function* ofMembers(siteId: string, ids: readonly string[]): Asking<Locked> {
    if (!words.locksRows) return null;
    const distinct = [...new Set(ids)];
    if (distinct.length > 0) yield* all(lockMembers, { siteId, ids: distinct });
    return new Set(distinct);
  }

  /** Whom commands on orders of one site concern, as far as can be seen before they are locked. */
  function* membersOf(siteId: string, scopes: readonly OrderScope[]): Asking<readonly string[]> {
    const distinct = (ids: readonly (string | null | undefined)[]) => [...new Set(ids.filter((id) => typeof id === 'string'))];
    const orders = yield* rows.ordersByOrderId(siteId, distinct(scopes.map(({ orderId }) => orderId)));
    const userIds = distinct(scopes.map(({ userId }) => userId));
    const buyers = userIds.length > 0 ? (yield* rows.membersByUserId(siteId, userIds)).map(({ id }) => id) : [];
    const links = buyers.length > 0 ? yield* rows.linksOfSecondaries(siteId, buyers) : [];
    return [
      ...orders.flatMap(({ memberId, creditedToId }) => [memberId, creditedToId]),
      ...buyers,
      ...links.map(({ primaryId }) => primaryId),
    ];
  }

  return {
    ofMembers,
    /** Locks for commands on orders, of one site each transaction. */
    *ofOrders(scopes: readonly OrderScope[]): Asking<Locked> {
      const [siteId, ...others] = new Set(scopes.map((scope) => scope.siteId));
      if (!words.locksRows || siteId === undefined) return null;
      if (others.length > 0) throw new Error('A transaction is of one site.');
      // With orders, what a new version may change is fixed, and the row is not touched by every order that is placed.
      if (scopes.some(({ userId }) => userId) && !(yield* rows.hasOrders(siteId))) yield* first(keepProgram, { siteId });
      return yield* ofMembers(siteId, yield* membersOf(siteId, scopes));
    },
    /** Locks for a command on members. */
    *ofMember({ siteId, userId, primaryUserId }: MemberScope): Asking<Locked> {
      if (!words.locksRows) return null;
      const userIds = [userId, primaryUserId].filter((id) => id !== null);
      return yield* ofMembers(
        siteId,
        (yield* rows.membersByUserId(siteId, userIds)).map(({ id }) => id),
      );
    },
    /**
     * Locks for a new version of a program: no first order is placed meanwhile, which would fix what the version may change. With
     * orders that is fixed, and nobody is waited for: on a busy site somebody always places one. Two versions at once have one key.
     */
    *ofProgram(siteId: string): Asking<void> {
      if (words.locksRows && !(yield* rows.hasOrders(siteId))) yield* first(lockProgram, { siteId });
    },
  };
}

/** Throws when one of the members is not locked, so that the transaction is begun anew. */
export function assertLocked(locked: Locked, concerned: readonly ({ readonly id: string } | null)[]): void {
  for (const member of concerned)
    if (locked && member && !locked.has(member.id)) throw new LockMissed(`Member ${member.id} is concerned, but not locked.`);
}
