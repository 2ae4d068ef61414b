// The tables of work in the background: what happened, for those who are told of it, and who works on a site.
import { type ColumnWords, sqliteColumns } from './columns.ts';
import type { defineTables } from './tables.ts';
import { members as sqliteMembers } from './tables.ts';

/** What an event of the outbox is: that of an order, or one of a member. */
export type OutboxType = 'ORDER' | 'POINTS_EXPIRED' | 'MEMBER_ENROLLED' | 'MEMBER_CHANGED' | 'MEMBER_LINKED' | 'MEMBER_UNLINKED';

/** Defines the tables in the words of an engine, beside those that they point to. */
export function defineWorkTables(
  { table, primaryKey, foreignKey, index, id, count, instant, choice }: ColumnWords,
  { members }: Pick<ReturnType<typeof defineTables>, 'members'>,
) {
  const siteId = () => id('site_id').notNull();

  /** Everything that was committed, by whom it is credited to, numbered 1, 2, 3 ... for each; written in the same transaction. */
  const outbox = table(
    'outbox',
    {
      siteId: siteId(),
      memberId: id('member_id').notNull(),
      number: count('number').notNull(),
      type: choice<OutboxType>('type').notNull(),
      orderId: id('order_id'),
      /** The event of the order, by its sequence. */
      eventSequence: count('event_sequence'),
      /** The member's entries that it posted, from and to: an expiry in the midst of a return is among them, as an event of its own. */
      firstEntry: count('first_entry'),
      lastEntry: count('last_entry'),
      /** Never before that of the event before it. */
      recordedAt: instant('recorded_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.memberId, t.number] }),
      index('outbox_by_time').on(t.siteId, t.recordedAt, t.memberId, t.number),
      foreignKey({ columns: [t.siteId, t.memberId], foreignColumns: [members.siteId, members.id] }),
    ],
  );

  /** Who does a kind of work for a site, until when by the database's clock. The fence is higher with every new holder. */
  const leases = table(
    'leases',
    {
      siteId: siteId(),
      name: id('name').notNull(),
      holder: id('holder').notNull(),
      fence: count('fence').notNull(),
      expiresAt: instant('expires_at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.siteId, t.name] })],
  );

  return { outbox, leases };
}

/** The tables as every query is built on them, whichever engine runs it. */
export const { outbox, leases } = defineWorkTables(sqliteColumns, { members: sqliteMembers });
