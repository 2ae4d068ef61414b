// Change → statement: every write, once. A count of touched rows that is not expected undoes the transaction.
import { and, eq, getTableColumns, sql, type Table } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Change } from '../domain/change.ts';
import type { Member } from '../domain/member.ts';
import { memberSpendDays, orderReleases, orderSpend, pointsEntries, pointsLots, redemptionParts, sandboxClocks } from './points-tables.ts';
import { answers, lineItems, memberLinks, members, orderEvents, orders, programs, spendAdjustments } from './tables.ts';

const dayMs = 86_400_000;
/** The UTC day of an instant, counted from 1970. */
export const dayOf = (instant: number): number => Math.floor(instant / dayMs);
export const startOfDay = (day: number): number => day * dayMs;

/** A placeholder for each column of a table, so that a whole row is one prepared statement. */
function placeholders<T extends Table>(table: T): T['$inferInsert'] {
  // Drizzle's insert type asks for values; placeholders stand for them until the statement runs.
  return Object.fromEntries(Object.keys(getTableColumns(table)).map((name) => [name, sql.placeholder(name)])) as T['$inferInsert'];
}

/** Placeholders for the columns that may change. */
function movable<T extends Table>(table: T, ...fixed: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(placeholders(table)).filter(([name]) => !fixed.includes(name)));
}

const memberRow = (siteId: string, member: Member) => ({ ...member, siteId, emailFolded: member.email?.toLowerCase() ?? null });

