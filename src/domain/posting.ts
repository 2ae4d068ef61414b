// Posts what a command did to an order: retained(after) − retained(before), as entries, balances, spend and an event.
import type { Answer, Change, OrderEvent, OrderEventType, PointsEntry, PointsEntryType, SpendAdjustment } from './change.ts';
import { keptQuantity, type LineItem, lineCurrentTotal } from './line-item.ts';
import type { Member } from './member.ts';
import { maximumBalance } from './money.ts';
import { type Order, standingOf, workflowState } from './order.ts';
import type { CommandFrame, OrderDecision } from './order-command.ts';
import { refused } from './order-command.ts';
import { linePoints } from './points.ts';
import { type InputPath, refuse } from './refusal.ts';

export type Posting = {
  readonly frame: CommandFrame;
  /** The order and lines as they were; null for a new order. */
  readonly before: { readonly order: Order; readonly lines: readonly LineItem[] } | null;
  /** The order and lines as the command wants them; derived figures are worked out here. */
  readonly order: Order;
  readonly lines: readonly LineItem[];
  readonly credited: Member;
  readonly entryType: PointsEntryType;
  readonly event: {
    readonly type: OrderEventType;
    readonly reason: string | null;
    readonly occurredAt: number;
    readonly lines: OrderEvent['lines'];
  };
  /** The key to record the answer under; null for createOrder, whose key is the order itself. */
  readonly key: string | null;
  readonly adjustment?: Omit<SpendAdjustment, 'points' | 'eventSequence'>;
  /** Where to point when points or spend cross what a balance holds: the path of the line at a position, or of the whole. */
  readonly pathOf: (position: number) => InputPath;
};

type LineMove = { readonly before: LineItem | null; readonly line: LineItem; readonly points: number };

/** The accepted decision, or the refusal of a crossed limit on the line that crosses it. */
export function post(posting: Posting): OrderDecision {
  const { before, credited, frame } = posting;
  const standing = standingOf(posting.order, posting.lines);
  const retainedBefore = before?.order.retainedPoints ?? 0;
  const crossing = crossingLine(
    posting,
    standing.retainedPoints - BigInt(retainedBefore),
    standing.spendMinor - (before?.order.spendMinor ?? 0),
  );
  if (crossing) {
    const message = `Points and spend of an order and of a member are at most ${maximumBalance} units: expected a smaller amount.`;
    return refused(refuse('INVALID_INPUT', crossing, message));
  }
  const moves = lineMoves(before?.lines ?? [], posting.lines);
  const moved = Number(standing.retainedPoints) - retainedBefore;
  const lines = moves.map(movedLine);
  const order = derivedOrder(posting, lines, moved);
  const entries = postEntries(posting, order, moves, moved);
  const member = movedMember(posting, order, entries);
  const event = recordedEvent(posting, order);
  const adjustment = posting.adjustment ? { ...posting.adjustment, points: moved, eventSequence: event.sequence } : null;
  const figures = posting.adjustment
    ? { pointsAwarded: 0, pointsRemoved: 0 }
    : { pointsAwarded: Math.max(0, moved), pointsRemoved: Math.max(0, 0 - moved) };
  const answer = { ...figures, adjustmentId: adjustment?.id ?? null };
  const changes = [
    ...orderChanges(posting, order, lines),
    ...spendChanges(posting, order),
    { kind: 'MEMBER_CHANGED', member, previousRevision: credited.revision } as const,
    { kind: 'EVENT_RECORDED', event } as const,
    ...(adjustment ? [{ kind: 'ADJUSTMENT_RECORDED', adjustment } as const] : []),
    ...entries.map((entry) => ({ kind: 'ENTRY_POSTED', entry }) as const),
    ...recordAnswer(frame, posting.key, order, answer),
  ];
  return {
    kind: 'ACCEPTED',
    changes,
    result: { order, lines, credited: member, ...answer, adjustment, entries, event, replayed: false, changed: true },
  };
}

/** Keeps an answer under its key, so that a repeat is answered alike. */
export function recordAnswer(
  frame: CommandFrame,
  key: string | null,
  order: Order,
  answer: Pick<Answer, 'pointsAwarded' | 'pointsRemoved' | 'adjustmentId'>,
): readonly Change[] {
  if (key === null) return [];
  return [{ kind: 'ANSWER_RECORDED', answer: { key, content: frame.content, orderId: order.id, ...answer, recordedAt: frame.at } }];
}

/** The first line with which the points of the order, a balance of the member or the member's spend would cross what is kept exactly. */
function crossingLine({ before, lines, credited, pathOf }: Posting, pointsMoved: bigint, spendMoved: number): InputPath | null {
  const most = BigInt(maximumBalance);
  const balance = BigInt(Math.max(credited.available, credited.lifetime));
  const spend = BigInt(credited.totalSpendMinor);
  const crosses = balance + pointsMoved > most || spend + BigInt(spendMoved) > most;
  let [points, value] = [0n, 0n];
  let last = 1;
  for (const line of lines) {
    points += linePoints(line, line.quantity);
    if (points > most) return pathOf(line.position);
    if (before?.lines.includes(line)) continue;
    value += BigInt(lineCurrentTotal(line));
    last = line.position;
    if (crosses && (balance + points > most || spend + value > most)) return pathOf(line.position);
  }
  return crosses ? pathOf(last) : null;
}

