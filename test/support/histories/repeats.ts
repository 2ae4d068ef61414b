// Sends earlier commands again: exactly, written differently, through a bulk call; or uses their keys for something else.
import type { Command, OrderCommand } from '../oracle/command.ts';
import { printFraction, readDecimal } from '../oracle/fraction.ts';
import type { Draw } from './draw.ts';

const respelled = <T extends { readonly unitPrice: string | number }>(line: T): T => {
  const read = readDecimal(line.unitPrice);
  return read === null ? line : { ...line, unitPrice: printFraction(read) };
};

/** The same content in other words: defaults spelled out, nulls, shorter numbers, spaces around ids, another expected version. */
function rewritten(command: OrderCommand): OrderCommand {
  switch (command.kind) {
    case 'createOrder': {
      const { input } = command;
      const lineItems = input.lineItems.map((line) => ({ autoDelivery: false, discount: '0.0', ...respelled(line) }));
      return {
        kind: 'createOrder',
        input: { discount: '0', coupons: [], source: null, ...input, orderId: ` ${input.orderId}`, lineItems },
      };
    }
    case 'updateOrder':
      return { kind: 'updateOrder', input: { allLineItems: false, lineItems: null, reason: null, ...command.input, expectedVersion: 1 } };
    case 'addToOrder': {
      const lineItems = command.input.lineItems.map((line) => ({ discount: 0, ...respelled(line) }));
      return { kind: 'addToOrder', input: { disregardHoldPeriod: false, ...command.input, lineItems, expectedVersion: null } };
    }
    case 'correctOrder':
      return { kind: 'correctOrder', input: { reason: null, ...command.input, expectedVersion: 77 } };
    case 'adjustSpend':
      return { kind: 'adjustSpend', input: { ...command.input, idempotencyKey: `${command.input.idempotencyKey} `, expectedVersion: 1 } };
  }
}

function asBulk(command: OrderCommand): Command | null {
  switch (command.kind) {
    case 'createOrder':
      return { kind: 'bulkCreateOrders', input: { orders: [command.input] } };
    case 'updateOrder':
      return { kind: 'bulkUpdateOrders', input: { updates: [{ update: command.input }] } };
    case 'addToOrder':
      return { kind: 'bulkUpdateOrders', input: { updates: [{ add: command.input }] } };
    case 'correctOrder':
      return { kind: 'bulkUpdateOrders', input: { updates: [{ correct: command.input }] } };
    case 'adjustSpend':
      return null;
  }
}

export function repeat(draw: Draw, accepted: readonly OrderCommand[]): Command | null {
  const { random } = draw;
  if (accepted.length === 0) return null;
  const command = random.chance(0.7) ? random.pick(accepted.slice(-40)) : random.pick(accepted);
  const again = random.pick<() => Command | null>([
    () => command,
    () => command,
    () => rewritten(command),
    () => rewritten(command),
    () => ({ ...command, dryRun: true }),
    () => asBulk(command),
  ]);
  return again() ?? command;
}

/** The key of an accepted command with other content: a conflict, whatever that content is. */
export function reuse(draw: Draw, accepted: readonly OrderCommand[]): Command | null {
  const { random } = draw;
  if (accepted.length === 0) return null;
  const command = random.pick(accepted);
  switch (command.kind) {
    case 'createOrder':
      return { kind: 'createOrder', input: { ...command.input, source: 'another source' } };
    case 'updateOrder':
      return { kind: 'updateOrder', input: { ...command.input, reason: 'another reason' } };
    case 'addToOrder':
      return { kind: 'addToOrder', input: { ...command.input, disregardHoldPeriod: !(command.input.disregardHoldPeriod ?? false) } };
    case 'correctOrder':
      return { kind: 'correctOrder', input: { ...command.input, reason: 'another reason' } };
    case 'adjustSpend': {
      const { orderId, idempotencyKey } = command.input;
      return { kind: 'updateOrder', input: { orderId, idempotencyKey, action: 'RETURN', allLineItems: true } };
    }
  }
}
