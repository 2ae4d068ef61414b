// Checks orders: lines, events and entries against the figures that are derived from them.
import type Database from 'better-sqlite3';
import { and, asc, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { keptQuantity, type LineItem } from '../domain/line-item.ts';
import { type Order, standingOf, workflowState } from '../domain/order.ts';
import { linePoints } from '../domain/points.ts';
import { lineItems, orderEvents, orderSpend, orders, pointsEntries, spendAdjustments } from '../store/tables.ts';
import { differences, gaps, guarded, negatives } from './finding.ts';

type Key = { readonly siteId: string; readonly id: string; readonly orderId: string };

/** Every violation of orders, by site and orderId. */
export function* orderViolations(db: Database.Database): Generator<string> {
  const rows = prepareRows(db);
  const keys = db.prepare<[], Key>('select site_id as siteId, id, order_id as orderId from orders order by site_id, order_id');
  for (const key of keys.iterate()) {
    const where = `Site ${key.siteId}, order ${key.orderId}`;
    yield* guarded(where, () => ofOrder(where, rows, key));
  }
}

type Rows = ReturnType<typeof prepareRows>;

/** The rows around one order, as the domain knows them. */
function prepareRows(connection: Database.Database) {
  const db = drizzle(connection);
  const [siteId, id] = [sql.placeholder('siteId'), sql.placeholder('id')];
  const nominal = sql`${pointsEntries.type} in ('EARN', 'RETURN', 'CANCEL', 'CORRECTION', 'SPEND_ADJUSTMENT')`;
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
        points: sql<number>`coalesce(sum(case when ${nominal} then ${pointsEntries.points} else 0 end), 0)`,
        held: sql<number>`coalesce(sum(${pointsEntries.held}), 0)`,
        foreign: sql<number>`coalesce(sum(${pointsEntries.memberId} <> ${sql.placeholder('creditedToId')}), 0)`,
      })
      .from(pointsEntries)
      .where(and(eq(pointsEntries.siteId, siteId), eq(pointsEntries.orderId, id)))
      .prepare(),
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

function* ofOrder(where: string, rows: Rows, { siteId, id }: Key): Generator<string> {
  const order = rows.order.get({ siteId, id });
  if (!order) return;
  const lines = rows.lines.all({ siteId, id });
  const outOfBounds = lines.filter((line) => !isInBounds(line));
  yield* gaps(
    where,
    'line',
    lines.map(({ position }) => position),
  );
  yield* differences(where, { line_count: [order.lineCount, lines.length] });
  for (const line of lines) yield* ofLine(`${where}, line ${line.position}`, order, line);
  // What impossible quantities would retain says nothing about the order's figures.
  if (outOfBounds.length === 0) yield* ofStanding(where, order, lines);
  yield* ofHistory(where, rows, order);
  yield* negatives(where, { spend_minor: order.spendMinor, retained_points: order.retainedPoints, held_points: order.heldPoints });
}

const isInBounds = ({ quantity, shipped, cancelled, returned }: LineItem): boolean =>
  quantity >= 1 && cancelled >= 0 && shipped >= 0 && shipped + cancelled <= quantity && returned >= 0 && returned <= shipped;

function* ofLine(where: string, order: Order, line: LineItem): Generator<string> {
  yield* differences(where, { order_date: [line.orderDate, order.orderDate] });
  const { unitPriceMinor, discountMinor, discountShareMinor } = line;
  yield* negatives(where, { unit_price_minor: unitPriceMinor, discount_minor: discountMinor, discount_share_minor: discountShareMinor });
  if (isInBounds(line)) {
    const points = linePoints(line, keptQuantity(line));
    yield* differences(where, { 'points_awarded − points_removed': [BigInt(line.pointsAwarded - line.pointsRemoved), points] });
  } else {
    const { quantity, shipped, cancelled, returned } = line;
    yield `${where}: quantity ${quantity}, shipped ${shipped}, cancelled ${cancelled}, returned ${returned} cannot be.`;
  }
}

/** The figures that follow from the lines and the adjustments. */
function* ofStanding(where: string, order: Order, lines: readonly LineItem[]): Generator<string> {
  const standing = standingOf(order, lines);
  yield* differences(where, {
    'retained_points against its lines': [BigInt(order.retainedPoints), standing.retainedPoints],
    adjustment_minor: [order.adjustmentMinor, standing.adjustmentMinor],
    adjustment_points: [order.adjustmentPoints, standing.adjustmentPoints],
    current_total_minor: [order.currentTotalMinor, standing.linesMinor],
    spend_minor: [order.spendMinor, standing.spendMinor],
    discount_minor: [order.discountMinor, lines.reduce((sum, line) => sum + line.discountShareMinor, 0)],
    workflow: [order.workflow, workflowState(lines, order.heldPoints)],
  });
}

/** The figures that follow from the order's entries, adjustments and events. */
function* ofHistory(where: string, rows: Rows, order: Order): Generator<string> {
  const { siteId, id, creditedToId, orderDate } = order;
  const entries = rows.entries.get({ siteId, id, creditedToId }) ?? { points: 0, held: 0, foreign: 0 };
  const adjustments = rows.adjustments.get({ siteId, id }) ?? { points: 0, count: 0, worthless: 0 };
  const events = rows.events.all({ siteId, id });
  yield* gaps(
    where,
    'event',
    events.map(({ sequence }) => sequence),
  );
  yield* differences(where, {
    'points_awarded + adjusted_points − points_removed': [
      order.pointsAwarded + order.adjustedPoints - order.pointsRemoved,
      order.retainedPoints,
    ],
    'retained_points against its entries': [order.retainedPoints, entries.points],
    held_points: [order.heldPoints, entries.held],
    'number of entries of members whom it is not credited to': [entries.foreign, 0],
    adjusted_points: [order.adjustedPoints, adjustments.points],
    'number of adjustments that are not above 0': [adjustments.worthless, 0],
    event_count: [order.eventCount, events.length],
    version: [order.version, events.filter(({ type }) => type !== 'POINTS_RELEASED').length],
    'number of SPEND_ADJUSTED events': [events.filter(({ type }) => type === 'SPEND_ADJUSTED').length, adjustments.count],
    'spend_minor in order_spend': [rows.spend.get({ siteId, id, creditedToId, orderDate })?.spendMinor ?? 0, order.spendMinor],
  });
  const isKnownEarner = creditedToId === order.memberId || creditedToId === order.primaryId;
  if (!isKnownEarner) yield `${where}: is credited to member ${creditedToId}, expected its buyer or the buyer's primary member.`;
}
