// Who may see what, said once more in the plainest words, over what was told: the product's own answer is judged by it.
import { parentOf } from './ids.ts';
import type { Rows, StoredMember, StoredOrder } from './rows.ts';
import type { Told, ToldOrder } from './teller.ts';
import type { Viewer } from './viewers.ts';

export type Model = ReturnType<typeof createModel>;

const ofOrder = ['Order', 'LineItem', 'OrderEvent', 'SpendAdjustment'];
const ofAccount = ['PointsBalance', 'PointsLot', 'PointsEntry'];

export function createModel(told: Told, rows: Rows) {
  const keyOf = (siteId: string, name: string): string => `${siteId}/${name}`;
  const toldOrders = new Map(told.orders.map((order) => [keyOf(order.siteId, order.orderId), order]));
  const storedOrders = new Map<string, StoredOrder>(rows.orders.map((order) => [order.id, order]));
  const storedMembers = new Map<string, StoredMember>(rows.members.map((member) => [member.id, member]));
  const orderOfAdjustment = new Map(rows.adjustments.map(({ id, orderId }) => [id, orderId]));

  const orderOf = (typename: string, identity: string): ToldOrder | undefined => {
    const id = typename === 'SpendAdjustment' ? orderOfAdjustment.get(identity) : parentOf(identity);
    const stored = storedOrders.get(id ?? '');
    return stored && toldOrders.get(keyOf(stored.siteId, stored.orderId));
  };
  const seesOrder = ({ role, siteId, subject }: Viewer, order: ToldOrder): boolean =>
    order.siteId === siteId && (role !== 'member' || order.buyer === subject || order.primary === subject);
  const seesMember = ({ role, siteId, subject }: Viewer, member: { readonly siteId: string; readonly userId: string }): boolean =>
    member.siteId === siteId &&
    (role !== 'member' ||
      member.userId === subject ||
      told.links.some((link) => link.siteId === siteId && link.primary === subject && link.secondary === member.userId));
  const ownsAccount = ({ role, siteId, subject }: Viewer, member: { readonly siteId: string; readonly userId: string }): boolean =>
    member.siteId === siteId && (role !== 'member' || member.userId === subject);

  /** Whether a viewer may see an object at all. */
  function sees(viewer: Viewer, typename: string, identity: string): boolean {
    if (ofOrder.includes(typename)) {
      const order = orderOf(typename, identity);
      return order !== undefined && seesOrder(viewer, order);
    }
    const member = storedMembers.get(parentOf(identity));
    if (!member) return false;
    return ofAccount.includes(typename) ? ownsAccount(viewer, member) : seesMember(viewer, member);
  }

  /** Whether the account that an object is about is the viewer's own, or any of their site for staff. */
  function owns(viewer: Viewer, typename: string, identity: string): boolean {
    const order = ofOrder.includes(typename) ? orderOf(typename, identity) : undefined;
    const member = order ? { siteId: order.siteId, userId: order.credited } : storedMembers.get(parentOf(identity));
    return member !== undefined && ownsAccount(viewer, member);
  }

  return { told, rows, orderOf, seesOrder, seesMember, ownsAccount, sees, owns };
}
