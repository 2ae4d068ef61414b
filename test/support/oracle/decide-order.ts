// Sends a command on one order to the file that knows its rules.
import { addToOrder } from './add-to-order.ts';
import { adjustSpend } from './adjust-spend.ts';
import type { OrderCommand } from './command.ts';
import { correctOrder } from './correct-order.ts';
import { createOrder } from './create-order.ts';
import type { Effect, Scene } from './effect.ts';
import { updateOrder } from './update-order.ts';

export function runOrderCommand(scene: Scene, command: OrderCommand): Effect {
  switch (command.kind) {
    case 'createOrder':
      return createOrder(scene, command);
    case 'updateOrder':
      return updateOrder(scene, command);
    case 'addToOrder':
      return addToOrder(scene, command);
    case 'correctOrder':
      return correctOrder(scene, command);
    case 'adjustSpend':
      return adjustSpend(scene, command);
  }
}
