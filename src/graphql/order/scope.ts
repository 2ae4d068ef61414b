// What a command on an order needs to have read.
import { normaliseId } from '../../domain/check.ts';
import { releasedPoints } from '../../domain/order.ts';
import type { OrderScope } from '../../store/store.ts';
import type { GatewayContext } from '../context.ts';

type Named = { readonly orderId: string; readonly userId?: string | null | undefined; readonly idempotencyKey?: string | null | undefined };

/** The most that a command can take back of an order: what it has released. Points that are held are taken from the hold. */
export const takesReleased: OrderScope['takes'] = (_, order) => (order ? releasedPoints(order) : 0);

/** The scope of an input; malformed ids find nothing, and are refused by the decision. */
export function orderScope(context: GatewayContext, { orderId, userId, idempotencyKey }: Named): OrderScope {
  return {
    siteId: context.siteId,
    orderId: normaliseId(orderId),
    userId: normaliseId(userId ?? ''),
    key: normaliseId(idempotencyKey ?? ''),
    at: context.now,
    spendAt: null,
    takes: null,
  };
}
