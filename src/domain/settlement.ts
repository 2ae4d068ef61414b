// Settles what has come due for a member: held points are released and lots expire, in the order of their instants.
import type { Change, OrderEvent } from './change.ts';
import { maturedBy } from './hold.ts';
import type { Instant } from './instant.ts';
import type { LineItem } from './line-item.ts';
import { expiryOf, type Lot, neverExpires } from './lot.ts';
import type { Member } from './member.ts';
import { holdTermsOf, lineMoves, maturedQuantities, nextRelease, partsOf } from './movement.ts';
import { type Order, standingOf, workflowState } from './order.ts';
import { earliest, releasePlan } from './posting.ts';
import { type Program, programAt } from './program.ts';
import { openWallet, type Wallet } from './wallet.ts';

type HeldOrder = { readonly order: Order; readonly lines: readonly LineItem[] };

/** What is due first, of each kind in the order of its instants; and when the first one is due that is not among them. */
export type SettlementState = {
  readonly programs: readonly Program[];
  readonly member: Member;
  readonly orders: readonly HeldOrder[];
  readonly lots: readonly Lot[];
  readonly nextRelease: Instant | null;
  readonly nextExpiry: Instant | null;
};

/** Who settles, in entries and events. */
const settlementActor = 'settlement';

/**
 * Decides a settlement at the server's time: every release and expiry that is due and read, none twice. When more is due than
 * was read, the member stays due, and the next settlement goes on from there.
 */
export function settle(state: SettlementState, at: Instant): readonly Change[] {
  const { programs, member } = state;
  const horizon = Math.min(at, state.nextRelease ?? at, state.nextExpiry ?? at);
  // At equal instants releases come first, also those that were not read.
  const expiresBefore = state.nextRelease ?? neverExpires;
  const wallet = openWallet({ member, lots: state.lots, at, actor: settlementActor });
  const orders = new Map(state.orders.map((held) => [held.order.id, held]));
  const events: OrderEvent[] = [];
  for (;;) {
    const due = nextDue([...orders.values()]);
    const dueAt = due?.order.releaseAt ?? neverExpires;
    const expiresAt = wallet.nextExpiry();
    if (Math.min(dueAt, expiresAt) > horizon) break;
    if (due && dueAt <= expiresAt) {
      const { held, event } = release(due, { programs, wallet, dueAt, at });
      orders.set(held.order.id, held);
      events.push(event);
    } else if (expiresAt < expiresBefore) wallet.expire(expiresAt);
    else break;
  }
  const settled = {
    ...wallet.member(),
    dueAt: earliest(...[...orders.values()].map(({ order }) => order.releaseAt), wallet.nextExpiry(), state.nextRelease, state.nextExpiry),
    revision: member.revision + 1,
    updatedAt: at,
  };
  return [
    ...state.orders.flatMap((before) => orderChanges(before, orders.get(before.order.id) ?? before)),
    { kind: 'BALANCES_CHANGED', member: settled, previousRevision: member.revision },
    ...events.map((event): Change => ({ kind: 'EVENT_RECORDED', event })),
    ...wallet.changes(),
  ];
}

/** The order that releases next; of several at one instant the one with the lower id. */
const nextDue = (orders: readonly HeldOrder[]): HeldOrder | null =>
  orders
    .filter(({ order }) => order.releaseAt !== null)
    .toSorted((a, b) => (a.order.releaseAt ?? 0) - (b.order.releaseAt ?? 0) || (a.order.id < b.order.id ? -1 : 1))[0] ?? null;

type Release = { readonly programs: readonly Program[]; readonly wallet: Wallet; readonly dueAt: Instant; readonly at: Instant };

/** Releases what is due of an order at one instant, under the program in force then. */
function release(
  { order, lines }: HeldOrder,
  { programs, wallet, dueAt, at }: Release,
): { readonly held: HeldOrder; readonly event: OrderEvent } {
  const hold = holdTermsOf(programs, order);
  const program = programAt(programs, dueAt);
  const matured = maturedBy(hold, lines, dueAt);
  const { retainedPoints, releasedPoints } = standingOf(order, matured);
  const points = Number(releasedPoints) - (order.retainedPoints - order.heldPoints);
  const sequence = order.eventCount + 1;
  const moves = lineMoves(lines, matured);
  const text = { orderId: order.id, eventSequence: sequence, adjustmentId: null, type: 'RELEASE', reason: null } as const;
  const terms = { availableAt: dueAt, expiresAt: expiryOf(program, dueAt), debtPolicy: program.debtPolicy };
  for (const { position, released } of partsOf(moves, 0, points))
    wallet.move({ ...text, position, occurredAt: dueAt }, { points: released, available: released, held: 0 - released }, terms);
  const heldPoints = Number(retainedPoints - releasedPoints);
  const settled = { ...order, heldPoints, releaseAt: nextRelease(hold, order, matured), eventCount: sequence, updatedAt: at };
  const event = { type: 'POINTS_RELEASED', reason: null, occurredAt: dueAt, lines: maturedQuantities(moves) } as const;
  return {
    held: { order: { ...settled, workflow: workflowState(matured, heldPoints) }, lines: matured },
    event: { ...event, orderId: order.id, sequence, actor: settlementActor, recordedAt: at },
  };
}

function orderChanges(before: HeldOrder, after: HeldOrder): readonly Change[] {
  if (before === after) return [];
  const changed = after.lines.filter((line, index) => line !== before.lines[index]);
  return [
    { kind: 'ORDER_CHANGED', order: after.order, previousVersion: before.order.version },
    ...changed.map((line): Change => ({ kind: 'LINE_CHANGED', line })),
    ...releasePlan(before.order.releaseAt, after.order),
  ];
}
