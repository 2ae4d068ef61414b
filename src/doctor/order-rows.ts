// The rows around one order, as the domain knows them: one statement for each kind, prepared once.
import type Database from 'better-sqlite3';
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import type { HoldTerms } from '../domain/hold.ts';
import type { Order } from '../domain/order.ts';
import { programOf } from '../domain/program.ts';
import { orderSpend, pointsEntries, pointsLots, redemptionParts } from '../store/points-tables.ts';
import { lineItems, orderEvents, orders, programs, spendAdjustments } from '../store/tables.ts';

export type OrderRows = ReturnType<typeof prepareOrderRows>;

/** The rows around one order, as the domain knows them. */
export function prepareOrderRows(connection: Database.Database) {
  const db = drizzle(connection);
  const [siteId, id] = [sql.placeholder('siteId'), sql.placeholder('id')];
  const pointsOf = (which: SQL) => sql<number>`coalesce(sum(case when ${which} then ${pointsEntries.points} else 0 end), 0)`;
  /** What an event that an entry names has to be: of the order, and of a kind of its own for releases. */
  const misplaced = sql`${pointsEntries.eventSequence} is not null and not exists (
    select 1 from ${orderEvents} e where e.site_id = ${pointsEntries.siteId} and e.order_id = ${pointsEntries.orderId}
      and e.sequence = ${pointsEntries.eventSequence} and (e.type = 'POINTS_RELEASED') = (${pointsEntries.type} = 'RELEASE'))`;
  return {
    order: db
      .select()
      .from(orders)
      .where(and(eq(orders.siteId, siteId), eq(orders.id, id)))
      .prepare(),
    lines: db
      .select()
      .from(lineItems)
      .where(and(eq(lineItems.siteId, siteId), eq(lineItems.orderId, id)))
      .orderBy(asc(lineItems.position))
      .prepare(),
    events: db
      .select({ sequence: orderEvents.sequence, type: orderEvents.type })
      .from(orderEvents)
      .where(and(eq(orderEvents.siteId, siteId), eq(orderEvents.orderId, id)))
      .orderBy(asc(orderEvents.sequence))
      .prepare(),
    entries: db
      .select({
        points: pointsOf(sql`${pointsEntries.type} in ('EARN', 'RETURN', 'CANCEL', 'CORRECTION', 'SPEND_ADJUSTMENT')`),
        redeemed: pointsOf(sql`${pointsEntries.type} = 'REDEEM'`),
        returned: pointsOf(sql`${pointsEntries.type} = 'REDEEM_REVERSAL'`),
        expired: pointsOf(sql`${pointsEntries.type} = 'EXPIRE'`),
        held: sql<number>`coalesce(sum(${pointsEntries.held}), 0)`,
        misplaced: sql<number>`coalesce(sum(${misplaced}), 0)`,
        foreign: sql<number>`coalesce(sum(${pointsEntries.memberId} <> ${sql.placeholder('creditedToId')}), 0)`,
      })
      .from(pointsEntries)
      .where(and(eq(pointsEntries.siteId, siteId), eq(pointsEntries.orderId, id)))
      .prepare(),
    lots: db
      .select({ expired: sql<number>`coalesce(sum(${pointsLots.expired}), 0)` })
      .from(pointsLots)
      .where(and(eq(pointsLots.siteId, siteId), eq(pointsLots.orderId, id)))
      .prepare(),
    parts: db
      .select()
      .from(redemptionParts)
      .where(and(eq(redemptionParts.siteId, siteId), eq(redemptionParts.orderId, id)))
      .orderBy(asc(redemptionParts.sequence))
      .prepare(),
    holdTerms: prepareHoldTerms(db),
    adjustments: db
      .select({
        points: sql<number>`coalesce(sum(${spendAdjustments.points}), 0)`,
        count: sql<number>`count(*)`,
        worthless: sql<number>`coalesce(sum(${spendAdjustments.amountMinor} <= 0), 0)`,
      })
      .from(spendAdjustments)
      .where(and(eq(spendAdjustments.siteId, siteId), eq(spendAdjustments.orderId, id)))
      .prepare(),
    spend: db
      .select({ spendMinor: orderSpend.spendMinor })
      .from(orderSpend)
      .where(
        and(
          eq(orderSpend.siteId, siteId),
          eq(orderSpend.memberId, sql.placeholder('creditedToId')),
          eq(orderSpend.orderDate, sql.placeholder('orderDate')),
          eq(orderSpend.orderId, id),
        ),
      )
      .prepare(),
  };
}

/** The hold of an order's program version. A version is read once: there are few of them. */
function prepareHoldTerms(db: BetterSQLite3Database): (order: Order) => HoldTerms {
  const version = db
    .select({ file: programs.file, effectiveFrom: programs.effectiveFrom })
    .from(programs)
    .where(and(eq(programs.siteId, sql.placeholder('siteId')), eq(programs.version, sql.placeholder('programVersion'))))
    .prepare();
  const known = new Map<string, HoldTerms>();
  return ({ siteId, programVersion }) => {
    const key = JSON.stringify([siteId, programVersion]);
    const row = known.has(key) ? null : version.get({ siteId, programVersion });
    if (row) known.set(key, programOf(JSON.parse(row.file), programVersion, row.effectiveFrom));
    const terms = known.get(key);
    if (!terms) throw new Error(`there is no version ${programVersion} of the program`);
    return terms;
  };
}
