// Reads of lots, redemptions and what is due, prepared once.
import { and, asc, eq, gt, lte, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Instant } from '../domain/instant.ts';
import type { Lot, RedemptionPart } from '../domain/lot.ts';
import { orderReleases, pointsLots, redemptionParts, sandboxClocks } from './points-tables.ts';
import type { Expiring, LotKey } from './store.ts';
import { members, programs } from './tables.ts';

const at = sql.placeholder;
/** How many lots are read at once, in the order of spending, until they are enough. */
const lotsPerRead = 64;

export function preparePointsReads(db: BetterSQLite3Database) {
  const ofSite = (column: SQLiteColumn, ...conditions: SQL[]) => and(eq(column, at('siteId')), ...conditions);
  // The index holds only lots with something left, so the condition stands as it does there.
  const left = sql`remaining > 0`;
  const rows = {
    lotsOfOrder: db
      .select()
      .from(pointsLots)
      .where(ofSite(pointsLots.siteId, eq(pointsLots.orderId, at('orderId')), sql`(remaining > 0 or expired > 0)`))
      .prepare(),
    lots: db
      .select()
      .from(pointsLots)
      .where(
        ofSite(
          pointsLots.siteId,
          sql`(${pointsLots.memberId}, ${pointsLots.sequence}) in (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(${at('pairs')}))`,
        ),
      )
      .prepare(),
    nextLots: db
      .select()
      .from(pointsLots)
      .where(
        ofSite(
          pointsLots.siteId,
          eq(pointsLots.memberId, at('memberId')),
          left,
          sql`(${pointsLots.expiresAt}, ${pointsLots.sequence}) > (${at('afterExpiry')}, ${at('afterSequence')})`,
        ),
      )
      .orderBy(asc(pointsLots.expiresAt), asc(pointsLots.sequence))
      .limit(at('limit'))
      .prepare(),
    redemption: db
      .select()
      .from(redemptionParts)
      .where(ofSite(redemptionParts.siteId, eq(redemptionParts.orderId, at('orderId'))))
      .orderBy(asc(redemptionParts.sequence))
      .prepare(),
    nextReleases: db
      .select({ dueAt: orderReleases.dueAt, orderId: orderReleases.orderId })
      .from(orderReleases)
      .where(ofSite(orderReleases.siteId, eq(orderReleases.memberId, at('memberId'))))
      .orderBy(asc(orderReleases.dueAt), asc(orderReleases.orderId))
      .limit(at('limit'))
      .prepare(),
    due: db
      .select({ id: members.id })
      .from(members)
      .where(ofSite(members.siteId, sql`${members.dueAt} is not null`, lte(members.dueAt, at('until'))))
      .orderBy(asc(members.dueAt))
      .limit(at('limit'))
      .prepare(),
    expiring: db
      .select({
        memberId: pointsLots.memberId,
        points: sql<number>`sum(${pointsLots.remaining})`,
        nextExpiryAt: sql<number>`min(${pointsLots.expiresAt})`,
      })
      .from(pointsLots)
      .where(
        ofSite(
          pointsLots.siteId,
          sql`${pointsLots.memberId} in (select value from json_each(${at('ids')}))`,
          left,
          lte(pointsLots.expiresAt, at('upTo')),
        ),
      )
      .groupBy(pointsLots.memberId)
      .prepare(),
    sites: db
      .selectDistinct({ siteId: programs.siteId })
      .from(programs)
      .where(gt(programs.siteId, at('after')))
      .prepare(),
    clock: db
      .select({ aheadMs: sandboxClocks.aheadMs })
      .from(sandboxClocks)
      .where(eq(sandboxClocks.siteId, at('siteId')))
      .prepare(),
  };
  const nextLots = (siteId: string, memberId: string, after: Lot | null, limit: number): readonly Lot[] =>
    rows.nextLots.all({
      siteId,
      memberId,
      limit,
      afterExpiry: after?.expiresAt ?? Number.MIN_SAFE_INTEGER,
      afterSequence: after?.sequence ?? 0,
    });
  /** The next lots to be spent, until they hold so many points. */
  const lotsWorth = (siteId: string, memberId: string, points: number): readonly Lot[] => {
    const lots: Lot[] = [];
    for (let missing = points; missing > 0; ) {
      const page = nextLots(siteId, memberId, lots.at(-1) ?? null, lotsPerRead);
      lots.push(...page);
      missing -= page.reduce((sum, { remaining }) => sum + remaining, 0);
      if (page.length < lotsPerRead) break;
    }
    return lots;
  };

  return {
    lotsOfOrder: (siteId: string, orderId: string): readonly Lot[] => rows.lotsOfOrder.all({ siteId, orderId }),
    lotsByKey: (siteId: string, keys: readonly LotKey[]): readonly Lot[] =>
      rows.lots.all({ siteId, pairs: JSON.stringify(keys.map(({ memberId, sequence }) => [memberId, sequence])) }),
    nextLots: (siteId: string, memberId: string, limit: number) => nextLots(siteId, memberId, null, limit),
    /** All lots that have something left, in the order of spending. */
    openLots: (siteId: string, memberId: string): readonly Lot[] => lotsWorth(siteId, memberId, Number.POSITIVE_INFINITY),
    lotsWorth,
    redemption: (siteId: string, orderId: string): readonly RedemptionPart[] => rows.redemption.all({ siteId, orderId }),
    nextReleases: (siteId: string, memberId: string, limit: number) => rows.nextReleases.all({ siteId, memberId, limit }),
    dueMembers: (siteId: string, until: Instant, limit: number): readonly string[] =>
      rows.due.all({ siteId, until, limit }).map(({ id }) => id),
    expiring: (siteId: string, memberIds: readonly string[], upTo: Instant): ReadonlyMap<string, Expiring> =>
      new Map(rows.expiring.all({ siteId, ids: JSON.stringify(memberIds), upTo }).map(({ memberId, ...row }) => [memberId, row])),
    sites: (): readonly string[] => rows.sites.all({ after: '' }).map(({ siteId }) => siteId),
    clockAhead: (siteId: string): number => rows.clock.get({ siteId })?.aheadMs ?? 0,
  };
}
