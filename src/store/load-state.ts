// Reads what a decision stands on, inside the transaction that decides.
import { creditedMember, type Member, periodStart } from '../domain/member.ts';
import type { MemberState } from '../domain/membership.ts';
import type { OrderState } from '../domain/order-command.ts';
import { type Program, programAt } from '../domain/program.ts';
import type { Rows } from './reads.ts';
import type { MemberScope, OrderScope } from './store.ts';

/** The state for a command on an order. Nothing of it grows with the history of the member. */
export function loadOrderState(rows: Rows, scope: OrderScope): OrderState {
  const { siteId } = scope;
  const programs = rows.programs(siteId);
  const answer = scope.key ? rows.answer(siteId, scope.key) : null;
  const order = scope.orderId === null ? null : (rows.ordersByOrderId(siteId, [scope.orderId])[0] ?? null);
  const lines = order ? rows.linesOfOrder(siteId, order.id) : [];
  const common = { programs, answer, order, lines };
  if (order) {
    const found = rows.membersById(siteId, [...new Set([order.memberId, order.creditedToId])]);
    const of = (id: string): Member | null => found.find((member) => member.id === id) ?? null;
    const credited = of(order.creditedToId);
    return {
      ...common,
      buyer: of(order.memberId),
      primary: null,
      credited,
      periodSpendMinor: spendOf(rows, scope, programs, credited, order.orderDate),
    };
  }
  const buyer = scope.userId ? (rows.membersByUserId(siteId, [scope.userId])[0] ?? null) : null;
  const link = buyer ? rows.linksOfSecondaries(siteId, [buyer.id])[0] : undefined;
  const primary = link ? (rows.membersById(siteId, [link.primaryId])[0] ?? null) : null;
  const date = scope.spendAt?.(null) ?? scope.at;
  const credited = buyer && programs.length > 0 ? creditedMember(programAt(programs, date), buyer, primary) : null;
  return { ...common, buyer, primary, credited, periodSpendMinor: spendOf(rows, scope, programs, credited, null) };
}

function spendOf(
  rows: Rows,
  { siteId, spendAt }: OrderScope,
  programs: readonly Program[],
  member: Member | null,
  orderDate: number | null,
): number {
  if (!member || !spendAt || programs.length === 0) return 0;
  const at = spendAt(orderDate);
  return rows.periodSpend(siteId, [member.id], periodStart(programAt(programs, at), at), at).get(member.id) ?? 0;
}

/** The state for a command on members. */
export function loadMemberState(rows: Rows, { siteId, userId, primaryUserId }: MemberScope): MemberState {
  const found = rows.membersByUserId(
    siteId,
    [userId, primaryUserId].filter((id) => id !== null),
  );
  const of = (id: string | null): Member | null => found.find((member) => member.userId === id) ?? null;
  const [member, primary] = [of(userId), of(primaryUserId)];
  const links = rows.linksOfSecondaries(
    siteId,
    [member?.id, primary?.id].filter((id) => id !== undefined),
  );
  return {
    member,
    primary,
    linkAsSecondary: links.find(({ secondaryId }) => secondaryId === member?.id) ?? null,
    hasSecondaries: member !== null && rows.hasSecondaries(siteId, member.id),
    primaryIsSecondary: primary !== null && links.some(({ secondaryId }) => secondaryId === primary.id),
  };
}
