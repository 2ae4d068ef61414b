// Leases of work in the background, and what is removed by it when it is older than it is kept for.
import { sql } from 'drizzle-orm';
import type { Instant } from '../domain/instant.ts';
import { type Asking, type Engine, first, touch } from './statement.ts';
import type { Forgotten, Lease } from './store.ts';
import { LeaseLost } from './store-error.ts';
import { answers } from './tables.ts';
import { leases, outbox } from './work-tables.ts';

const at = sql.placeholder;
const fence = { fence: sql<number>`fence`.mapWith(Number) };

export function prepareLeases({ words, rowsOf, write }: Engine) {
  const taken = rowsOf<{ readonly fence: number }>(
    sql`insert into ${leases} (site_id, name, holder, fence, expires_at)
      values (${at('siteId')}, ${at('name')}, ${at('holder')}, 1, ${words.databaseTime} + ${at('forMs')})
      on conflict (site_id, name) do update set holder = excluded.holder, expires_at = excluded.expires_at,
        fence = case when ${leases}.holder = excluded.holder then ${leases}.fence else ${leases}.fence + 1 end
      where ${leases}.holder = excluded.holder or ${leases}.expires_at <= ${words.databaseTime}
      returning fence`,
    fence,
  );
  // Whoever would take the lease over waits until this transaction has ended.
  const held = rowsOf<{ readonly fence: number }>(
    sql`select fence from ${leases} where site_id = ${at('siteId')} and name = ${at('name')} and holder = ${at('holder')} and fence = ${at('fence')} ${words.forShare}`,
    fence,
  );
  const ended = write(
    sql`update ${leases} set expires_at = 0 where site_id = ${at('siteId')} and name = ${at('name')} and holder = ${at('holder')} and fence = ${at('fence')}`,
  );
  const forgetAnswers = write(
    sql`delete from ${answers} where site_id = ${at('siteId')} and key in (
      select key from ${answers} where site_id = ${at('siteId')} and recorded_at < ${at('before')} order by recorded_at, key limit ${at('limit')})`,
  );
  const forgetEvents = write(
    sql`delete from ${outbox} where site_id = ${at('siteId')} and (member_id, number) in (
      select member_id, number from ${outbox} where site_id = ${at('siteId')} and recorded_at < ${at('before')}
      order by recorded_at, member_id, number limit ${at('limit')})`,
  );

  return {
    /** Takes or prolongs a lease; null while somebody else has it. */
    *take(siteId: string, name: string, holder: string, forMs: number): Asking<Lease | null> {
      const row = yield* first(taken, { siteId, name, holder, forMs });
      return row ? { siteId, name, holder, fence: row.fence } : null;
    },
    /** Throws LeaseLost unless the lease is still held; it is then held until the transaction ends. */
    *assertHeld(lease: Lease | null): Asking<void> {
      if (lease && !(yield* first(held, lease))) throw new LeaseLost(`The lease of ${lease.name} is lost.`);
    },
    *end(lease: Lease): Asking<void> {
      yield* touch(ended, lease);
    },
    /** Removes the oldest idempotency records and events of the outbox that were recorded before, at most so many of each. */
    *forget(siteId: string, before: { readonly answers: Instant; readonly outbox: Instant }, limit: number): Asking<Forgotten> {
      return {
        answers: yield* touch(forgetAnswers, { siteId, before: before.answers, limit }),
        outbox: yield* touch(forgetEvents, { siteId, before: before.outbox, limit }),
      };
    },
  };
}
