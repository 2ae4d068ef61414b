// Who may see what: decided here, asked where a row is loaded or an edge is followed.
import type { Actor } from '../access/actor.ts';
import type { Order } from '../domain/order.ts';
import type { OrderCriteria, Reads } from '../store/store.ts';

/**
 * A member sees their own account, their own orders, and the orders that others placed while they were their secondary members.
 * Back ends and administrators see everything of their site. What somebody may not see is as if it did not exist.
 */
export type Viewer = {
  /** Whether the viewer sees everything of the site; then all other questions are answered yes. */
  readonly isStaff: boolean;
  /** Whether an account is the viewer's own: its balance, entries, lots and tier. */
  readonly owns: (memberId: string) => boolean;
  /** Whether a member may be seen by name: the viewer, and whoever is or was their secondary member. */
  readonly seesMember: (memberId: string) => boolean;
  readonly seesOrder: (order: Pick<Order, 'memberId' | 'primaryId'>) => boolean;
  /** The members among the given ones, of all when there are none given, who may be seen; null: no bound. */
  readonly visibleMembers: (memberIds: readonly string[] | undefined) => readonly string[] | null;
  /** Criteria that find only what may be seen. */
  readonly visibleOrders: (criteria: OrderCriteria) => OrderCriteria;
};

const staff: Viewer = {
  isStaff: true,
  owns: () => true,
  seesMember: () => true,
  seesOrder: () => true,
  visibleMembers: (memberIds) => memberIds ?? null,
  visibleOrders: (criteria) => criteria,
};

/** An id that no row has: for somebody whom the site does not know. */
const nobody = '';

function memberViewer(ownId: string, household: ReadonlySet<string>): Viewer {
  const visible = [...household].sort();
  const visibleMembers = (memberIds: readonly string[] | undefined) => memberIds?.filter((id) => household.has(id)) ?? visible;
  return {
    isStaff: false,
    owns: (memberId) => memberId === ownId,
    seesMember: (memberId) => household.has(memberId),
    seesOrder: ({ memberId, primaryId }) => memberId === ownId || primaryId === ownId,
    visibleMembers,
    visibleOrders: (criteria) => ({ ...criteria, memberIds: visibleMembers(criteria.memberIds), visibleTo: ownId }),
  };
}

/** Reads who the actor of a request is. A member whom the site does not know sees nothing. */
export async function readViewer({ role, siteId, name }: Actor, reads: Reads): Promise<Viewer> {
  if (role !== 'member') return staff;
  const [member] = await reads.membersByUserId(siteId, [name]);
  if (!member) return memberViewer(nobody, new Set());
  return memberViewer(member.id, new Set([member.id, ...(await reads.secondariesEver(siteId, member.id))]));
}