/** Prepares every write on a connection. Returns the function that writes one change of a site. */
export function prepareWrites(db: BetterSQLite3Database): (siteId: string, change: Change) => void {
  const insert = <T extends SQLiteTable>(table: T) => db.insert(table).values(placeholders(table)).prepare();
  const inserts = {
    order: insert(orders),
    line: insert(lineItems),
    member: insert(members),
    link: insert(memberLinks),
    entry: insert(pointsEntries),
    event: insert(orderEvents),
    adjustment: insert(spendAdjustments),
    answer: insert(answers),
    program: insert(programs),
    lot: insert(pointsLots),
    redemption: insert(redemptionParts),
    release: insert(orderReleases),
  };
  const at = sql.placeholder;
  const updates = {
    order: db
      .update(orders)
      .set(
        movable(
          orders,
          'siteId',
          'id',
          'orderId',
          'memberId',
          'creditedToId',
          'primaryId',
          'orderDate',
          'createdLines',
          'content',
          'createdAt',
        ),
      )
      .where(and(eq(orders.siteId, at('siteId')), eq(orders.id, at('id')), eq(orders.version, at('previousVersion'))))
      .prepare(),
    line: db
      .update(lineItems)
      .set(movable(lineItems, 'siteId', 'orderId', 'position', 'productId', 'lineKey', 'acceptedAt', 'orderDate', 'rule'))
      .where(and(eq(lineItems.siteId, at('siteId')), eq(lineItems.orderId, at('orderId')), eq(lineItems.position, at('position'))))
      .prepare(),
    member: db
      .update(members)
      .set(movable(members, 'siteId', 'id', 'userId', 'createdAt'))
      .where(and(eq(members.siteId, at('siteId')), eq(members.id, at('id')), eq(members.revision, at('previousRevision'))))
      .prepare(),
    lot: db
      .update(pointsLots)
      .set(movable(pointsLots, 'siteId', 'memberId', 'sequence', 'orderId', 'availableAt', 'expiresAt'))
      .where(and(eq(pointsLots.siteId, at('siteId')), eq(pointsLots.memberId, at('memberId')), eq(pointsLots.sequence, at('sequence'))))
      .prepare(),
    redemption: db
      .update(redemptionParts)
      .set({ returned: sql`${at('returned')}` })
      .where(
        and(
          eq(redemptionParts.siteId, at('siteId')),
          eq(redemptionParts.orderId, at('orderId')),
          eq(redemptionParts.sequence, at('sequence')),
        ),
      )
      .prepare(),
    link: db
      .update(memberLinks)
      .set({ endedAt: sql`${at('endedAt')}` })
      .where(and(eq(memberLinks.siteId, at('siteId')), eq(memberLinks.id, at('id')), sql`${memberLinks.endedAt} is null`))
      .prepare(),
  };
  const spendOfOrder = db
    .insert(orderSpend)
    .values(placeholders(orderSpend))
    .onConflictDoUpdate({
      target: [orderSpend.siteId, orderSpend.memberId, orderSpend.orderDate, orderSpend.orderId],
      set: { spendMinor: sql`excluded.spend_minor` },
    })
    .prepare();
  const spendOfDay = db
    .insert(memberSpendDays)
    .values(placeholders(memberSpendDays))
    .onConflictDoUpdate({
      target: [memberSpendDays.siteId, memberSpendDays.memberId, memberSpendDays.day],
      set: { spendMinor: sql`${memberSpendDays.spendMinor} + excluded.spend_minor` },
    })
    .prepare();
  const releasePast = db
    .delete(orderReleases)
    .where(
      and(
        eq(orderReleases.siteId, at('siteId')),
        eq(orderReleases.memberId, at('memberId')),
        eq(orderReleases.dueAt, at('from')),
        eq(orderReleases.orderId, at('orderId')),
      ),
    )
    .prepare();
  const once = (what: string, { changes }: { changes: number }): void => {
    if (changes !== 1) throw new Error(`${what} touched ${changes} rows.`);
  };

  return (siteId, change) => {
    switch (change.kind) {
      case 'ORDER_CREATED':
        return once(change.kind, inserts.order.run({ ...change.order, siteId }));
      case 'ORDER_CHANGED':
        return once(change.kind, updates.order.run({ ...change.order, siteId, previousVersion: change.previousVersion }));
      case 'LINE_ADDED':
        return once(change.kind, inserts.line.run({ ...change.line, siteId }));
      case 'LINE_CHANGED':
        return once(change.kind, updates.line.run({ ...change.line, siteId }));
      case 'MEMBER_ENROLLED':
        return once(change.kind, inserts.member.run(memberRow(siteId, change.member)));
      case 'MEMBER_CHANGED':
        return once(change.kind, updates.member.run({ ...memberRow(siteId, change.member), previousRevision: change.previousRevision }));
      case 'MEMBER_LINKED':
        return once(change.kind, inserts.link.run({ ...change.link, siteId }));
      case 'MEMBER_UNLINKED':
        return once(change.kind, updates.link.run({ ...change.link, siteId }));
      case 'SPEND_MOVED': {
        const { kind, byMinor, ...row } = change;
        once(kind, spendOfOrder.run({ ...row, siteId }));
        return once(kind, spendOfDay.run({ siteId, memberId: row.memberId, day: dayOf(row.orderDate), spendMinor: byMinor }));
      }
      case 'ENTRY_POSTED':
        return once(change.kind, inserts.entry.run({ ...change.entry, siteId }));
      case 'LOT_ADDED':
        return once(change.kind, inserts.lot.run({ ...change.lot, siteId }));
      case 'LOT_CHANGED':
        return once(change.kind, updates.lot.run({ ...change.lot, siteId }));
      case 'REDEMPTION_ADDED':
        return once(change.kind, inserts.redemption.run({ ...change.part, siteId }));
      case 'REDEMPTION_CHANGED':
        return once(change.kind, updates.redemption.run({ ...change.part, siteId }));
      case 'RELEASE_PLANNED': {
        const { kind, memberId, orderId, from, to } = change;
        if (from !== null) once(kind, releasePast.run({ siteId, memberId, orderId, from }));
        if (to !== null) once(kind, inserts.release.run({ siteId, memberId, orderId, dueAt: to }));
        return;
      }
      case 'EVENT_RECORDED':
        return once(change.kind, inserts.event.run({ ...change.event, siteId }));
      case 'ADJUSTMENT_RECORDED':
        return once(change.kind, inserts.adjustment.run({ ...change.adjustment, siteId }));
      case 'ANSWER_RECORDED':
        return once(change.kind, inserts.answer.run({ ...change.answer, siteId }));
      case 'PROGRAM_ADDED':
        return once(change.kind, inserts.program.run({ ...change, siteId }));
    }
  };
}

/** Prepares the write of a sandbox's clock. Returns the function that sets how far it is ahead, and answers that. */
export function prepareClock(db: BetterSQLite3Database): (siteId: string, aheadMs: number) => number {
  const set = db
    .insert(sandboxClocks)
    .values(placeholders(sandboxClocks))
    .onConflictDoUpdate({ target: sandboxClocks.siteId, set: { aheadMs: sql`excluded.ahead_ms` } })
    .prepare();
  return (siteId, aheadMs) => {
    set.run({ siteId, aheadMs });
    return aheadMs;
  };
}
