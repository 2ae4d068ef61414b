// Reads by id and by key, prepared once; lists travel as one JSON parameter.
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { OrderEvent, PointsEntry } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import type { LineItem } from '../domain/line-item.ts';
import { type Program, programOf } from '../domain/program.ts';
import { prepareListSearch } from './list-search.ts';
import { prepareMemberSearch } from './member-search.ts';
import { prepareOrderSearch } from './order-search.ts';
import { preparePointsReads } from './points-reads.ts';
import { memberSpendDays, orderSpend, pointsEntries } from './points-tables.ts';
import { prepareProgramReads } from './program-reads.ts';
import type { EntryKey, EventKey, LineKey } from './store.ts';
import { answers, lineItems, memberLinks, members, orderEvents, orders, programs, spendAdjustments } from './tables.ts';
import { dayOf, startOfDay } from './writes.ts';

const at = sql.placeholder;

/** One of the values of a JSON list. */
const among = (column: SQLiteColumn, list: string): SQL => sql`${column} in (select value from json_each(${at(list)}))`;

/** A pair of keys, out of a JSON list of pairs. */
const pairsAmong = (left: SQLiteColumn, right: SQLiteColumn): SQL =>
  sql`(${left}, ${right}) in (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(${at('pairs')}))`;

/** The bounds of a period's three parts: the rest of its first day, whole days, the begin of its last day. */
function spendBounds(after: Instant | null, upTo: Instant) {
  const lastDay = dayOf(upTo);
  const firstDay = after === null ? null : dayOf(after);
  const isOneDay = firstDay !== null && firstDay >= lastDay;
  return {
    daysAfter: firstDay ?? Number.MIN_SAFE_INTEGER,
    daysBefore: lastDay,
    headAfter: after ?? 0,
    headBefore: after === null || isOneDay ? (after ?? 0) : startOfDay((firstDay ?? 0) + 1),
    tailAfter: isOneDay ? (after ?? 0) : startOfDay(lastDay) - 1,
    upTo,
  };
}

const spendOf = (member: SQL): SQL<number> => sql<number>`
  coalesce((select sum(d.spend_minor) from ${memberSpendDays} d where d.site_id = ${at('siteId')} and d.member_id = ${member} and d.day > ${at('daysAfter')} and d.day < ${at('daysBefore')}), 0)
  + coalesce((select sum(h.spend_minor) from ${orderSpend} h where h.site_id = ${at('siteId')} and h.member_id = ${member} and h.order_date > ${at('headAfter')} and h.order_date < ${at('headBefore')}), 0)
  + coalesce((select sum(t.spend_minor) from ${orderSpend} t where t.site_id = ${at('siteId')} and t.member_id = ${member} and t.order_date > ${at('tailAfter')} and t.order_date <= ${at('upTo')}), 0)`;

