// Inputs as work for the store: the scope to read, and the decision to make on it.
import { additionDate, addToOrder } from '../../domain/add-to-order.ts';
import { correctOrder } from '../../domain/correct-order.ts';
import { createOrder, orderDateOf } from '../../domain/create-order.ts';
import { redeemUnits } from '../../domain/redemption.ts';
import { updateOrder } from '../../domain/update-order.ts';
import type { OrderWork } from '../../store/store.ts';
import { frameOf, type GatewayContext } from '../context.ts';
import { selectorOf } from '../line-item.ts';
import type { AddToOrderInput, CorrectOrderInput, CreateOrderInput, UpdateOrderInput } from './inputs.ts';
import { orderScope, takesReleased } from './scope.ts';

type Path = readonly string[];

export function createWork(context: GatewayContext, input: typeof CreateOrderInput.$inferInput, path: Path): OrderWork {
  const frame = frameOf(context, 'createOrder', input, path);
  return {
    scope: {
      ...orderScope(context, input),
      key: null,
      spendAt: () => orderDateOf(input, frame.at),
      takes: (programs) => redeemUnits(programs, frame.at, input.redeemPoints),
    },
    decide: (state) => createOrder(state, frame, input),
  };
}

export function updateWork(context: GatewayContext, input: typeof UpdateOrderInput.$inferInput, path: Path): OrderWork {
  const frame = frameOf(context, 'updateOrder', input, path);
  const lineItems = input.lineItems?.map(({ lineItem, quantity }) => ({ lineItem: selectorOf(lineItem), quantity })) ?? null;
  // Of all commands on an order only a shipment can never lower what it has released.
  const takes = input.action === 'SHIP' ? null : takesReleased;
  return { scope: { ...orderScope(context, input), takes }, decide: (state) => updateOrder(state, frame, { ...input, lineItems }) };
}

export function addWork(context: GatewayContext, input: typeof AddToOrderInput.$inferInput, path: Path): OrderWork {
  const frame = frameOf(context, 'addToOrder', input, path);
  return {
    scope: {
      ...orderScope(context, input),
      takes: takesReleased,
      spendAt: (orderDate) => additionDate(input, orderDate ?? frame.at, frame.at),
    },
    decide: (state) => addToOrder(state, frame, input),
  };
}

export function correctWork(context: GatewayContext, input: typeof CorrectOrderInput.$inferInput, path: Path): OrderWork {
  const frame = frameOf(context, 'correctOrder', input, path);
  const lineItems = input.lineItems.map(({ lineItem, ...values }) => ({ ...values, lineItem: selectorOf(lineItem) }));
  const scope = { ...orderScope(context, input), takes: takesReleased };
  return { scope, decide: (state) => correctOrder(state, frame, { ...input, lineItems }) };
}
