// adjustSpend: an administrator corrects the spend of an order, and with it points and tier.
import type { OrderCommand } from './command.ts';
import { type Effect, effectOf, expectedOrder, refuseBlocked, refuseTransition, replayOf, type Scene } from './effect.ts';
import { spendOf, stateOf, withFact } from './ledger.ts';
import { currencyDecimals } from './program.ts';
import { readId, readMoney } from './read-input.ts';
import { refuseIf } from './refusal.ts';
import { memberOf, programAt, standingAt, withOrder } from './world.ts';

export function adjustSpend(scene: Scene, command: OrderCommand & { readonly kind: 'adjustSpend' }): Effect {
  const { world, now } = scene;
  const { input } = command;
  const replay = replayOf(world, command);
  if (replay !== null) return replay;
  readId(input.orderId);
  const amount = readMoney(input.amount, currencyDecimals(programAt(world, now)), 'INVALID_INPUT');
  refuseIf(amount === 0n, 'INVALID_INPUT');
  refuseIf(input.reason.trim() === '', 'REASON_REQUIRED');
  refuseIf(input.adjustedBy.trim() === '', 'INVALID_INPUT');
  const order = expectedOrder(world, input);
  refuseBlocked(world, order.buyer, order.creditedTo);
  refuseIf(!memberOf(world, order.creditedTo).optedIn, 'MEMBER_OPTED_OUT');
  refuseTransition(order, 'ADJUST_SPEND');
  refuseIf(input.type === 'DEBIT' && amount > spendOf(stateOf(order)), 'ADJUSTMENT_EXCEEDS_SPEND');
  const deed = { kind: 'adjusted', type: input.type, amount, tierBefore: null, tierAfter: null } as const;
  const tierIn = (so: typeof world) => standingAt(so, order.creditedTo, now).level?.name ?? null;
  const tiers = { tierBefore: tierIn(world), tierAfter: tierIn(withOrder(world, withFact(order, { ...deed, now }))) };
  return effectOf(scene, command, order, { ...deed, ...tiers });
}
