// Checks an order against what was recorded of it: its entries, events, adjustments, and what its redemption took of lots.
import type { RedemptionPart } from '../domain/lot.ts';
import type { Order } from '../domain/order.ts';
import { differences, gaps } from './finding.ts';
import type { OrderRows } from './order-rows.ts';

const noEntries = { points: 0, redeemed: 0, returned: 0, expired: 0, held: 0, misplaced: 0, foreign: 0 };

/** The figures that follow from the order's entries, adjustments and events. */
export function* historyViolations(where: string, rows: OrderRows, order: Order): Generator<string> {
  const { id, creditedToId } = order;
  const entries = rows.entries(id)[0] ?? noEntries;
  const adjustments = rows.adjustments(id)[0] ?? { points: 0, count: 0, worthless: 0 };
  const events = rows.events(id);
  yield* gaps(
    where,
    'event',
    events.map(({ sequence }) => sequence),
  );
  yield* differences(where, {
    'points_awarded + adjusted_points − points_removed': [
      order.pointsAwarded + order.adjustedPoints - order.pointsRemoved,
      order.retainedPoints,
    ],
    'retained_points against its entries': [order.retainedPoints, entries.points],
    'held_points against its entries': [order.heldPoints, entries.held],
    'redeemed_points against its entries': [order.redeemedPoints, 0 - entries.redeemed],
    'redeemed_returned against its entries': [order.redeemedReturned, entries.returned],
    'number of entries under an event of another kind or none': [entries.misplaced, 0],
    'number of entries of members whom it is not credited to': [entries.foreign, 0],
    adjusted_points: [order.adjustedPoints, adjustments.points],
    'number of adjustments that are not above 0': [adjustments.worthless, 0],
    event_count: [order.eventCount, events.length],
    version: [order.version, events.filter(({ type }) => type !== 'POINTS_RELEASED').length],
    'number of SPEND_ADJUSTED events': [events.filter(({ type }) => type === 'SPEND_ADJUSTED').length, adjustments.count],
    'spend_minor in order_spend': [rows.spend(id)[0]?.spendMinor ?? 0, order.spendMinor],
  });
  yield* redemptionViolations(where, order, rows.parts(id));
  const uncounted = rows.lots(id)[0]?.expired ?? 0;
  if (uncounted + entries.expired > 0)
    yield `${where}: expired of its lots is ${uncounted}, expected at most ${0 - entries.expired}, as its entries say.`;
  const isKnownEarner = creditedToId === order.memberId || creditedToId === order.primaryId;
  if (!isKnownEarner) yield `${where}: is credited to member ${creditedToId}, expected its buyer or the buyer's primary member.`;
}

/** What was redeemed with the order, and given back, lot by lot. */
function* redemptionViolations(where: string, order: Order, parts: readonly RedemptionPart[]): Generator<string> {
  const sums = { points: 0, returned: 0 };
  yield* gaps(
    where,
    'part of its redemption',
    parts.map(({ sequence }) => sequence),
  );
  for (const { sequence, memberId, points, returned } of parts) {
    const part = `${where}, part ${sequence} of its redemption`;
    sums.points += points;
    sums.returned += returned;
    if (points <= 0) yield `${part}: points is ${points}, expected more than 0.`;
    if (returned < 0 || returned > points) yield `${part}: returned is ${returned}, expected 0 to ${points}.`;
    yield* differences(part, { member_id: [memberId, order.creditedToId] });
  }
  yield* differences(where, {
    'redeemed_points against its parts': [order.redeemedPoints, sums.points],
    'redeemed_returned against its parts': [order.redeemedReturned, sums.returned],
  });
}
