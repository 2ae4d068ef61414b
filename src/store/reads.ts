// Reads by id and by key, made once; lists travel as one parameter.
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { LRUCache } from 'lru-cache';
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
import { type Asking, all, builder, type Engine, first } from './statement.ts';
import type { EntryKey, EventKey, LineKey } from './store.ts';
import { answers, lineItems, memberLinks, members, orderEvents, orders, programs, spendAdjustments } from './tables.ts';
import { dayOf, startOfDay } from './writes.ts';

const at = sql.placeholder;

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

function prepareRows({ rows, words }: Engine) {
  const db = builder;
  const { among, pairAmong, firstAmong, keys } = words;
  const ofSite = (column: SQLiteColumn, ...conditions: SQL[]) => and(eq(column, at('siteId')), ...conditions);
  return {
    versions: rows(
      db
        .select({ version: programs.version, effectiveFrom: programs.effectiveFrom, createdAt: programs.createdAt })
        .from(programs)
        .where(ofSite(programs.siteId))
        .orderBy(asc(programs.version)),
    ),
    program: rows(
      db
        .select({ file: programs.file })
        .from(programs)
        .where(ofSite(programs.siteId, eq(programs.version, at('version')))),
    ),
    // In the order of the key, so that nobody looks through the rows of other sites for one of a site that has none.
    anyOrder: rows(db.select({ id: orders.id }).from(orders).where(ofSite(orders.siteId)).orderBy(asc(orders.id)).limit(1)),
    orders: rows(
      db
        .select()
        .from(orders)
        .where(ofSite(orders.siteId, among(orders.id, 'ids'))),
    ),
    ordersByOrderId: rows(
      db
        .select()
        .from(orders)
        .where(ofSite(orders.siteId, among(orders.orderId, 'ids'))),
    ),
    members: rows(
      db
        .select()
        .from(members)
        .where(ofSite(members.siteId, among(members.id, 'ids'))),
    ),
    membersByUserId: rows(
      db
        .select()
        .from(members)
        .where(ofSite(members.siteId, among(members.userId, 'ids'))),
    ),
    links: rows(
      db
        .select()
        .from(memberLinks)
        .where(ofSite(memberLinks.siteId, among(memberLinks.secondaryId, 'ids'), sql`${memberLinks.endedAt} is null`)),
    ),
    secondariesEver: rows(
      db
        .selectDistinct({ id: memberLinks.secondaryId })
        .from(memberLinks)
        .where(ofSite(memberLinks.siteId, eq(memberLinks.primaryId, at('primaryId')))),
    ),
    secondariesNow: rows(
      db
        .select({ id: memberLinks.id })
        .from(memberLinks)
        .where(ofSite(memberLinks.siteId, eq(memberLinks.primaryId, at('primaryId')), sql`${memberLinks.endedAt} is null`))
        .limit(1),
    ),
    linesOfOrders: rows(
      db
        .select()
        .from(lineItems)
        .where(ofSite(lineItems.siteId, among(lineItems.orderId, 'ids')))
        .orderBy(asc(lineItems.orderId), asc(lineItems.position)),
    ),
    linesOfOrder: rows(
      db
        .select()
        .from(lineItems)
        .where(ofSite(lineItems.siteId, eq(lineItems.orderId, at('orderId'))))
        .orderBy(asc(lineItems.position)),
    ),
    eventsOfOrder: rows(
      db
        .select()
        .from(orderEvents)
        .where(ofSite(orderEvents.siteId, eq(orderEvents.orderId, at('orderId'))))
        .orderBy(asc(orderEvents.sequence)),
    ),
    entriesOfOrder: rows(
      db
        .select()
        .from(pointsEntries)
        .where(ofSite(pointsEntries.siteId, eq(pointsEntries.orderId, at('orderId'))))
        .orderBy(asc(pointsEntries.sequence)),
    ),
    adjustmentsOfOrder: rows(
      db
        .select()
        .from(spendAdjustments)
        .where(ofSite(spendAdjustments.siteId, eq(spendAdjustments.orderId, at('orderId'))))
        .orderBy(asc(spendAdjustments.eventSequence)),
    ),
    lines: rows(
      db
        .select()
        .from(lineItems)
        .where(ofSite(lineItems.siteId, pairAmong(lineItems.orderId, lineItems.position, 'pairs'))),
    ),
    entries: rows(
      db
        .select()
        .from(pointsEntries)
        .where(ofSite(pointsEntries.siteId, pairAmong(pointsEntries.memberId, pointsEntries.sequence, 'pairs'))),
    ),
    events: rows(
      db
        .select()
        .from(orderEvents)
        .where(ofSite(orderEvents.siteId, pairAmong(orderEvents.orderId, orderEvents.sequence, 'pairs'))),
    ),
    entriesOfEvents: rows(
      db
        .select()
        .from(pointsEntries)
        .where(
          ofSite(
            pointsEntries.siteId,
            firstAmong(pointsEntries.orderId, 'pairs'),
            pairAmong(pointsEntries.orderId, pointsEntries.eventSequence, 'pairs'),
          ),
        )
        .orderBy(asc(pointsEntries.sequence)),
    ),
    adjustments: rows(
      db
        .select()
        .from(spendAdjustments)
        .where(ofSite(spendAdjustments.siteId, among(spendAdjustments.id, 'ids'))),
    ),
    answer: rows(
      db
        .select()
        .from(answers)
        .where(ofSite(answers.siteId, eq(answers.key, at('key')))),
    ),
    spend: rows(db.select({ memberId: sql<string>`k.value`, spendMinor: spendOf(sql`k.value`) }).from(keys('ids'))),
  };
}

