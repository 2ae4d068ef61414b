// The outbox: what a command did, as events of the members whom it concerns, written in the command's transaction.
import type { Change, OrderEvent, PointsEntry } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import type { OutboxType } from './work-tables.ts';

/** An event before it has its number. */
export type OutboxEvent = {
  readonly memberId: string;
  readonly type: OutboxType;
  readonly orderId: string | null;
  readonly eventSequence: number | null;
  readonly firstEntry: number | null;
  readonly lastEntry: number | null;
  readonly recordedAt: Instant;
};

const ofMember = (memberId: string, type: OutboxType, recordedAt: Instant): OutboxEvent => ({
  memberId,
  type,
  orderId: null,
  eventSequence: null,
  firstEntry: null,
  lastEntry: null,
  recordedAt,
});

/** Where the entries of each event of an order begin and end. */
function rangesOf(entries: readonly PointsEntry[]): ReadonlyMap<string, Pick<OutboxEvent, 'firstEntry' | 'lastEntry'>> {
  const ranges = new Map<string, { readonly firstEntry: number; readonly lastEntry: number }>();
  for (const { orderId, eventSequence, sequence } of entries) {
    const event = `${orderId} ${eventSequence}`;
    ranges.set(event, { firstEntry: ranges.get(event)?.firstEntry ?? sequence, lastEntry: sequence });
  }
  return ranges;
}

/**
 * The events that changes make, in the order of the entries that they posted. An event of an order is one of whom the order is
 * credited to; an expiry, which is no event of an order, is one of its own. What an order does to its members is not told of apart.
 */
export function outboxEvents(changes: readonly Change[]): readonly OutboxEvent[] {
  const ranges = rangesOf(changes.flatMap((change) => (change.kind === 'ENTRY_POSTED' ? [change.entry] : [])));
  const creditedTo = new Map(
    changes.flatMap((change) =>
      change.kind === 'ORDER_CREATED' || change.kind === 'ORDER_CHANGED' ? [[change.order.id, change.order.creditedToId]] : [],
    ),
  );
  const ofOrder = ({ orderId, sequence, recordedAt }: OrderEvent): OutboxEvent => {
    const memberId = creditedTo.get(orderId);
    if (memberId === undefined) throw new Error(`An event of order ${orderId} comes without the order.`);
    const range = ranges.get(`${orderId} ${sequence}`);
    return { ...ofMember(memberId, 'ORDER', recordedAt), orderId, eventSequence: sequence, ...range };
  };
  const events = changes.flatMap((change): readonly OutboxEvent[] => {
    switch (change.kind) {
      case 'EVENT_RECORDED':
        return [ofOrder(change.event)];
      case 'ENTRY_POSTED': {
        const { memberId, orderId, eventSequence, sequence, recordedAt } = change.entry;
        if (eventSequence !== null) return [];
        return [{ ...ofMember(memberId, 'POINTS_EXPIRED', recordedAt), orderId, firstEntry: sequence, lastEntry: sequence }];
      }
      case 'MEMBER_ENROLLED':
        return [ofMember(change.member.id, 'MEMBER_ENROLLED', change.member.createdAt)];
      case 'MEMBER_CHANGED':
        return [ofMember(change.member.id, 'MEMBER_CHANGED', change.member.updatedAt)];
      case 'MEMBER_LINKED':
        return [ofMember(change.link.secondaryId, 'MEMBER_LINKED', change.link.startedAt)];
      case 'MEMBER_UNLINKED':
        return [ofMember(change.link.secondaryId, 'MEMBER_UNLINKED', change.link.endedAt ?? change.link.startedAt)];
      default:
        return [];
    }
  });
  // An event that posted no entry is the first of its command's: only a command itself can move nothing, and it comes before what it releases.
  return events.toSorted((one, other) => (one.firstEntry ?? 0) - (other.firstEntry ?? 0));
}
