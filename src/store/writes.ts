// Change → statement: every write, once. A count of touched rows that is not expected undoes the transaction.
import { and, eq, getTableColumns, sql, type Table } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Change } from '../domain/change.ts';
import type { Member } from '../domain/member.ts';
import { type Counted, prepareNumbering } from './numbering.ts';
import { outboxEvents } from './outbox.ts';
import { memberSpendDays, orderReleases, orderSpend, pointsEntries, pointsLots, redemptionParts, sandboxClocks } from './points-tables.ts';
import { type Asking, builder as db, type Engine, type Statement, touch, type Values } from './statement.ts';
import { answers, lineItems, memberLinks, members, orderEvents, orders, programs, spendAdjustments } from './tables.ts';
import { outbox } from './work-tables.ts';

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

/** Placeholders for some columns. */
const only = <T extends Table>(...moved: readonly (keyof T['$inferInsert'] & string)[]): Record<string, unknown> =>
  Object.fromEntries(moved.map((name) => [name, sql.placeholder(name)]));

/** Text as it is compared and searched. */
const folded = (text: string | null): string | null => text?.toLowerCase() ?? null;

const memberRow = (siteId: string, member: Member) => ({
  siteId,
  row: member,
  emailFolded: folded(member.email),
  firstNameFolded: folded(member.firstName),
  lastNameFolded: folded(member.lastName),
});

/** Makes every write. Returns what writes one change of a site. */
function prepareChange({ write }: Engine): (siteId: string, change: Change) => Asking<void> {
  const insert = <T extends SQLiteTable>(table: T) => write(db.insert(table).values(placeholders(table)));
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
    order: write(
      db
        .update(orders)
        // What is fixed when an order is placed is not among them: setting a column again costs every index that it is part of.
        .set(
          only<typeof orders>(
            'totalMinor',
            'adjustmentMinor',
            'adjustmentPoints',
            'adjustedPoints',
            'pointsAwarded',
            'pointsRemoved',
            'heldPoints',
            'releaseAt',
            'redeemedPoints',
            'redeemedReturned',
            'retainedPoints',
            'currentTotalMinor',
            'spendMinor',
            'workflow',
            'version',
            'eventCount',
            'lineCount',
            'updatedAt',
          ),
        )
        .where(and(eq(orders.siteId, at('siteId')), eq(orders.id, at('id')), eq(orders.version, at('previousVersion')))),
    ),
    line: write(
      db
        .update(lineItems)
        .set(movable(lineItems, 'siteId', 'orderId', 'position', 'productId', 'lineKey', 'acceptedAt', 'orderDate', 'rule'))
        .where(and(eq(lineItems.siteId, at('siteId')), eq(lineItems.orderId, at('orderId')), eq(lineItems.position, at('position')))),
    ),
    member: write(
      db
        .update(members)
        .set(movable(members, 'siteId', 'id', 'userId', 'outboxCount', 'createdAt'))
        .where(and(eq(members.siteId, at('siteId')), eq(members.id, at('id')), eq(members.revision, at('previousRevision')))),
    ),
    lot: write(
      db
        .update(pointsLots)
        .set(movable(pointsLots, 'siteId', 'memberId', 'sequence', 'orderId', 'availableAt', 'expiresAt'))
        .where(and(eq(pointsLots.siteId, at('siteId')), eq(pointsLots.memberId, at('memberId')), eq(pointsLots.sequence, at('sequence')))),
    ),
    redemption: write(
      db
        .update(redemptionParts)
        .set({ returned: sql`${at('returned')}` })
        .where(
          and(
            eq(redemptionParts.siteId, at('siteId')),
            eq(redemptionParts.orderId, at('orderId')),
            eq(redemptionParts.sequence, at('sequence')),
          ),
        ),
    ),
    link: write(
      db
        .update(memberLinks)
        .set({ endedAt: sql`${at('endedAt')}` })
        .where(and(eq(memberLinks.siteId, at('siteId')), eq(memberLinks.id, at('id')), sql`${memberLinks.endedAt} is null`)),
    ),
  };
  // Drizzle's own upsert names the columns of the key with their table, which PostgreSQL does not take.
  const spendOfOrder = write(
    sql`${db.insert(orderSpend).values(placeholders(orderSpend)).getSQL()} on conflict (site_id, member_id, order_date, order_id)
      do update set spend_minor = excluded.spend_minor`,
  );
  const spendOfDay = write(
    sql`${db.insert(memberSpendDays).values(placeholders(memberSpendDays)).getSQL()} on conflict (site_id, member_id, day)
      do update set spend_minor = ${memberSpendDays}.spend_minor + excluded.spend_minor`,
  );
  const releasePast = write(
    db
      .delete(orderReleases)
      .where(
        and(
          eq(orderReleases.siteId, at('siteId')),
          eq(orderReleases.memberId, at('memberId')),
          eq(orderReleases.dueAt, at('from')),
          eq(orderReleases.orderId, at('orderId')),
        ),
      ),
  );
  function* once(what: string, statement: Statement, values: Values): Asking<void> {
    const touched = yield* touch(statement, values);
    if (touched !== 1) throw new Error(`${what} touched ${touched} rows.`);
  }

  return function* writeChange(siteId, change) {
    switch (change.kind) {
      case 'BALANCES_CHANGED':
        throw new Error('Balances are written with the events that moved them.');
      case 'ORDER_CREATED':
        return yield* once(change.kind, inserts.order, { siteId, row: change.order });
      case 'ORDER_CHANGED':
        return yield* once(change.kind, updates.order, { siteId, row: change.order, previousVersion: change.previousVersion });
      case 'LINE_ADDED':
        return yield* once(change.kind, inserts.line, { siteId, row: change.line });
      case 'LINE_CHANGED':
        return yield* once(change.kind, updates.line, { siteId, row: change.line });
      case 'MEMBER_ENROLLED':
        return yield* once(change.kind, inserts.member, { ...memberRow(siteId, change.member), outboxCount: 0 });
      case 'MEMBER_CHANGED':
        return yield* once(change.kind, updates.member, { ...memberRow(siteId, change.member), previousRevision: change.previousRevision });
      case 'MEMBER_LINKED':
        return yield* once(change.kind, inserts.link, { siteId, row: change.link });
      case 'MEMBER_UNLINKED':
        return yield* once(change.kind, updates.link, { siteId, row: change.link });
      case 'SPEND_MOVED': {
        const { kind, byMinor, ...row } = change;
        yield* once(kind, spendOfOrder, { ...row, siteId });
        return yield* once(kind, spendOfDay, { siteId, memberId: row.memberId, day: dayOf(row.orderDate), spendMinor: byMinor });
      }
      case 'ENTRY_POSTED':
        return yield* once(change.kind, inserts.entry, { siteId, row: change.entry });
      case 'LOT_ADDED':
        return yield* once(change.kind, inserts.lot, { siteId, row: change.lot });
      case 'LOT_CHANGED':
        return yield* once(change.kind, updates.lot, { siteId, row: change.lot });
      case 'REDEMPTION_ADDED':
        return yield* once(change.kind, inserts.redemption, { siteId, row: change.part });
      case 'REDEMPTION_CHANGED':
        return yield* once(change.kind, updates.redemption, { siteId, row: change.part });
      case 'RELEASE_PLANNED': {
        const { kind, memberId, orderId, from, to } = change;
        if (from !== null) yield* once(kind, releasePast, { siteId, memberId, orderId, from });
        if (to !== null) yield* once(kind, inserts.release, { siteId, memberId, orderId, dueAt: to });
        return;
      }
      case 'EVENT_RECORDED':
        return yield* once(change.kind, inserts.event, { siteId, row: change.event });
      case 'ADJUSTMENT_RECORDED':
        return yield* once(change.kind, inserts.adjustment, { siteId, row: change.adjustment });
      case 'ANSWER_RECORDED':
        return yield* once(change.kind, inserts.answer, { siteId, row: change.answer });
      case 'PROGRAM_ADDED':
        return yield* once(change.kind, inserts.program, { siteId, row: change });
    }
  };
}