type VersionRow = { readonly version: number; readonly effectiveFrom: Instant; readonly createdAt: Instant };

const isSame = (before: readonly VersionRow[], now: readonly VersionRow[]): boolean =>
  before.length === now.length &&
  now.every(({ version, effectiveFrom, createdAt }, index) => {
    const other = before[index];
    return version === other?.version && effectiveFrom === other.effectiveFrom && createdAt === other.createdAt;
  });

/** Every read, as something to be asked of whichever connection runs it. */
export type Rows = ReturnType<typeof prepareReads>;

export function prepareReads(engine: Engine) {
  const rows = prepareRows(engine);
  const parsed = new Map<string, Program>();
  const pairs = (siteId: string, list: readonly (readonly [string, number])[]) => ({ siteId, pairs: list });
  /**
   * Versions never change, so each is parsed once. It is known by when it was added as well: one whose transaction was lost in the
   * end is followed by another of its number.
   */
  function* program(siteId: string, { version, effectiveFrom, createdAt }: VersionRow): Asking<Program> {
    const name = JSON.stringify([siteId, version, effectiveFrom, createdAt]);
    const known = parsed.get(name);
    if (known) return known;
    const row = yield* first(rows.program, { siteId, version });
    const read = programOf(JSON.parse(row?.file ?? 'null'), version, effectiveFrom);
    parsed.set(name, read);
    return read;
  }
  /** The versions that a site had last, so that nothing is put together anew while they are the same. */
  const last = new LRUCache<string, { readonly versions: readonly VersionRow[]; readonly programs: readonly Program[] }>({ max: 1_000 });
  function* programsOf(siteId: string): Asking<readonly Program[]> {
    const versions = yield* all(rows.versions, { siteId });
    const known = last.get(siteId);
    if (known && isSame(known.versions, versions)) return known.programs;
    const programs: Program[] = [];
    for (const row of versions) programs.push(yield* program(siteId, row));
    last.set(siteId, { versions, programs });
    return programs;
  }

  return {
    programs: programsOf,
    *hasOrders(siteId: string): Asking<boolean> {
      return (yield* first(rows.anyOrder, { siteId })) !== undefined;
    },
    ordersById: (siteId: string, ids: readonly string[]) => all(rows.orders, { siteId, ids }),
    ordersByOrderId: (siteId: string, ids: readonly string[]) => all(rows.ordersByOrderId, { siteId, ids }),
    membersById: (siteId: string, ids: readonly string[]) => all(rows.members, { siteId, ids }),
    membersByUserId: (siteId: string, ids: readonly string[]) => all(rows.membersByUserId, { siteId, ids }),
    linksOfSecondaries: (siteId: string, ids: readonly string[]) => all(rows.links, { siteId, ids }),
    *secondariesEver(siteId: string, primaryId: string): Asking<readonly string[]> {
      return (yield* all(rows.secondariesEver, { siteId, primaryId })).map(({ id }) => id);
    },
    *hasSecondaries(siteId: string, primaryId: string): Asking<boolean> {
      return (yield* first(rows.secondariesNow, { siteId, primaryId })) !== undefined;
    },
    linesOfOrder: (siteId: string, orderId: string): Asking<readonly LineItem[]> => all(rows.linesOfOrder, { siteId, orderId }),
    linesOfOrders: (siteId: string, ids: readonly string[]): Asking<readonly LineItem[]> => all(rows.linesOfOrders, { siteId, ids }),
    eventsOfOrder: (siteId: string, orderId: string): Asking<readonly OrderEvent[]> => all(rows.eventsOfOrder, { siteId, orderId }),
    entriesOfOrder: (siteId: string, orderId: string): Asking<readonly PointsEntry[]> => all(rows.entriesOfOrder, { siteId, orderId }),
    adjustmentsOfOrder: (siteId: string, orderId: string) => all(rows.adjustmentsOfOrder, { siteId, orderId }),
    linesByKey: (siteId: string, keys: readonly LineKey[]) =>
      all(
        rows.lines,
        pairs(
          siteId,
          keys.map(({ orderId, position }) => [orderId, position]),
        ),
      ),
    entriesByKey: (siteId: string, keys: readonly EntryKey[]) =>
      all(
        rows.entries,
        pairs(
          siteId,
          keys.map(({ memberId, sequence }) => [memberId, sequence]),
        ),
      ),
    eventsByKey: (siteId: string, keys: readonly EventKey[]) =>
      all(
        rows.events,
        pairs(
          siteId,
          keys.map(({ orderId, sequence }) => [orderId, sequence]),
        ),
      ),
    entriesOfEvents: (siteId: string, keys: readonly EventKey[]) =>
      all(
        rows.entriesOfEvents,
        pairs(
          siteId,
          keys.map(({ orderId, sequence }) => [orderId, sequence]),
        ),
      ),
    adjustmentsById: (siteId: string, ids: readonly string[]) => all(rows.adjustments, { siteId, ids }),
    *answer(siteId: string, key: string) {
      return (yield* first(rows.answer, { siteId, key })) ?? null;
    },
    *periodSpend(siteId: string, ids: readonly string[], after: Instant | null, upTo: Instant): Asking<ReadonlyMap<string, number>> {
      const sums = yield* all(rows.spend, { siteId, ids, ...spendBounds(after, upTo) });
      return new Map(sums.map(({ memberId, spendMinor }) => [memberId, spendMinor]));
    },
    ...preparePointsReads(engine),
    ...prepareProgramReads(engine),
    lists: prepareListSearch(engine),
    orders: prepareOrderSearch(engine),
    members: prepareMemberSearch(engine, spendOf, spendBounds),
  };
}
