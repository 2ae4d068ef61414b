// Laws that hold after every command whatever the history was; the oracle's state has to obey them, and the server has to agree with it.
import { type Account, availableIn, debtIn, givenBackOn, isNegative, redeemedOn } from '../oracle/account.ts';
import type { Decision } from '../oracle/decide.ts';
import { keptOf } from '../oracle/earning.ts';
import { sum } from '../oracle/fraction.ts';
import { heldPoints, retainedPoints, stateOf } from '../oracle/ledger.ts';
import { sumsOf } from '../oracle/line.ts';
import { accountOf, orderOf, type World } from '../oracle/world.ts';

function judge(label: string, law: string, holds: boolean): void {
  if (!holds) throw new Error(`${label}\n  this does not hold: ${law}`);
}

function judgeAccount(label: string, account: Account): void {
  const available = availableIn(account);
  judge(label, 'no balance is below zero', !isNegative(account));
  judge(label, 'available and debt are never both above zero', available === 0n || debtIn(account) === 0n);
  judge(label, 'what is available is what is left of the lots', available === sum(account.lots.map((lot) => lot.remaining)));
}

function judgeOrder(label: string, world: World, orderId: string): void {
  const order = orderOf(world, orderId);
  const state = stateOf(order);
  const account = accountOf(world, order.creditedTo);
  const retained = retainedPoints(order, state);
  const adjusted = sum(state.adjustments.map((adjustment) => adjustment.points));
  judge(label, 'awarded + adjusted − removed = retained', state.awarded + adjusted - state.removed === retained);
  if (keptOf(sumsOf(state.lines)) > 0) return;
  judge(label, 'an order of which nothing is kept retains and holds nothing', retained === 0n && heldPoints(order, state) === 0n);
  const last = state.events.findLast((event) => event !== 'POINTS_RELEASED');
  const taken = last === 'RETURNED' || last === 'CANCELLED';
  const back = givenBackOn(account, orderId) === redeemedOn(account, orderId);
  judge(label, 'an order that was returned or cancelled keeps nothing that was redeemed', back || !taken);
}

/** Judges what a command touched; a replay changes nothing at all. */
export function judgeInvariants(label: string, before: World, { world, verdict, orderIds, userIds }: Decision): void {
  judge(label, 'a replay or a refusal changes nothing', verdict === 'accepted' || verdict === 'unchanged' || world === before);
  for (const userId of userIds) judgeAccount(label, accountOf(world, userId));
  for (const orderId of orderIds) judgeOrder(label, world, orderId);
}
