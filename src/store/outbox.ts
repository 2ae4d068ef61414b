// The outbox: what a command did, as events of the members whom it concerns, written in the command's transaction.
import type { Change } from '../domain/change.ts';
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

type Posted = Extract<Change, { kind: 'ENTRY_POSTED' }>['entry'];

const ofMember = (memberId: string, type: OutboxType, recordedAt: Instant): OutboxEvent => ({
  memberId,
  type,
  orderId: null,
  eventSequence: null,
  firstEntry: null,
  lastEntry: null,
  recordedAt,
});

/**
 * The events that changes make, in the order of the entries that they posted. An event of an order is one of whom the order is credited to, with the entries
 * that it posted; an expiry, which is no event of an order, is an event of its own. Members that change only by what an order
 * does are not told of apart.
 */
export function outboxEvents(changes: readonly Change[]): readonly OutboxEvent[] {
  const entries = changes.flatMap((change) => (change.kind === 'ENTRY_POSTED' ? [change.entry] : []));
  const orders = changes.flatMap((change) => (change.kind === 'ORDER_CREATED' || change.kind === 'ORDER_CHANGED' ? [change.order] : []));
  const creditedTo = (orderId: string): string => {
    const order = orders.find(({ id }) => id === orderId);
    if (!order) throw new Error(`An event of order ${orderId} comes without the order.`);
    return order.creditedToId;
  };
  const sequencesOf = (holds: (entry: Posted) => boolean): readonly number[] => entries.filter(holds).map(({ sequence }) => sequence);
  const events = changes.flatMap((change): readonly OutboxEvent[] => {
    switch (change.kind) {
      case 'EVENT_RECORDED': {
        const { orderId, sequence, recordedAt } = change.event;
        const posted = sequencesOf((entry) => entry.orderId === orderId && entry.eventSequence === sequence);
        const range = { firstEntry: posted[0] ?? null, lastEntry: posted.at(-1) ?? null };
        return [{ memberId: creditedTo(orderId), type: 'ORDER', orderId, eventSequence: sequence, ...range, recordedAt }];
      }
      case 'ENTRY_POSTED': {
        const { memberId, orderId, eventSequence, sequence, recordedAt } = change.entry;
        if (eventSequence !== null) return [];
        return [{ ...ofMember(memberId, 'POINTS_EXPIRED', recordedAt), orderId, firstEntry: sequence, lastEntry: sequence }];
      }
      case 'MEMBER_ENROLLED':
        return [ofMember(change.member.id, 'MEMBER_ENROLLED', change.member.createdAt)];
      case 'MEMBER_LINKED':
        return [ofMember(change.link.secondaryId, 'MEMBER_LINKED', change.link.startedAt)];
      case 'MEMBER_UNLINKED':
        return [ofMember(change.link.secondaryId, 'MEMBER_UNLINKED', change.link.endedAt ?? change.link.startedAt)];
      case 'MEMBER_CHANGED':
        // With an order's event the change is the order's.
        return changes.some(({ kind }) => kind === 'EVENT_RECORDED' || kind === 'ENTRY_POSTED')
          ? []
          : [ofMember(change.member.id, 'MEMBER_CHANGED', change.member.updatedAt)];
      default:
        return [];
    }
  });
  return events.toSorted((one, other) => (one.firstEntry ?? 0) - (other.firstEntry ?? 0));
}
