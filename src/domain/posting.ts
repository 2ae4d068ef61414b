// Posts what a command did to an order: retained(after) − retained(before), as entries, balances, spend and events.
import type { Answer, Change, OrderEvent, OrderEventType, PointsEntryType, SpendAdjustment } from './change.ts';
import { availableSince, type HoldStep, heldLines } from './hold.ts';
import { type LineItem, lineCurrentTotal } from './line-item.ts';
import { expiryOf, neverExpires, type RedemptionPart } from './lot.ts';
import type { Member } from './member.ts';
import { maximumBalance } from './money.ts';
import { holdTermsOf, type LineMove, lineMoves, maturedQuantities, nextRelease, type Part, partsOf } from './movement.ts';
import { type Order, type Standing, standingOf, workflowState } from './order.ts';
import { type CommandFrame, currentProgram, type OrderDecision, type OrderState, refused } from './order-command.ts';
import { linePoints } from './points.ts';
import { redemptionReturned } from './redemption.ts';
import { type InputPath, refuse } from './refusal.ts';
import { type EntryText, openWallet, type Wallet } from './wallet.ts';

export type Posting = {
  readonly state: OrderState;
  readonly frame: CommandFrame;
  /** The order and lines as they were, settled up to now; null for a new order. */
  readonly before: { readonly order: Order; readonly lines: readonly LineItem[] } | null;
  /** The order and lines as the command wants them; derived figures are worked out here. */
  readonly order: Order;
  readonly lines: readonly LineItem[];
  readonly credited: Member;
  readonly entryType: PointsEntryType;
  readonly step: HoldStep['kind'];
  /** Added goods are not held. */
  readonly disregardHold?: boolean;
  /** Available points to spend on a new order, in units of the scale. */
  readonly redeem?: number;
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

/** What a posting comes to before it is written. */
type Draft = {
  readonly posting: Posting;
  readonly order: Order;
  readonly lines: readonly LineItem[];
  readonly moves: readonly LineMove[];
  /** The rise or fall of what the order retains. */
  readonly moved: number;
  readonly parts: readonly Part[];
};

/** The accepted decision, or the refusal of a crossed limit on the line that crosses it, or of points that cannot be taken back. */
export function post(posting: Posting): OrderDecision {
  const { before, credited, frame, state } = posting;
  const draft = draftOf(posting);
  if ('crossing' in draft) {
    const message = `Points and spend of an order and of a member are at most ${maximumBalance} units: expected a smaller amount.`;
    return refused(refuse('INVALID_INPUT', draft.crossing, message));
  }
  const { order, lines, moved } = draft;
  const wallet = openWallet({ member: credited, lots: state.lots, at: frame.at, actor: frame.actor });
  const redemption = redeem(draft, wallet);
  moveParts(draft, wallet);
  wallet.expire(frame.at);
  if (wallet.missing() > 0) {
    const message = 'The points to take back are spent, and the program lets nobody owe points: expected less to take back.';
    return refused(refuse('INSUFFICIENT_POINTS', posting.pathOf(0), message));
  }
  const member = movedMember(draft, wallet);
  const events = recordedEvents(draft);
  const adjustment = posting.adjustment ? { ...posting.adjustment, points: moved, eventSequence: events[0].sequence } : null;
  const figures = posting.adjustment
    ? { pointsAwarded: 0, pointsRemoved: 0 }
    : { pointsAwarded: Math.max(0, moved), pointsRemoved: Math.max(0, 0 - moved) };
  const answer = { ...figures, adjustmentId: adjustment?.id ?? null };
  const changes = [
    ...orderChanges(posting, order, lines),
    ...releasePlan(before?.order.releaseAt ?? null, order),
    ...spendChanges(posting, order),
    { kind: 'BALANCES_CHANGED', member, previousRevision: credited.revision } as const,
    ...events.map((event) => ({ kind: 'EVENT_RECORDED', event }) as const),
    ...(adjustment ? [{ kind: 'ADJUSTMENT_RECORDED', adjustment } as const] : []),
    ...wallet.changes(),
    ...redemption.map((part) => ({ kind: before ? 'REDEMPTION_CHANGED' : 'REDEMPTION_ADDED', part }) as const),
    ...recordAnswer(frame, posting.key, order, answer),
  ];
  return { kind: 'ACCEPTED', changes, result: { order, lines, credited: member, ...answer, adjustment, replayed: false, changed: true } };
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

/** The next release of an order in the list of its member's, moved when it changed. */
export const releasePlan = (from: number | null, { id, creditedToId, releaseAt }: Order): readonly Change[] =>
  from === releaseAt ? [] : [{ kind: 'RELEASE_PLANNED', memberId: creditedToId, orderId: id, from, to: releaseAt }];

/** The earliest of instants; null when there is none. */
export function earliest(...instants: readonly (number | null)[]): number | null {
  const known = instants.filter((one): one is number => one !== null && one !== neverExpires);
  return known.length === 0 ? null : Math.min(...known);
}

const stepOf = ({ step, event, frame, disregardHold = false }: Posting): HoldStep => ({
  kind: step,
  date: event.occurredAt,
  at: frame.at,
  disregard: disregardHold,
});

function draftOf(posting: Posting): Draft | { readonly crossing: InputPath } {
  const { before, state } = posting;
  const held = heldLines(holdTermsOf(state.programs, posting.order), before?.lines ?? [], posting.lines, stepOf(posting));
  const standing = standingOf(posting.order, held);
  const retainedBefore = before?.order.retainedPoints ?? 0;
  const releasedBefore = retainedBefore - (before?.order.heldPoints ?? 0);
  const spendMoved = standing.spendMinor - (before?.order.spendMinor ?? 0);
  const moves = lineMoves(before?.lines ?? [], held);
  const crossing =
    crossingLine(posting, standing.retainedPoints - BigInt(retainedBefore), spendMoved) ?? crossingTotal(posting, moves, standing);
  if (crossing) return { crossing };
  const moved = Number(standing.retainedPoints) - retainedBefore;
  const parts = partsOf(moves, moved, Number(standing.releasedPoints) - releasedBefore);
  const lines = moves.map(movedLine);
  return { posting, order: derivedOrder(posting, lines, { standing, moved, parts }), lines, moves, moved, parts };
}

/** The first line with which the points of the order, a balance of the member or the member's spend would cross what is kept exactly. */
function crossingLine({ before, lines, credited, pathOf }: Posting, pointsMoved: bigint, spendMoved: number): InputPath | null {
  const most = BigInt(maximumBalance);
  const balance = BigInt(credited.lifetime) + BigInt(credited.held);
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

/** The first line with which points that were ever awarded or removed would cross what is kept exactly. */
function crossingTotal({ before, order, pathOf }: Posting, moves: readonly LineMove[], { retainedPoints }: Standing): InputPath | null {
  const most = BigInt(maximumBalance);
  const beyond = (awarded: number, removed: number, moved: bigint): boolean =>
    moved > 0n ? BigInt(awarded) + moved > most : BigInt(removed) - moved > most;
  const line = moves.find((move) => beyond(move.line.pointsAwarded, move.line.pointsRemoved, BigInt(move.points)));
  if (line) return pathOf(line.line.position);
  const moved = retainedPoints - BigInt(before?.order.retainedPoints ?? 0);
  return beyond(order.pointsAwarded, order.pointsRemoved, moved)
    ? pathOf(moves.find(({ points }) => points !== 0)?.line.position ?? 1)
    : null;
}

/** A line with its own rise or fall noted; the same object when nothing about it changed. */
const movedLine = ({ line, points }: LineMove): LineItem =>
  points === 0
    ? line
    : { ...line, pointsAwarded: line.pointsAwarded + Math.max(0, points), pointsRemoved: line.pointsRemoved + Math.max(0, 0 - points) };

const releasesAny = (parts: readonly Part[]): boolean => parts.some(({ released }) => released > 0);

type Outcome = { readonly standing: Standing; readonly moved: number; readonly parts: readonly Part[] };

function derivedOrder(posting: Posting, lines: readonly LineItem[], { standing, moved, parts }: Outcome): Order {
  const { before, order, frame, adjustment, redeem = 0, state } = posting;
  const heldPoints = Number(standing.retainedPoints - standing.releasedPoints);
  const adjusted = { ...order, adjustmentMinor: standing.adjustmentMinor, adjustmentPoints: standing.adjustmentPoints };
  return {
    ...adjusted,
    adjustedPoints: order.adjustedPoints + (adjustment ? moved : 0),
    pointsAwarded: order.pointsAwarded + (adjustment ? 0 : Math.max(0, moved)),
    pointsRemoved: order.pointsRemoved + (adjustment ? 0 : Math.max(0, 0 - moved)),
    retainedPoints: Number(standing.retainedPoints),
    heldPoints,
    releaseAt: nextRelease(holdTermsOf(state.programs, order), adjusted, lines),
    redeemedPoints: order.redeemedPoints + redeem,
    redeemedReturned: order.redeemedReturned + givenBack(posting, lines),
    currentTotalMinor: standing.linesMinor,
    spendMinor: standing.spendMinor,
    workflow: workflowState(lines, heldPoints),
    version: (before?.order.version ?? 0) + 1,
    eventCount: (before?.order.eventCount ?? 0) + (releasesAny(parts) ? 2 : 1),
    lineCount: lines.length,
    updatedAt: frame.at,
  };
}

/** What a return or cancellation gives back of the points spent on the order. */
function givenBack({ before, entryType }: Posting, lines: readonly LineItem[]): number {
  if (!before || before.order.redeemedPoints === 0 || (entryType !== 'RETURN' && entryType !== 'CANCEL')) return 0;
  return Math.max(0, redemptionReturned(before.order, lines) - before.order.redeemedReturned);
}

const eventSequence = ({ before }: Posting): number => (before?.order.eventCount ?? 0) + 1;

const entryText = ({ posting, order }: Draft, type: PointsEntryType): EntryText => ({
  orderId: order.id,
  position: null,
  eventSequence: eventSequence(posting),
  adjustmentId: posting.adjustment?.id ?? null,
  type,
  reason: posting.event.reason,
  occurredAt: posting.event.occurredAt,
});

/** Spends points on a new order, or gives them back with a return, before anything else moves. */
function redeem(draft: Draft, wallet: Wallet): readonly RedemptionPart[] {
  const { posting, order } = draft;
  const { redeem: points = 0, before, state, frame } = posting;
  if (points > 0) return wallet.redeem(entryText(draft, 'REDEEM'), points);
  const back = order.redeemedReturned - (before?.order.redeemedReturned ?? 0);
  if (back === 0) return [];
  const parts = wallet.giveBack(entryText(draft, 'REDEEM_REVERSAL'), back, state.redemption);
  wallet.expire(frame.at);
  return parts;
}

/** Posts the parts: first what the command itself moved, then what it released. */
function moveParts(draft: Draft, wallet: Wallet): void {
  const { posting, parts, lines } = draft;
  const program = currentProgram(posting.state, posting.frame);
  const availableAt = availableSince(holdTermsOf(posting.state.programs, posting.order), lines, stepOf(posting));
  const terms = { availableAt, expiresAt: expiryOf(program, availableAt), debtPolicy: program.debtPolicy };
  for (const { position, own } of parts)
    if (own.points !== 0 || own.available !== 0) wallet.move({ ...entryText(draft, posting.entryType), position }, own, terms);
  for (const { position, released } of parts)
    if (released > 0) {
      const text = { ...entryText(draft, 'RELEASE'), position, adjustmentId: null, occurredAt: availableAt };
      const movement = { points: released, available: released, held: 0 - released };
      wallet.move({ ...text, eventSequence: eventSequence(posting) + 1 }, movement, terms);
    }
}

function movedMember({ posting, order }: Draft, wallet: Wallet): Member {
  const { credited, before, frame } = posting;
  return {
    ...wallet.member(),
    totalSpendMinor: credited.totalSpendMinor + order.spendMinor - (before?.order.spendMinor ?? 0),
    dueAt: earliest(credited.dueAt, order.releaseAt, wallet.nextExpiry()),
    revision: credited.revision + 1,
    updatedAt: frame.at,
  };
}

function recordedEvents({ posting, order, moves, parts, lines }: Draft): readonly [OrderEvent, ...OrderEvent[]] {
  const { event, frame, state } = posting;
  const common = { orderId: order.id, actor: frame.actor, recordedAt: frame.at };
  const { type, reason } = event;
  const own = { ...common, sequence: eventSequence(posting), type, reason, occurredAt: event.occurredAt, lines: event.lines };
  if (!releasesAny(parts)) return [own];
  const occurredAt = availableSince(holdTermsOf(state.programs, order), lines, stepOf(posting));
  const released = { type: 'POINTS_RELEASED', reason: null, occurredAt, lines: maturedQuantities(moves) } as const;
  return [own, { ...common, ...released, sequence: own.sequence + 1 }];
}

/** The order and the lines that differ from the stored ones, also those that matured without points to release. */
function orderChanges({ before, state }: Posting, order: Order, lines: readonly LineItem[]): readonly Change[] {
  const known = new Map(state.lines.map((line) => [line.position, line]));
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
