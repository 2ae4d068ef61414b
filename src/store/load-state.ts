// Reads what a decision stands on, inside the transaction that decides.
import { creditedMember, type Member, periodStart } from '../domain/member.ts';
import type { MemberState } from '../domain/membership.ts';
import type { Order } from '../domain/order.ts';
import type { OrderState } from '../domain/order-command.ts';
import { type Program, programAt } from '../domain/program.ts';
import type { SettlementState } from '../domain/settlement.ts';
import type { Rows } from './reads.ts';
import type { Asking } from './statement.ts';
import type { MemberScope, OrderScope } from './store.ts';

/** The state for a command on an order. What it reads does not grow with the member's history, but for lots: as many as the command can reach. */
export function* loadOrderState(rows: Rows, scope: OrderScope): Asking<OrderState> {
  const { siteId } = scope;
  const programs = yield* rows.programs(siteId);
  const answer = scope.key ? yield* rows.answer(siteId, scope.key) : null;
  const order = scope.orderId === null ? null : ((yield* rows.ordersByOrderId(siteId, [scope.orderId]))[0] ?? null);
  const lines = order ? yield* rows.linesOfOrder(siteId, order.id) : [];
  const points = (credited: Member | null) => pointsOf(rows, scope, { programs, order, credited });
  const spend = (credited: Member | null) => spendOf(rows, scope, programs, credited, order?.orderDate ?? null);
  if (order) {
    const found = yield* rows.membersById(siteId, [...new Set([order.memberId, order.creditedToId])]);
    const of = (id: string): Member | null => found.find((member) => member.id === id) ?? null;
    const [buyer, credited] = [of(order.memberId), of(order.creditedToId)];
    const { lots, redemption } = yield* points(credited);
    return { programs, answer, order, lines, buyer, primary: null, credited, lots, redemption, periodSpendMinor: yield* spend(credited) };
  }
  const buyer = scope.userId ? ((yield* rows.membersByUserId(siteId, [scope.userId]))[0] ?? null) : null;
  const link = buyer ? (yield* rows.linksOfSecondaries(siteId, [buyer.id]))[0] : undefined;
  const primary = link ? ((yield* rows.membersById(siteId, [link.primaryId]))[0] ?? null) : null;
  const date = scope.spendAt?.(null) ?? scope.at;
  const credited = buyer && programs.length > 0 ? creditedMember(programAt(programs, date), buyer, primary) : null;
  const { lots, redemption } = yield* points(credited);
  return { programs, answer, order, lines, buyer, primary, credited, lots, redemption, periodSpendMinor: yield* spend(credited) };
}

type Named = { readonly programs: readonly Program[]; readonly order: Order | null; readonly credited: Member | null };

/** The lots that a command can reach, and what the order's redemption took; nothing where it takes and gives back nothing. */
function* pointsOf(
  rows: Rows,
  { siteId, takes }: OrderScope,
  { programs, order, credited }: Named,
): Asking<Pick<OrderState, 'lots' | 'redemption'>> {
  if (!credited || !takes || programs.length === 0) return { lots: [], redemption: [] };
  const redemption = order && order.redeemedPoints > 0 ? yield* rows.redemption(siteId, order.id) : [];
  const lots = [
    ...(order ? yield* rows.lotsOfOrder(siteId, order.id) : []),
    ...(redemption.length > 0
      ? yield* rows.lotsByKey(
          siteId,
          redemption.map(({ memberId, lotSequence }) => ({ memberId, sequence: lotSequence })),
        )
      : []),
    ...(credited.available > 0 ? yield* rows.lotsWorth(siteId, credited.id, Math.min(takes(programs, order), credited.available)) : []),
  ];
  return { redemption, lots: [...new Map(lots.map((lot) => [lot.sequence, lot])).values()] };
}

/** How many releases and lots one settlement takes on. */
const settlementSize = 100;

/** What is due first for a member. One more of each kind is looked for, to know when the member is due again. */
export function* loadSettlement(rows: Rows, siteId: string, member: Member): Asking<SettlementState> {
  const releases = yield* rows.nextReleases(siteId, member.id, settlementSize + 1);
  const lots = yield* rows.nextLots(siteId, member.id, settlementSize + 1);
  const orderIds = releases.slice(0, settlementSize).map(({ orderId }) => orderId);
  const lines = yield* rows.linesOfOrders(siteId, orderIds);
  return {
    programs: yield* rows.programs(siteId),
    member,
    orders: (yield* rows.ordersById(siteId, orderIds)).map((order) => ({
      order,
      lines: lines.filter(({ orderId }) => orderId === order.id),
    })),
    lots: lots.slice(0, settlementSize),
    nextRelease: releases[settlementSize]?.dueAt ?? null,
    nextExpiry: lots[settlementSize]?.expiresAt ?? null,
  };
}

function* spendOf(
  rows: Rows,
  { siteId, spendAt }: OrderScope,
  programs: readonly Program[],
  member: Member | null,
  orderDate: number | null,
): Asking<number> {
  if (!member || !spendAt || programs.length === 0) return 0;
  const at = spendAt(orderDate);
  const spend = yield* rows.periodSpend(siteId, [member.id], periodStart(programAt(programs, at), at), at);
  return spend.get(member.id) ?? 0;
}

/** The state for a command on members. */
export function* loadMemberState(rows: Rows, { siteId, userId, primaryUserId }: MemberScope): Asking<MemberState> {
  const found = yield* rows.membersByUserId(
    siteId,
    [userId, primaryUserId].filter((id) => id !== null),
  );
  const of = (id: string | null): Member | null => found.find((member) => member.userId === id) ?? null;
  const [member, primary] = [of(userId), of(primaryUserId)];
  const links = yield* rows.linksOfSecondaries(
    siteId,
    [member?.id, primary?.id].filter((id) => id !== undefined),
  );
  return {
    member,
    primary,
    linkAsSecondary: links.find(({ secondaryId }) => secondaryId === member?.id) ?? null,
    hasSecondaries: member !== null && (yield* rows.hasSecondaries(siteId, member.id)),
    primaryIsSecondary: primary !== null && links.some(({ secondaryId }) => secondaryId === primary.id),
  };
}
