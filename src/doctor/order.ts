// Checks orders: the figures that follow from their lines, under the frozen rules and the hold of each order.
import { sql } from 'drizzle-orm';
import type { HoldTerms } from '../domain/hold.ts';
import { keptQuantity, type LineItem } from '../domain/line-item.ts';
import { nextRelease } from '../domain/movement.ts';
import { type Order, standingOf, workflowState } from '../domain/order.ts';
import { linePoints } from '../domain/points.ts';
import { eachSite, type Snapshot, select } from '../store/snapshot.ts';
import type { Engine } from '../store/statement.ts';
import { differences, gaps, guarded, negatives } from './finding.ts';
import { historyViolations } from './order-history.ts';
import { type OrderRows, prepareOrderRows } from './order-rows.ts';

const keys = (engine: Engine) =>
  select(
    engine,
    { siteId: sql<string>`site_id`, id: sql<string>`id`, orderId: sql<string>`order_id` },
    sql`from orders order by site_id, order_id`,
  );

/** Every violation of orders, by site and orderId. */
export async function* orderViolations(snapshot: Snapshot): AsyncGenerator<string> {
  const rowsAround = prepareOrderRows(snapshot);
  for await (const { siteId, rows: some } of eachSite(snapshot, keys(snapshot.engine))) {
    const rows = await rowsAround(
      siteId,
      some.map(({ id }) => id),
    );
    for (const { id, orderId } of some) {
      const where = `Site ${siteId}, order ${orderId}`;
      yield* guarded(where, () => ofOrder(where, rows, id));
    }
  }
}

function* ofOrder(where: string, rows: OrderRows, id: string): Generator<string> {
  const [order] = rows.order(id);
  if (!order) return;
  const lines = rows.lines(id);
  const outOfBounds = lines.filter((line) => !isInBounds(line));
  yield* gaps(
    where,
    'line',
    lines.map(({ position }) => position),
  );
  yield* differences(where, { line_count: [order.lineCount, lines.length] });
  if (order.createdLines < 1 || order.createdLines > lines.length)
    yield `${where}: created_lines is ${order.createdLines}, expected 1 to ${lines.length}.`;
  for (const line of lines) yield* ofLine(`${where}, line ${line.position}`, order, line);
  // What impossible quantities would retain says nothing about the order's figures.
  if (outOfBounds.length === 0) {
    yield* ofStanding(where, order, lines);
    yield* guarded(where, () => ofHold(where, order, lines, rows.holdTerms(order)));
  }
  yield* historyViolations(where, rows, order);
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
    yield* ofGoods(where, line);
    yield* differences(where, { 'points_awarded − points_removed': [BigInt(line.pointsAwarded - line.pointsRemoved), points] });
  } else {
    const { quantity, shipped, cancelled, returned } = line;
    yield `${where}: quantity ${quantity}, shipped ${shipped}, cancelled ${cancelled}, returned ${returned} cannot be.`;
  }
}

/** Goods that have matured or wait are kept goods, and those that wait are in the order in which they mature. */
function* ofGoods(where: string, line: LineItem): Generator<string> {
  const { matured, waiting } = line;
  const kept = keptQuantity(line);
  yield* negatives(where, { matured });
  const counted = waiting.reduce((sum, { quantity }) => sum + quantity, matured);
  if (counted > kept) yield `${where}: matured and waiting are ${counted} together, expected at most ${kept}, the kept quantity.`;
  if (waiting.some(({ quantity }) => quantity <= 0)) yield `${where}: a waiting quantity is not above 0.`;
  if (waiting.some(({ dueAt }, index) => dueAt <= (waiting[index - 1]?.dueAt ?? Number.NEGATIVE_INFINITY)))
    yield `${where}: what waits is not in the order of its instants.`;
}

/** What follows from the hold of the order's program version. */
function* ofHold(where: string, order: Order, lines: readonly LineItem[], terms: HoldTerms): Generator<string> {
  if (terms.hold === 'NONE')
    for (const line of lines)
      yield* differences(`${where}, line ${line.position}`, { 'matured without a hold': [line.matured, keptQuantity(line)] });
  yield* differences(where, { release_at: [order.releaseAt, nextRelease(terms, order, lines)] });
}

/** The figures that follow from the lines and the adjustments. */
function* ofStanding(where: string, order: Order, lines: readonly LineItem[]): Generator<string> {
  const standing = standingOf(order, lines);
  yield* differences(where, {
    'retained_points against its lines': [BigInt(order.retainedPoints), standing.retainedPoints],
    'held_points against its lines': [BigInt(order.heldPoints), standing.retainedPoints - standing.releasedPoints],
    adjustment_minor: [order.adjustmentMinor, standing.adjustmentMinor],
    adjustment_points: [order.adjustmentPoints, standing.adjustmentPoints],
    current_total_minor: [order.currentTotalMinor, standing.linesMinor],
    spend_minor: [order.spendMinor, standing.spendMinor],
    discount_minor: [order.discountMinor, lines.reduce((sum, line) => sum + line.discountShareMinor, 0)],
    workflow: [order.workflow, workflowState(lines, order.heldPoints)],
  });
}
