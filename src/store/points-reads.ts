// Reads of lots, redemptions and what is due, made once.
import { and, asc, eq, gt, lte, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Instant } from '../domain/instant.ts';
import type { Lot, RedemptionPart } from '../domain/lot.ts';
import { orderReleases, pointsLots, redemptionParts, sandboxClocks } from './points-tables.ts';
import { type Asking, all, builder, type Engine, first } from './statement.ts';
import type { Expiring, LotKey } from './store.ts';
import { members, programs } from './tables.ts';

const at = sql.placeholder;
/** How many lots are read at first and at most at once, in the order of spending, until they are enough: one or two mostly are. */
const [fewLots, lotsPerRead] = [4, 64];

export function preparePointsReads(engine: Engine) {
  const db = builder;
  const { among, pairAmong } = engine.words;
  const ofSite = (column: SQLiteColumn, ...conditions: SQL[]) => and(eq(column, at('siteId')), ...conditions);
  // The index holds only lots with something left, so the condition stands as it does there.
  const left = sql`remaining > 0`;
  const rows = {
    lotsOfOrder: engine.rows(
      db
        .select()
        .from(pointsLots)
        .where(ofSite(pointsLots.siteId, eq(pointsLots.orderId, at('orderId')), sql`(remaining > 0 or expired > 0)`))
        .orderBy(asc(pointsLots.sequence)),
    ),
    lots: engine.rows(
      db
        .select()
        .from(pointsLots)
        .where(ofSite(pointsLots.siteId, pairAmong(pointsLots.memberId, pointsLots.sequence, 'pairs'))),
    ),
    nextLots: engine.rows(
      db
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
        .limit(at('limit')),
    ),
    redemption: engine.rows(
      db
        .select()
        .from(redemptionParts)
        .where(ofSite(redemptionParts.siteId, eq(redemptionParts.orderId, at('orderId'))))
        .orderBy(asc(redemptionParts.sequence)),
    ),
    nextReleases: engine.rows(
      db
        .select({ dueAt: orderReleases.dueAt, orderId: orderReleases.orderId })
        .from(orderReleases)
        .where(ofSite(orderReleases.siteId, eq(orderReleases.memberId, at('memberId'))))
        .orderBy(asc(orderReleases.dueAt), asc(orderReleases.orderId))
        .limit(at('limit')),
    ),
    due: engine.rows(
      db
        .select({ id: members.id })
        .from(members)
        .where(ofSite(members.siteId, sql`${members.dueAt} is not null`, lte(members.dueAt, at('until'))))
        .orderBy(asc(members.dueAt), asc(members.id))
        .limit(at('limit')),
    ),
    expiring: engine.rows(
      db
        .select({
          memberId: pointsLots.memberId,
          points: sql<number>`sum(${pointsLots.remaining})`,
          nextExpiryAt: sql<number>`min(${pointsLots.expiresAt})`,
        })
        .from(pointsLots)
        .where(ofSite(pointsLots.siteId, among(pointsLots.memberId, 'ids'), left, lte(pointsLots.expiresAt, at('upTo'))))
        .groupBy(pointsLots.memberId),
    ),
    sites: engine.rows(
      db
        .selectDistinct({ siteId: programs.siteId })
        .from(programs)
        .where(gt(programs.siteId, at('after'))),
    ),
    clock: engine.rows(
      db
        .select({ aheadMs: sandboxClocks.aheadMs })
        .from(sandboxClocks)
        .where(eq(sandboxClocks.siteId, at('siteId'))),
    ),
  };
  const nextLots = (siteId: string, memberId: string, after: Lot | null, limit: number): Asking<readonly Lot[]> =>
    all(rows.nextLots, {
      siteId,
      memberId,
      limit,
      afterExpiry: after?.expiresAt ?? Number.MIN_SAFE_INTEGER,
      afterSequence: after?.sequence ?? 0,
    });
  /** The next lots to be spent, until they hold so many points. */
  function* lotsWorth(siteId: string, memberId: string, points: number): Asking<readonly Lot[]> {
    const lots: Lot[] = [];
    let size = points === Number.POSITIVE_INFINITY ? lotsPerRead : fewLots;
    for (let missing = points; missing > 0; size = lotsPerRead) {
      const page = yield* nextLots(siteId, memberId, lots.at(-1) ?? null, size);
      lots.push(...page);
      missing -= page.reduce((sum, { remaining }) => sum + remaining, 0);
      if (page.length < size) break;
    }
    return lots;
  }

  return {
    lotsOfOrder: (siteId: string, orderId: string): Asking<readonly Lot[]> => all(rows.lotsOfOrder, { siteId, orderId }),
    lotsByKey: (siteId: string, keys: readonly LotKey[]): Asking<readonly Lot[]> =>
      all(rows.lots, { siteId, pairs: keys.map(({ memberId, sequence }) => [memberId, sequence]) }),
    nextLots: (siteId: string, memberId: string, limit: number) => nextLots(siteId, memberId, null, limit),
    /** All lots that have something left, in the order of spending. */
    openLots: (siteId: string, memberId: string): Asking<readonly Lot[]> => lotsWorth(siteId, memberId, Number.POSITIVE_INFINITY),
    lotsWorth,
    redemption: (siteId: string, orderId: string): Asking<readonly RedemptionPart[]> => all(rows.redemption, { siteId, orderId }),
    nextReleases: (siteId: string, memberId: string, limit: number) => all(rows.nextReleases, { siteId, memberId, limit }),
    *dueMembers(siteId: string, until: Instant, limit: number): Asking<readonly string[]> {
      return (yield* all(rows.due, { siteId, until, limit })).map(({ id }) => id);
    },
    *expiring(siteId: string, ids: readonly string[], upTo: Instant): Asking<ReadonlyMap<string, Expiring>> {
      return new Map((yield* all(rows.expiring, { siteId, ids, upTo })).map(({ memberId, ...row }) => [memberId, row]));
    },
    *sites(): Asking<readonly string[]> {
      return (yield* all(rows.sites, { after: '' })).map(({ siteId }) => siteId);
    },
    *clockAhead(siteId: string): Asking<number> {
      return (yield* first(rows.clock, { siteId }))?.aheadMs ?? 0;
    },
  };
}
