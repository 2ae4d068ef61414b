// Checks lots: their parts, their dates, and that each came with an entry of the order that earned it.
import { sql } from 'drizzle-orm';
import { each, type Snapshot, select } from '../store/snapshot.ts';
import type { Engine } from '../store/statement.ts';
import { negatives } from './finding.ts';

type LotRow = {
  readonly points: number;
  readonly remaining: number;
  readonly expired: number;
  readonly availableAt: number;
  readonly expiresAt: number;
  readonly orderId: string;
  readonly isOfEntry: number;
  readonly isOfCredited: number;
};

const lots = (engine: Engine) =>
  select(
    engine,
    {
      siteId: sql<string>`l.site_id`,
      userId: sql<string>`coalesce(m.user_id, l.member_id)`,
      sequence: sql<number>`l.sequence`,
      orderId: sql<string>`coalesce(o.order_id, l.order_id)`,
      points: sql<number>`l.points`,
      remaining: sql<number>`l.remaining`,
      expired: sql<number>`l.expired`,
      availableAt: sql<number>`l.available_at`,
      expiresAt: sql<number>`l.expires_at`,
      isOfEntry: sql<number>`case when exists (select 1 from points_entries e
        where e.site_id = l.site_id and e.member_id = l.member_id and e.sequence = l.sequence and e.order_id = l.order_id) then 1 else 0 end`,
      isOfCredited: sql<number>`case when o.credited_to_id = l.member_id then 1 else 0 end`,
    },
    sql`from points_lots l
      left join members m on m.site_id = l.site_id and m.id = l.member_id
      left join orders o on o.site_id = l.site_id and o.id = l.order_id
      order by l.site_id, l.member_id, l.sequence`,
  );

/**
 * Every violation of lots, each on its own. What is left past its expiry is no violation: the next sweep takes it. That
 * they add up to what is available is checked with the members, that they account for what expired with the orders.
 */
export async function* lotViolations(snapshot: Snapshot): AsyncGenerator<string> {
  for await (const lot of each(snapshot, lots(snapshot.engine)))
    yield* ofLot(`Site ${lot.siteId}, member ${lot.userId}, lot ${lot.sequence}`, lot);
}

function* ofLot(where: string, lot: LotRow): Generator<string> {
  const { points, remaining, expired, availableAt, expiresAt, orderId } = lot;
  yield* negatives(where, { remaining, expired });
  if (points <= 0) yield `${where}: points is ${points}, expected more than 0.`;
  if (remaining + expired > points)
    yield `${where}: remaining is ${remaining} and expired ${expired}, expected at most ${points} together.`;
  if (expiresAt < availableAt) yield `${where}: expires_at is ${expiresAt}, expected ${availableAt}, its available_at, or later.`;
  if (lot.isOfEntry === 0) yield `${where}: no entry of the member and order ${orderId} has its sequence.`;
  if (lot.isOfCredited === 0) yield `${where}: order ${orderId} is not credited to the member.`;
}
