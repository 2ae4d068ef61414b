// Commands of the demo as work for the store: decided by the same functions as what clients send, each at its own time.
import { createHash } from 'node:crypto';
import { type AddToOrderInput, additionDate, addToOrder } from '../domain/add-to-order.ts';
import { normaliseId } from '../domain/check.ts';
import { contentOf } from '../domain/content.ts';
import { type CorrectOrderInput, correctOrder } from '../domain/correct-order.ts';
import { type CreateOrderInput, createOrder, orderDateOf } from '../domain/create-order.ts';
import type { Instant } from '../domain/instant.ts';
import { releasedPoints } from '../domain/order.ts';
import type { CommandFrame } from '../domain/order-command.ts';
import { redeemUnits } from '../domain/redemption.ts';
import { type AdjustSpendInput, adjustSpend } from '../domain/spend-adjustment.ts';
import { type UpdateOrderInput, updateOrder } from '../domain/update-order.ts';
import type { OrderScope, OrderWork } from '../store/store.ts';
import { demoProgram } from './program.ts';

export type OrderCommand =
  | { readonly kind: 'createOrder'; readonly input: CreateOrderInput }
  | { readonly kind: 'updateOrder'; readonly input: UpdateOrderInput }
  | { readonly kind: 'addToOrder'; readonly input: AddToOrderInput }
  | { readonly kind: 'correctOrder'; readonly input: CorrectOrderInput }
  | { readonly kind: 'adjustSpend'; readonly input: AdjustSpendInput };

/** A command and when the server got it. */
export type DatedCommand = { readonly at: Instant; readonly command: OrderCommand };

/** The frame of a command on the demo's site. */
export const demoFrame = (at: Instant, newId: string, content = ''): CommandFrame => ({
  siteId: demoProgram.siteId,
  actor: 'demo',
  at,
  newId,
  content,
  path: ['input'],
});

export function workOf({ at, command }: DatedCommand, newId: string): OrderWork {
  const content = createHash('sha256').update(contentOf(command.kind, command.input)).digest('base64url');
  const frame = demoFrame(at, newId, content);
  const scope: OrderScope = {
    siteId: frame.siteId,
    orderId: normaliseId(command.input.orderId),
    key: null,
    at,
    spendAt: null,
    takes: (_, order) => (order ? releasedPoints(order) : 0),
  };
  switch (command.kind) {
    case 'createOrder': {
      const { input } = command;
      const userId = normaliseId(input.userId);
      const takes: OrderScope['takes'] = (programs) => redeemUnits(programs, at, input.redeemPoints);
      return {
        scope: { ...scope, userId, spendAt: () => orderDateOf(input, at), takes },
        decide: (state) => createOrder(state, frame, input),
      };
    }
    case 'updateOrder': {
      const { input } = command;
      return { scope: { ...scope, key: input.idempotencyKey }, decide: (state) => updateOrder(state, frame, input) };
    }
    case 'addToOrder': {
      const { input } = command;
      const spendAt = (orderDate: Instant | null): Instant => additionDate(input, orderDate ?? at, at);
      return { scope: { ...scope, key: input.idempotencyKey, spendAt }, decide: (state) => addToOrder(state, frame, input) };
    }
    case 'correctOrder': {
      const { input } = command;
      return { scope: { ...scope, key: input.idempotencyKey }, decide: (state) => correctOrder(state, frame, input) };
    }
    case 'adjustSpend': {
      const { input } = command;
      return { scope: { ...scope, key: input.idempotencyKey, spendAt: () => at }, decide: (state) => adjustSpend(state, frame, input) };
    }
  }
}
