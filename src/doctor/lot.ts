// Checks lots: their parts, their dates, and that each came with an entry of the order that earned it.
import type Database from 'better-sqlite3';
import { negatives } from './finding.ts';

type LotRow = {
  readonly siteId: string;
  readonly userId: string | null;
  readonly sequence: number;
  readonly orderId: string | null;
  readonly points: number;
  readonly remaining: number;
  readonly expired: number;
  readonly availableAt: number;
  readonly expiresAt: number;
  readonly isOfEntry: number;
  readonly isOfCredited: number;
};

const lotsSql = `
  select l.site_id as siteId, coalesce(m.user_id, l.member_id) as userId, l.sequence, coalesce(o.order_id, l.order_id) as orderId,
    l.points, l.remaining, l.expired, l.available_at as availableAt, l.expires_at as expiresAt,
    exists (select 1 from points_entries e
      where e.site_id = l.site_id and e.member_id = l.member_id and e.sequence = l.sequence and e.order_id = l.order_id) as isOfEntry,
    coalesce(o.credited_to_id = l.member_id, 0) as isOfCredited
  from points_lots l
  left join members m on m.site_id = l.site_id and m.id = l.member_id
  left join orders o on o.site_id = l.site_id and o.id = l.order_id
  order by l.site_id, l.member_id, l.sequence`;

/**
 * Every violation of lots, each on its own. What is left past its expiry is no violation: the next sweep takes it. That
 * they add up to what is available is checked with the members, that they account for what expired with the orders.
 */
export function* lotViolations(db: Database.Database): Generator<string> {
  for (const lot of db.prepare<[], LotRow>(lotsSql).iterate())
    yield* ofLot(`Site ${lot.siteId}, member ${lot.userId}, lot ${lot.sequence}`, lot);
}

function* ofLot(where: string, lot: LotRow): Generator<string> {
  const { points, remaining, expired, availableAt, expiresAt, orderId } = lot;
  yield* negatives(where, { remaining, expired });
  if (points <= 0) yield `${where}: points is ${points}, expected more than 0.`;
  if (remaining + expired > points)
    yield `${where}: remaining is ${remaining} and expired ${expired}, expected at most ${points} together.`;
  if (expiresAt < availableAt) yield `${where}: expires_at is ${expiresAt}, expected ${availableAt}, its available_at, or later.`;
  if (!lot.isOfEntry) yield `${where}: no entry of the member and order ${orderId} has its sequence.`;
  if (!lot.isOfCredited) yield `${where}: order ${orderId} is not credited to the member.`;
}