function lineMoves(before: readonly LineItem[], after: readonly LineItem[]): readonly LineMove[] {
  const old = new Map(before.map((line) => [line.position, line]));
  return after.map((line) => {
    const previous = old.get(line.position) ?? null;
    const worth = previous ? linePoints(previous, keptQuantity(previous)) : 0n;
    return { before: previous, line, points: previous === line ? 0 : Number(linePoints(line, keptQuantity(line)) - worth) };
  });
}

/** A line with its own rise or fall noted; the same object when nothing about it changed. */
const movedLine = ({ line, points }: LineMove): LineItem =>
  points === 0
    ? line
    : { ...line, pointsAwarded: line.pointsAwarded + Math.max(0, points), pointsRemoved: line.pointsRemoved + Math.max(0, 0 - points) };

function derivedOrder({ before, order, frame, adjustment }: Posting, lines: readonly LineItem[], moved: number): Order {
  const standing = standingOf(order, lines);
  return {
    ...order,
    adjustmentMinor: standing.adjustmentMinor,
    adjustmentPoints: standing.adjustmentPoints,
    adjustedPoints: order.adjustedPoints + (adjustment ? moved : 0),
    pointsAwarded: order.pointsAwarded + (adjustment ? 0 : Math.max(0, moved)),
    pointsRemoved: order.pointsRemoved + (adjustment ? 0 : Math.max(0, 0 - moved)),
    retainedPoints: Number(standing.retainedPoints),
    currentTotalMinor: standing.linesMinor,
    spendMinor: standing.spendMinor,
    workflow: workflowState(lines, order.heldPoints),
    version: (before?.order.version ?? 0) + 1,
    eventCount: (before?.order.eventCount ?? 0) + 1,
    lineCount: lines.length,
    updatedAt: frame.at,
  };
}

/** One entry per line when the lines alone explain what moved; else one of the order, as where its cap or an adjustment has a part in it. */
function postEntries(posting: Posting, order: Order, moves: readonly LineMove[], moved: number): readonly PointsEntry[] {
  if (moved === 0) return [];
  const own = moves.filter(({ points }) => points !== 0);
  const explained = own.every(({ points }) => points > 0 === moved > 0) && own.reduce((sum, { points }) => sum + points, 0) === moved;
  const parts = explained ? own.map(({ line, points }) => ({ position: line.position, points })) : [{ position: null, points: moved }];
  let available = posting.credited.available;
  return parts.map(({ position, points }, index) => {
    available += points;
    return {
      memberId: posting.credited.id,
      sequence: posting.credited.entryCount + index + 1,
      orderId: order.id,
      position,
      eventSequence: order.eventCount,
      adjustmentId: posting.adjustment?.id ?? null,
      type: posting.entryType,
      points,
      available: points,
      held: 0,
      debt: 0,
      uncollected: 0,
      availableAfter: available,
      heldAfter: posting.credited.held,
      debtAfter: posting.credited.debt,
      actor: posting.frame.actor,
      reason: posting.event.reason,
      expiresAt: null,
      occurredAt: posting.event.occurredAt,
      recordedAt: posting.frame.at,
    };
  });
}

/** The entries that count as earned for ever, when they are positive. */
const awardTypes: readonly PointsEntryType[] = ['EARN', 'CORRECTION', 'SPEND_ADJUSTMENT'];

function movedMember({ credited, before, frame }: Posting, order: Order, entries: readonly PointsEntry[]): Member {
  const earned = entries.reduce((sum, { type, points }) => sum + (awardTypes.includes(type) ? Math.max(0, points) : 0), 0);
  const moved = entries.reduce((sum, { available }) => sum + available, 0);
  return {
    ...credited,
    available: credited.available + moved,
    lifetime: credited.lifetime + earned,
    totalSpendMinor: credited.totalSpendMinor + order.spendMinor - (before?.order.spendMinor ?? 0),
    entryCount: credited.entryCount + entries.length,
    revision: credited.revision + 1,
    updatedAt: frame.at,
  };
}

const recordedEvent = ({ event, frame }: Posting, order: Order): OrderEvent => ({
  ...event,
  orderId: order.id,
  sequence: order.eventCount,
  actor: frame.actor,
  recordedAt: frame.at,
});

function orderChanges({ before }: Posting, order: Order, lines: readonly LineItem[]): readonly Change[] {
  const known = new Map(before?.lines.map((line) => [line.position, line]));
  const changed = lines.filter((line) => known.get(line.position) !== line);
  return [
    before ? { kind: 'ORDER_CHANGED', order, previousVersion: before.order.version } : { kind: 'ORDER_CREATED', order },
    ...changed.map((line): Change => ({ kind: known.has(line.position) ? 'LINE_CHANGED' : 'LINE_ADDED', line })),
  ];
}

function spendChanges({ before, credited }: Posting, order: Order): readonly Change[] {
  const byMinor = order.spendMinor - (before?.order.spendMinor ?? 0);
  if (byMinor === 0) return [];
  return [
    { kind: 'SPEND_MOVED', memberId: credited.id, orderId: order.id, orderDate: order.orderDate, spendMinor: order.spendMinor, byMinor },
  ];
}