/** Makes what writes the changes of a command of a site, and what they mean to its members into the outbox. */
export function prepareWrites(engine: Engine): (siteId: string, changes: readonly Change[]) => Asking<void> {
  const writeChange = prepareChange(engine);
  const numbering = prepareNumbering(engine);
  const insertEvent = engine.write(db.insert(outbox).values(placeholders(outbox)));

  return function* writeChanges(siteId, changes) {
    const events = outboxEvents(changes);
    const ofMember = (memberId: string) => events.filter((event) => event.memberId === memberId);
    const numbered = new Map<string, Counted>();
    for (const change of changes)
      if (change.kind !== 'BALANCES_CHANGED') yield* writeChange(siteId, change);
      else numbered.set(change.member.id, yield* numbering.move(siteId, change, ofMember(change.member.id).length));
    for (const memberId of new Set(events.map((event) => event.memberId))) {
      const own = ofMember(memberId);
      const counted = numbered.get(memberId) ?? (yield* numbering.count(siteId, memberId, own.length));
      // Clocks of instances differ. Times that never fall let the oldest events, which are removed first, be the first ones.
      const notBefore = counted.lastAt ?? 0;
      for (const [index, event] of own.entries())
        yield* touch(insertEvent, {
          siteId,
          row: event,
          number: counted.count - own.length + index + 1,
          recordedAt: Math.max(notBefore, event.recordedAt),
        });
    }
  };
}

/** Makes the write of a sandbox's clock: it sets how far the clock is ahead, unless it is further already. */
export function prepareClock({ write }: Engine): (siteId: string, aheadMs: number) => Asking<void> {
  const set = write(
    sql`${db.insert(sandboxClocks).values(placeholders(sandboxClocks)).getSQL()} on conflict (site_id)
      do update set ahead_ms = excluded.ahead_ms where excluded.ahead_ms > ${sandboxClocks}.ahead_ms`,
  );
  return function* setClock(siteId, aheadMs) {
    yield* touch(set, { siteId, aheadMs });
  };
}
