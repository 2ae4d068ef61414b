// The tables of what follows from orders: points entries, lots, what is due, spend by date; and the clocks of sandboxes.
import { sql } from 'drizzle-orm';
import type { PointsEntryType } from '../domain/change.ts';
import { type ColumnWords, sqliteColumns } from './columns.ts';
import type { defineTables } from './tables.ts';
import { members as sqliteMembers, orders as sqliteOrders } from './tables.ts';

/** Defines the tables in the words of an engine, beside those that they point to. */
export function definePointsTables(
  { table, primaryKey, foreignKey, index, check, id, words, minor, points, count, instant, choice }: ColumnWords,
  { members, orders }: Pick<ReturnType<typeof defineTables>, 'members' | 'orders'>,
) {
  const siteId = () => id('site_id').notNull();

  const pointsEntries = table(
    'points_entries',
    {
      siteId: siteId(),
      memberId: id('member_id').notNull(),
      sequence: count('sequence').notNull(),
      orderId: id('order_id'),
      position: count('position'),
      eventSequence: count('event_sequence'),
      adjustmentId: id('adjustment_id'),
      type: choice<PointsEntryType>('type').notNull(),
      points: points('points').notNull(),
      available: points('available').notNull(),
      held: points('held').notNull(),
      debt: points('debt').notNull(),
      uncollected: points('uncollected').notNull(),
      availableAfter: points('available_after').notNull(),
      heldAfter: points('held_after').notNull(),
      debtAfter: points('debt_after').notNull(),
      actor: words('actor').notNull(),
      reason: words('reason'),
      expiresAt: instant('expires_at'),
      occurredAt: instant('occurred_at').notNull(),
      recordedAt: instant('recorded_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.memberId, t.sequence] }),
      index('points_entries_by_order').on(t.siteId, t.orderId, t.sequence),
      foreignKey({ columns: [t.siteId, t.memberId], foreignColumns: [members.siteId, members.id] }),
      foreignKey({ columns: [t.siteId, t.orderId], foreignColumns: [orders.siteId, orders.id] }),
      check('points_entries_after', sql`available_after >= 0 and held_after >= 0 and debt_after >= 0`),
    ],
  );

  /** What each order counts for the tier of whom it is credited to, by its date. */
  const orderSpend = table(
    'order_spend',
    {
      siteId: siteId(),
      memberId: id('member_id').notNull(),
      orderDate: instant('order_date').notNull(),
      orderId: id('order_id').notNull(),
      spendMinor: minor('spend_minor').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.memberId, t.orderDate, t.orderId] }),
      foreignKey({ columns: [t.siteId, t.orderId], foreignColumns: [orders.siteId, orders.id] }),
    ],
  );

  /** The same summed by UTC day, so that a period costs a row a day however many orders it has. */
  const memberSpendDays = table(
    'member_spend_days',
    {
      siteId: siteId(),
      memberId: id('member_id').notNull(),
      day: count('day').notNull(),
      spendMinor: minor('spend_minor').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.memberId, t.day] }),
      foreignKey({ columns: [t.siteId, t.memberId], foreignColumns: [members.siteId, members.id] }),
    ],
  );

  /** Available points that came together and expire together. */
  const pointsLots = table(
    'points_lots',
    {
      siteId: siteId(),
      memberId: id('member_id').notNull(),
      sequence: count('sequence').notNull(),
      orderId: id('order_id').notNull(),
      points: points('points').notNull(),
      remaining: points('remaining').notNull(),
      expired: points('expired').notNull(),
      availableAt: instant('available_at').notNull(),
      expiresAt: instant('expires_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.memberId, t.sequence] }),
      index('points_lots_by_expiry').on(t.siteId, t.memberId, t.expiresAt, t.sequence).where(sql`remaining > 0`),
      index('points_lots_by_order').on(t.siteId, t.orderId, t.sequence),
      foreignKey({ columns: [t.siteId, t.memberId], foreignColumns: [members.siteId, members.id] }),
      foreignKey({ columns: [t.siteId, t.orderId], foreignColumns: [orders.siteId, orders.id] }),
      check('points_lots_parts', sql`points > 0 and remaining >= 0 and expired >= 0 and remaining + expired <= points`),
    ],
  );

  /** What the redemption of an order took of each lot. */
  const redemptionParts = table(
    'redemption_parts',
    {
      siteId: siteId(),
      orderId: id('order_id').notNull(),
      sequence: count('sequence').notNull(),
      memberId: id('member_id').notNull(),
      lotSequence: count('lot_sequence').notNull(),
      points: points('points').notNull(),
      returned: points('returned').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.orderId, t.sequence] }),
      foreignKey({ columns: [t.siteId, t.orderId], foreignColumns: [orders.siteId, orders.id] }),
      foreignKey({
        columns: [t.siteId, t.memberId, t.lotSequence],
        foreignColumns: [pointsLots.siteId, pointsLots.memberId, pointsLots.sequence],
      }),
      check('redemption_parts_returned', sql`points > 0 and returned >= 0 and returned <= points`),
    ],
  );

  /** The next release of each order that has one, by whom it is for. */
  const orderReleases = table(
    'order_releases',
    {
      siteId: siteId(),
      memberId: id('member_id').notNull(),
      dueAt: instant('due_at').notNull(),
      orderId: id('order_id').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.memberId, t.dueAt, t.orderId] }),
      foreignKey({ columns: [t.siteId, t.orderId], foreignColumns: [orders.siteId, orders.id] }),
    ],
  );

  /** How far a sandbox's clock was moved ahead. */
  const sandboxClocks = table('sandbox_clocks', { siteId: siteId(), aheadMs: instant('ahead_ms').notNull() }, (t) => [
    primaryKey({ columns: [t.siteId] }),
    check('sandbox_clocks_ahead', sql`ahead_ms >= 0`),
  ]);

  return { pointsEntries, orderSpend, memberSpendDays, pointsLots, redemptionParts, orderReleases, sandboxClocks };
}

/** The tables as every query is built on them, whichever engine runs it. */
export const { pointsEntries, orderSpend, memberSpendDays, pointsLots, redemptionParts, orderReleases, sandboxClocks } = definePointsTables(
  sqliteColumns,
  {
    members: sqliteMembers,
    orders: sqliteOrders,
  },
);