function prepareRows(db: BetterSQLite3Database) {
  const ofSite = (column: SQLiteColumn, ...conditions: SQL[]) => and(eq(column, at('siteId')), ...conditions);
  return {
    versions: db
      .select({ version: programs.version, effectiveFrom: programs.effectiveFrom })
      .from(programs)
      .where(ofSite(programs.siteId))
      .orderBy(asc(programs.version))
      .prepare(),
    program: db
      .select({ file: programs.file })
      .from(programs)
      .where(ofSite(programs.siteId, eq(programs.version, at('version'))))
      .prepare(),
    anyOrder: db.select({ id: orders.id }).from(orders).where(ofSite(orders.siteId)).limit(1).prepare(),
    orders: db
      .select()
      .from(orders)
      .where(ofSite(orders.siteId, among(orders.id, 'ids')))
      .prepare(),
    ordersByOrderId: db
      .select()
      .from(orders)
      .where(ofSite(orders.siteId, among(orders.orderId, 'ids')))
      .prepare(),
    members: db
      .select()
      .from(members)
      .where(ofSite(members.siteId, among(members.id, 'ids')))
      .prepare(),
    membersByUserId: db
      .select()
      .from(members)
      .where(ofSite(members.siteId, among(members.userId, 'ids')))
      .prepare(),
    links: db
      .select()
      .from(memberLinks)
      .where(ofSite(memberLinks.siteId, among(memberLinks.secondaryId, 'ids'), sql`${memberLinks.endedAt} is null`))
      .prepare(),
    secondariesEver: db
      .selectDistinct({ id: memberLinks.secondaryId })
      .from(memberLinks)
      .where(ofSite(memberLinks.siteId, eq(memberLinks.primaryId, at('primaryId'))))
      .prepare(),
    secondariesNow: db
      .select({ id: memberLinks.id })
      .from(memberLinks)
      .where(ofSite(memberLinks.siteId, eq(memberLinks.primaryId, at('primaryId')), sql`${memberLinks.endedAt} is null`))
      .limit(1)
      .prepare(),
    linesOfOrders: db
      .select()
      .from(lineItems)
      .where(ofSite(lineItems.siteId, among(lineItems.orderId, 'ids')))
      .orderBy(asc(lineItems.orderId), asc(lineItems.position))
      .prepare(),
    linesOfOrder: db
      .select()
      .from(lineItems)
      .where(ofSite(lineItems.siteId, eq(lineItems.orderId, at('orderId'))))
      .orderBy(asc(lineItems.position))
      .prepare(),
    eventsOfOrder: db
      .select()
      .from(orderEvents)
      .where(ofSite(orderEvents.siteId, eq(orderEvents.orderId, at('orderId'))))
      .orderBy(asc(orderEvents.sequence))
      .prepare(),
    entriesOfOrder: db
      .select()
      .from(pointsEntries)
      .where(ofSite(pointsEntries.siteId, eq(pointsEntries.orderId, at('orderId'))))
      .orderBy(asc(pointsEntries.sequence))
      .prepare(),
    adjustmentsOfOrder: db
      .select()
      .from(spendAdjustments)
      .where(ofSite(spendAdjustments.siteId, eq(spendAdjustments.orderId, at('orderId'))))
      .orderBy(asc(spendAdjustments.eventSequence))
      .prepare(),
    lines: db
      .select()
      .from(lineItems)
      .where(ofSite(lineItems.siteId, pairsAmong(lineItems.orderId, lineItems.position)))
      .prepare(),
    entries: db
      .select()
      .from(pointsEntries)
      .where(ofSite(pointsEntries.siteId, pairsAmong(pointsEntries.memberId, pointsEntries.sequence)))
      .prepare(),
    events: db
      .select()
      .from(orderEvents)
      .where(ofSite(orderEvents.siteId, pairsAmong(orderEvents.orderId, orderEvents.sequence)))
      .prepare(),
    entriesOfEvents: db
      .select()
      .from(pointsEntries)
      .where(
        ofSite(
          pointsEntries.siteId,
          sql`${pointsEntries.orderId} in (select json_extract(value, '$[0]') from json_each(${at('pairs')}))`,
          pairsAmong(pointsEntries.orderId, pointsEntries.eventSequence),
        ),
      )
      .orderBy(asc(pointsEntries.sequence))
      .prepare(),
    adjustments: db
      .select()
      .from(spendAdjustments)
      .where(ofSite(spendAdjustments.siteId, among(spendAdjustments.id, 'ids')))
      .prepare(),
    answer: db
      .select()
      .from(answers)
      .where(ofSite(answers.siteId, eq(answers.key, at('key'))))
      .prepare(),
    spend: db
      .select({ memberId: sql<string>`k.value`, spendMinor: spendOf(sql`k.value`) })
      .from(sql`json_each(${at('ids')}) k`)
      .prepare(),
  };
}

/** Every read on one connection, run at once: SQLite needs no waiting. */
export type Rows = ReturnType<typeof prepareReads>;

