// The rows around orders, as the domain knows them: a statement for each kind, for many orders at once.
import { and, asc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { HoldTerms } from '../domain/hold.ts';
import type { Order } from '../domain/order.ts';
import { programOf } from '../domain/program.ts';
import { orderSpend, pointsEntries, pointsLots, redemptionParts } from '../store/points-tables.ts';
import type { RowValues, Snapshot } from '../store/snapshot.ts';
import { builder as db, type Engine, type Statement, type Values } from '../store/statement.ts';
import { lineItems, orderEvents, orders, programs, spendAdjustments } from '../store/tables.ts';

/** A row, and the id of the order that it is of. */
type Keyed<Row> = { readonly key: string | null; readonly row: Row };
/** The rows of an order by its id. They are decoded when they are asked for: one that cannot be read is in the way of its order only. */
type RowsOf<Row> = (id: string) => readonly Row[];

const siteId = sql.placeholder('siteId');
const total = (value: SQL) => sql<number>`coalesce(sum(${value}), 0)`;
const pointsOf = (which: SQL) => total(sql`case when ${which} then ${pointsEntries.points} else 0 end`);
const count = (which: SQL) => total(sql`case when ${which} then 1 else 0 end`);

/** What an event that an entry names has to be: of the order, and of a kind of its own for releases. */
const misplaced = sql`${pointsEntries.eventSequence} is not null and not exists (
  select 1 from ${orderEvents} e where e.site_id = ${pointsEntries.siteId} and e.order_id = ${pointsEntries.orderId}
    and e.sequence = ${pointsEntries.eventSequence} and (e.type = 'POINTS_RELEASED') = (${pointsEntries.type} = 'RELEASE'))`;

/** Statements of an order and what is listed under it. */
const lists = ({ rows, words }: Engine) => ({
  order: rows(
    db
      .select({ key: orders.id, row: getTableColumns(orders) })
      .from(orders)
      .where(and(eq(orders.siteId, siteId), words.among(orders.id, 'ids'))),
  ),
  lines: rows(
    db
      .select({ key: lineItems.orderId, row: getTableColumns(lineItems) })
      .from(lineItems)
      .where(and(eq(lineItems.siteId, siteId), words.among(lineItems.orderId, 'ids')))
      .orderBy(asc(lineItems.orderId), asc(lineItems.position)),
  ),
  events: rows(
    db
      .select({ key: orderEvents.orderId, row: { sequence: orderEvents.sequence, type: orderEvents.type } })
      .from(orderEvents)
      .where(and(eq(orderEvents.siteId, siteId), words.among(orderEvents.orderId, 'ids')))
      .orderBy(asc(orderEvents.orderId), asc(orderEvents.sequence)),
  ),
  parts: rows(
    db
      .select({ key: redemptionParts.orderId, row: getTableColumns(redemptionParts) })
      .from(redemptionParts)
      .where(and(eq(redemptionParts.siteId, siteId), words.among(redemptionParts.orderId, 'ids')))
      .orderBy(asc(redemptionParts.orderId), asc(redemptionParts.sequence)),
  ),
});

/** Statements of what is summed of an order's rows. */
const sums = ({ rows, words }: Engine) => ({
  entries: rows(
    db
      .select({
        key: pointsEntries.orderId,
        row: {
          points: pointsOf(sql`${pointsEntries.type} in ('EARN', 'RETURN', 'CANCEL', 'CORRECTION', 'SPEND_ADJUSTMENT')`),
          redeemed: pointsOf(sql`${pointsEntries.type} = 'REDEEM'`),
          returned: pointsOf(sql`${pointsEntries.type} = 'REDEEM_REVERSAL'`),
          expired: pointsOf(sql`${pointsEntries.type} = 'EXPIRE'`),
          held: total(sql`${pointsEntries.held}`),
          misplaced: count(misplaced),
          foreign: count(sql`${pointsEntries.memberId} <> ${orders.creditedToId}`),
        },
      })
      .from(pointsEntries)
      .innerJoin(orders, and(eq(orders.siteId, pointsEntries.siteId), eq(orders.id, pointsEntries.orderId)))
      .where(and(eq(pointsEntries.siteId, siteId), words.among(pointsEntries.orderId, 'ids')))
      .groupBy(pointsEntries.orderId),
  ),
  lots: rows(
    db
      .select({ key: pointsLots.orderId, row: { expired: total(sql`${pointsLots.expired}`) } })
      .from(pointsLots)
      .where(and(eq(pointsLots.siteId, siteId), words.among(pointsLots.orderId, 'ids')))
      .groupBy(pointsLots.orderId),
  ),
  adjustments: rows(
    db
      .select({
        key: spendAdjustments.orderId,
        row: {
          points: total(sql`${spendAdjustments.points}`),
          count: sql<number>`count(*)`,
          worthless: count(sql`${spendAdjustments.amountMinor} <= 0`),
        },
      })
      .from(spendAdjustments)
      .where(and(eq(spendAdjustments.siteId, siteId), words.among(spendAdjustments.orderId, 'ids')))
      .groupBy(spendAdjustments.orderId),
  ),
  spend: rows(
    db
      .select({ key: orders.id, row: { spendMinor: orderSpend.spendMinor } })
      .from(orders)
      .innerJoin(
        orderSpend,
        and(
          eq(orderSpend.siteId, orders.siteId),
          eq(orderSpend.memberId, orders.creditedToId),
          eq(orderSpend.orderDate, orders.orderDate),
          eq(orderSpend.orderId, orders.id),
        ),
      )
      .where(and(eq(orders.siteId, siteId), words.among(orders.id, 'ids'))),
  ),
});

async function rowsOf<Row>(snapshot: Snapshot, statement: Statement<Keyed<Row>>, values: Values): Promise<RowsOf<Row>> {
  const groups = new Map<unknown, RowValues[]>();
  for (const row of await snapshot.all(statement, values)) {
    const [key] = row;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return (id) => (groups.get(id) ?? []).map((row) => statement.decode(row).row);
}

export type OrderRows = Awaited<ReturnType<ReturnType<typeof prepareOrderRows>>>;

/** The rows around orders of a site, by the ids of the orders. */
export function prepareOrderRows(snapshot: Snapshot) {
  const { order, lines, events, parts } = lists(snapshot.engine);
  const { entries, lots, adjustments, spend } = sums(snapshot.engine);
  const holdTerms = prepareHoldTerms(snapshot);
  return async (site: string, ids: readonly string[]) => {
    const values = { siteId: site, ids };
    return {
      order: await rowsOf(snapshot, order, values),
      lines: await rowsOf(snapshot, lines, values),
      events: await rowsOf(snapshot, events, values),
      parts: await rowsOf(snapshot, parts, values),
      entries: await rowsOf(snapshot, entries, values),
      lots: await rowsOf(snapshot, lots, values),
      adjustments: await rowsOf(snapshot, adjustments, values),
      spend: await rowsOf(snapshot, spend, values),
      holdTerms: await holdTerms(site),
    };
  };
}

/** The hold of an order's program version. The versions of a site are read once: there are few of them. */
function prepareHoldTerms({ engine, all }: Snapshot): (site: string) => Promise<(order: Order) => HoldTerms> {
  const versions = engine.rows(
    db
      .select({ version: programs.version, file: programs.file, effectiveFrom: programs.effectiveFrom })
      .from(programs)
      .where(eq(programs.siteId, siteId)),
  );
  let known: { readonly site: string; readonly termsOf: (order: Order) => HoldTerms } | null = null;
  return async (site) => {
    if (known?.site === site) return known.termsOf;
    const files = new Map((await all(versions, { siteId: site })).map((row) => versions.decode(row)).map((row) => [row.version, row]));
    const read = new Map<number, HoldTerms>();
    const termsOf = ({ programVersion }: Order): HoldTerms => {
      const row = files.get(programVersion);
      if (!row) throw new Error(`there is no version ${programVersion} of the program`);
      const terms = read.get(programVersion) ?? programOf(JSON.parse(row.file), programVersion, row.effectiveFrom);
      read.set(programVersion, terms);
      return terms;
    };
    known = { site, termsOf };
    return termsOf;
  };
}
