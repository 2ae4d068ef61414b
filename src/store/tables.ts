// The tables of programs, members and orders, each once, for every engine. The site leads every key, so that a sharded database can keep a site's rows together.
import { sql } from 'drizzle-orm';
import type { OrderEventType, SpendAdjustmentType } from '../domain/change.ts';
import type { RoundingMode } from '../domain/decimal.ts';
import type { Portion } from '../domain/line-item.ts';
import type { MemberStatus } from '../domain/member.ts';
import type { EarningRule } from '../domain/points.ts';
import { type ColumnWords, sqliteColumns } from './columns.ts';

/** Defines the tables in the words of an engine. */
export function defineTables({
  table,
  primaryKey,
  foreignKey,
  index,
  uniqueIndex,
  check,
  id,
  words,
  minor,
  points,
  count,
  instant,
  flag,
  choice,
  json,
}: ColumnWords) {
  const siteId = () => id('site_id').notNull();

  const programs = table(
    'programs',
    {
      siteId: siteId(),
      version: count('version').notNull(),
      effectiveFrom: instant('effective_from').notNull(),
      file: words('file').notNull(),
      actor: words('actor').notNull(),
      createdAt: instant('created_at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.siteId, t.version] })],
  );

  const members = table(
    'members',
    {
      siteId: siteId(),
      id: id('id').notNull(),
      userId: id('user_id').notNull(),
      email: words('email'),
      /** The e-mail as it is compared: in lower case. */
      emailFolded: words('email_folded'),
      firstName: words('first_name'),
      lastName: words('last_name'),
      /** Names as they are searched: in lower case. */
      firstNameFolded: words('first_name_folded'),
      lastNameFolded: words('last_name_folded'),
      status: choice<MemberStatus>('status').notNull(),
      optedIn: flag('opted_in').notNull(),
      available: points('available').notNull(),
      held: points('held').notNull(),
      used: points('used').notNull(),
      expired: points('expired').notNull(),
      lifetime: points('lifetime').notNull(),
      debt: points('debt').notNull(),
      totalSpendMinor: minor('total_spend_minor').notNull(),
      entryCount: count('entry_count').notNull(),
      dueAt: instant('due_at'),
      /** How many events of the member stand in the outbox, or stood there. */
      outboxCount: count('outbox_count').notNull().default(0),
      revision: count('revision').notNull(),
      createdAt: instant('created_at').notNull(),
      updatedAt: instant('updated_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.id] }),
      uniqueIndex('members_by_user').on(t.siteId, t.userId),
      index('members_by_due').on(t.siteId, t.dueAt, t.id).where(sql`due_at is not null`),
      index('members_by_email').on(t.siteId, t.emailFolded, t.userId),
      check('members_balances', sql`available >= 0 and held >= 0 and used >= 0 and expired >= 0 and lifetime >= 0 and debt >= 0`),
      check('members_debt', sql`available = 0 or debt = 0`),
      check('members_spend', sql`total_spend_minor >= 0`),
    ],
  );

  const memberLinks = table(
    'member_links',
    {
      siteId: siteId(),
      id: id('id').notNull(),
      primaryId: id('primary_id').notNull(),
      secondaryId: id('secondary_id').notNull(),
      startedAt: instant('started_at').notNull(),
      endedAt: instant('ended_at'),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.id] }),
      uniqueIndex('member_links_current').on(t.siteId, t.secondaryId).where(sql`ended_at is null`),
      index('member_links_by_primary').on(t.siteId, t.primaryId, t.secondaryId),
      foreignKey({ columns: [t.siteId, t.primaryId], foreignColumns: [members.siteId, members.id] }),
      foreignKey({ columns: [t.siteId, t.secondaryId], foreignColumns: [members.siteId, members.id] }),
      check('member_links_distinct', sql`primary_id <> secondary_id`),
    ],
  );

  const orders = table(
    'orders',
    {
      siteId: siteId(),
      id: id('id').notNull(),
      orderId: id('order_id').notNull(),
      memberId: id('member_id').notNull(),
      creditedToId: id('credited_to_id').notNull(),
      primaryId: id('primary_id'),
      orderDate: instant('order_date').notNull(),
      createdShipped: flag('created_shipped').notNull(),
      programVersion: count('program_version').notNull(),
      maximumPoints: points('maximum_points'),
      adjustmentRatio: words('adjustment_ratio').notNull(),
      adjustmentRounding: choice<RoundingMode>('adjustment_rounding').notNull(),
      totalMinor: minor('total_minor').notNull(),
      discountMinor: minor('discount_minor').notNull(),
      coupons: json<readonly string[]>('coupons').notNull(),
      storeId: id('store_id'),
      source: id('source'),
      attributes: words('attributes'),
      adjustmentMinor: minor('adjustment_minor').notNull(),
      adjustmentPoints: points('adjustment_points').notNull(),
      adjustedPoints: points('adjusted_points').notNull(),
      pointsAwarded: points('points_awarded').notNull(),
      pointsRemoved: points('points_removed').notNull(),
      heldPoints: points('held_points').notNull(),
      releaseAt: instant('release_at'),
      redeemedPoints: points('redeemed_points').notNull().default(0),
      redeemedReturned: points('redeemed_returned').notNull().default(0),
      createdLines: count('created_lines').notNull().default(0),
      retainedPoints: points('retained_points').notNull(),
      currentTotalMinor: minor('current_total_minor').notNull(),
      spendMinor: minor('spend_minor').notNull(),
      workflow: count('workflow').notNull(),
      version: count('version').notNull(),
      eventCount: count('event_count').notNull(),
      lineCount: count('line_count').notNull(),
      content: words('content').notNull(),
      createdAt: instant('created_at').notNull(),
      updatedAt: instant('updated_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.id] }),
      uniqueIndex('orders_by_order_id').on(t.siteId, t.orderId),
      index('orders_by_date').on(t.siteId, t.orderDate, t.id),
      index('orders_by_update').on(t.siteId, t.updatedAt, t.id),
      index('orders_by_total').on(t.siteId, t.totalMinor, t.id),
      index('orders_by_member').on(t.siteId, t.memberId, t.orderDate, t.id),
      index('orders_by_workflow').on(t.siteId, t.workflow, t.orderDate, t.id),
      index('orders_by_store').on(t.siteId, t.storeId, t.orderDate, t.id),
      index('orders_by_source').on(t.siteId, t.source, t.orderDate, t.id),
      foreignKey({ columns: [t.siteId, t.memberId], foreignColumns: [members.siteId, members.id] }),
      foreignKey({ columns: [t.siteId, t.creditedToId], foreignColumns: [members.siteId, members.id] }),
      foreignKey({ columns: [t.siteId, t.programVersion], foreignColumns: [programs.siteId, programs.version] }),
      check('orders_points', sql`points_awarded + adjusted_points - points_removed = retained_points and retained_points >= 0`),
      check('orders_money', sql`spend_minor >= 0 and current_total_minor >= 0 and discount_minor >= 0`),
    ],
  );

  const lineItems = table(
    'line_items',
    {
      siteId: siteId(),
      orderId: id('order_id').notNull(),
      position: count('position').notNull(),
      productId: id('product_id').notNull(),
      lineKey: id('line_key'),
      quantity: count('quantity').notNull(),
      shipped: count('shipped').notNull(),
      cancelled: count('cancelled').notNull(),
      returned: count('returned').notNull(),
      unitPriceMinor: minor('unit_price_minor').notNull(),
      discountMinor: minor('discount_minor').notNull(),
      discountShareMinor: minor('discount_share_minor').notNull(),
      categoryId: id('category_id'),
      categoryName: words('category_name'),
      name: words('name'),
      description: words('description'),
      url: words('url'),
      imageUrl: words('image_url'),
      coupon: id('coupon'),
      autoDelivery: flag('auto_delivery').notNull(),
      estimatedShipDate: instant('estimated_ship_date'),
      firstShippedAt: instant('first_shipped_at'),
      lastShippedAt: instant('last_shipped_at'),
      acceptedAt: instant('accepted_at').notNull().default(0),
      matured: count('matured').notNull().default(0),
      waiting: json<readonly Portion[]>('waiting').notNull().default(sql`'[]'`),
      pointsAwarded: points('points_awarded').notNull(),
      pointsRemoved: points('points_removed').notNull(),
      rule: json<EarningRule>('rule').notNull(),
      orderDate: instant('order_date').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.orderId, t.position] }),
      uniqueIndex('line_items_by_key').on(t.siteId, t.orderId, t.lineKey).where(sql`line_key is not null`),
      index('line_items_by_product').on(t.siteId, t.productId, t.orderDate, t.orderId),
      foreignKey({ columns: [t.siteId, t.orderId], foreignColumns: [orders.siteId, orders.id] }),
      check(
        'line_items_quantities',
        sql`quantity >= 1 and cancelled >= 0 and shipped >= 0 and shipped + cancelled <= quantity and returned >= 0 and returned <= shipped`,
      ),
      check('line_items_money', sql`unit_price_minor >= 0 and discount_minor >= 0 and discount_share_minor >= 0`),
    ],
  );

  const orderEvents = table(
    'order_events',
    {
      siteId: siteId(),
      orderId: id('order_id').notNull(),
      sequence: count('sequence').notNull(),
      type: choice<OrderEventType>('type').notNull(),
      actor: words('actor').notNull(),
      reason: words('reason'),
      occurredAt: instant('occurred_at').notNull(),
      recordedAt: instant('recorded_at').notNull(),
      lines: json<readonly { readonly position: number; readonly quantity: number }[]>('lines').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.orderId, t.sequence] }),
      foreignKey({ columns: [t.siteId, t.orderId], foreignColumns: [orders.siteId, orders.id] }),
    ],
  );

  const spendAdjustments = table(
    'spend_adjustments',
    {
      siteId: siteId(),
      id: id('id').notNull(),
      orderId: id('order_id').notNull(),
      memberId: id('member_id').notNull(),
      eventSequence: count('event_sequence').notNull(),
      type: choice<SpendAdjustmentType>('type').notNull(),
      amountMinor: minor('amount_minor').notNull(),
      reason: words('reason').notNull(),
      adjustedBy: words('adjusted_by').notNull(),
      points: points('points').notNull(),
      tierBefore: words('tier_before'),
      tierAfter: words('tier_after'),
      createdAt: instant('created_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.id] }),
      index('spend_adjustments_by_order').on(t.siteId, t.orderId, t.eventSequence),
      index('spend_adjustments_by_member').on(t.siteId, t.memberId, t.createdAt, t.id),
      foreignKey({ columns: [t.siteId, t.orderId], foreignColumns: [orders.siteId, orders.id] }),
      foreignKey({ columns: [t.siteId, t.memberId], foreignColumns: [members.siteId, members.id] }),
      check('spend_adjustments_amount', sql`amount_minor > 0`),
    ],
  );

  /** What a command answered, under its idempotency key. */
  const answers = table(
    'answers',
    {
      siteId: siteId(),
      key: id('key').notNull(),
      content: words('content').notNull(),
      orderId: id('order_id').notNull(),
      pointsAwarded: points('points_awarded').notNull(),
      pointsRemoved: points('points_removed').notNull(),
      adjustmentId: id('adjustment_id'),
      recordedAt: instant('recorded_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.siteId, t.key] }),
      index('answers_by_time').on(t.siteId, t.recordedAt, t.key),
      foreignKey({ columns: [t.siteId, t.orderId], foreignColumns: [orders.siteId, orders.id] }),
    ],
  );

  return { programs, members, memberLinks, orders, lineItems, orderEvents, spendAdjustments, answers };
}

/** The tables as every query is built on them, whichever engine runs it. */
export const { programs, members, memberLinks, orders, lineItems, orderEvents, spendAdjustments, answers } = defineTables(sqliteColumns);