export function prepareReads(db: BetterSQLite3Database) {
  const rows = prepareRows(db);
  const parsed = new Map<string, Program>();
  const ids = (siteId: string, list: readonly string[]) => ({ siteId, ids: JSON.stringify(list) });
  const pairs = (siteId: string, list: readonly (readonly [string, number])[]) => ({ siteId, pairs: JSON.stringify(list) });
  /** Versions never change, so each is parsed once. */
  const program = (siteId: string, version: number, effectiveFrom: Instant): Program => {
    const name = JSON.stringify([siteId, version]);
    const known = parsed.get(name) ?? programOf(JSON.parse(rows.program.get({ siteId, version })?.file ?? 'null'), version, effectiveFrom);
    parsed.set(name, known);
    return known;
  };

  return {
    programs: (siteId: string): readonly Program[] =>
      rows.versions.all({ siteId }).map(({ version, effectiveFrom }) => program(siteId, version, effectiveFrom)),
    hasOrders: (siteId: string): boolean => rows.anyOrder.get({ siteId }) !== undefined,
    ordersById: (siteId: string, list: readonly string[]) => rows.orders.all(ids(siteId, list)),
    ordersByOrderId: (siteId: string, list: readonly string[]) => rows.ordersByOrderId.all(ids(siteId, list)),
    membersById: (siteId: string, list: readonly string[]) => rows.members.all(ids(siteId, list)),
    membersByUserId: (siteId: string, list: readonly string[]) => rows.membersByUserId.all(ids(siteId, list)),
    linksOfSecondaries: (siteId: string, list: readonly string[]) => rows.links.all(ids(siteId, list)),
    secondariesEver: (siteId: string, primaryId: string): readonly string[] =>
      rows.secondariesEver.all({ siteId, primaryId }).map(({ id }) => id),
    hasSecondaries: (siteId: string, primaryId: string): boolean => rows.secondariesNow.get({ siteId, primaryId }) !== undefined,
    linesOfOrder: (siteId: string, orderId: string): readonly LineItem[] => rows.linesOfOrder.all({ siteId, orderId }),
    linesOfOrders: (siteId: string, list: readonly string[]): readonly LineItem[] => rows.linesOfOrders.all(ids(siteId, list)),
    eventsOfOrder: (siteId: string, orderId: string): readonly OrderEvent[] => rows.eventsOfOrder.all({ siteId, orderId }),
    entriesOfOrder: (siteId: string, orderId: string): readonly PointsEntry[] => rows.entriesOfOrder.all({ siteId, orderId }),
    adjustmentsOfOrder: (siteId: string, orderId: string) => rows.adjustmentsOfOrder.all({ siteId, orderId }),
    linesByKey: (siteId: string, keys: readonly LineKey[]) =>
      rows.lines.all(
        pairs(
          siteId,
          keys.map(({ orderId, position }) => [orderId, position]),
        ),
      ),
    entriesByKey: (siteId: string, keys: readonly EntryKey[]) =>
      rows.entries.all(
        pairs(
          siteId,
          keys.map(({ memberId, sequence }) => [memberId, sequence]),
        ),
      ),
    eventsByKey: (siteId: string, keys: readonly EventKey[]) =>
      rows.events.all(
        pairs(
          siteId,
          keys.map(({ orderId, sequence }) => [orderId, sequence]),
        ),
      ),
    entriesOfEvents: (siteId: string, keys: readonly EventKey[]) =>
      rows.entriesOfEvents.all(
        pairs(
          siteId,
          keys.map(({ orderId, sequence }) => [orderId, sequence]),
        ),
      ),
    adjustmentsById: (siteId: string, list: readonly string[]) => rows.adjustments.all(ids(siteId, list)),
    answer: (siteId: string, key: string) => rows.answer.get({ siteId, key }) ?? null,
    periodSpend: (siteId: string, list: readonly string[], after: Instant | null, upTo: Instant): ReadonlyMap<string, number> =>
      new Map(
        rows.spend.all({ ...ids(siteId, list), ...spendBounds(after, upTo) }).map(({ memberId, spendMinor }) => [memberId, spendMinor]),
      ),
    ...preparePointsReads(db),
    ...prepareProgramReads(db),
    lists: prepareListSearch(db),
    orders: prepareOrderSearch(db),
    members: prepareMemberSearch(db, spendOf, spendBounds),
  };
}
