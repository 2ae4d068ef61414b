// The oracle's one question: what does this command, sent at this time, answer, and what is the world afterwards?

import { pointsNumber } from './balance-view.ts';
import { type Row, rowCommands, runBulk } from './bulk.ts';
import { cartPoints } from './cart-points.ts';
import type { BulkCommand, Command, MemberCommand, OrderCommand } from './command.ts';
import { runOrderCommand } from './decide-order.ts';
import type { Effect, Scene } from './effect.ts';
import { applyMemberCommand } from './member-commands.ts';
import { settled } from './posting.ts';
import { Refused, userErrorOf } from './refusal.ts';
import { adjustmentView, memberView, orderView } from './views.ts';
import { orderOf, type World } from './world.ts';

type Verdict = 'accepted' | 'replayed' | 'unchanged' | 'refused';
export type Decision = {
  /** The world afterwards; the same one after a refusal and after a dry run. */
  readonly world: World;
  readonly verdict: Verdict;
  readonly code: string | null;
  readonly dryRun: boolean;
  /** What the payload says, in its own shape; what the rules do not fix is left out. */
  readonly payload: object;
  readonly rows: readonly Row[];
  readonly orderIds: readonly string[];
  readonly userIds: readonly string[];
};

function figures(kind: OrderCommand['kind'], { world, orderId, pointsAwarded, pointsRemoved, adjustment }: Effect): object {
  const order = orderOf(world, orderId);
  const awarded = { pointsAwarded: pointsNumber(pointsAwarded, order.scale) };
  const removed = { pointsRemoved: pointsNumber(pointsRemoved, order.scale) };
  switch (kind) {
    case 'createOrder':
      return {};
    case 'updateOrder':
      return removed;
    case 'addToOrder':
      return awarded;
    case 'correctOrder':
      return { ...awarded, ...removed };
    case 'adjustSpend':
      return adjustment === null ? {} : { spendAdjustment: adjustmentView(order, adjustment) };
  }
}

/** Points figures are 0 when refused. */
const noFigures = (kind: Command['kind']): object => ({
  ...(kind === 'updateOrder' || kind === 'correctOrder' ? { pointsRemoved: 0 } : {}),
  ...(kind === 'addToOrder' || kind === 'correctOrder' ? { pointsAwarded: 0 } : {}),
  ...(kind.endsWith('Order') || kind === 'adjustSpend' ? { replayed: false } : {}),
});

type Answer = Omit<Decision, 'code' | 'dryRun' | 'orderIds' | 'userIds' | 'rows'> & { readonly rows?: readonly Row[] };

function answerOrder(scene: Scene, command: OrderCommand): Answer {
  const effect = runOrderCommand(scene, command);
  const { world, verdict, orderId } = effect;
  const payload = {
    order: orderView(world, orderId),
    member: memberView(world, orderOf(world, orderId).creditedTo, scene.now),
    ...figures(command.kind, effect),
    replayed: verdict === 'replayed',
    userErrors: [],
  };
  return { world, verdict, payload };
}

function answerBulk(scene: Scene, command: BulkCommand): Answer {
  const { world, rows } = runBulk(scene, command);
  const count = (status: Row['status']) => rows.filter((row) => row.status === status).length;
  const shown = rows.map((row) => {
    const written = row.status === 'CREATED' || row.status === 'UPDATED' || row.status === 'UNCHANGED';
    if (!written) return row;
    const { status, version, pointsAwarded, pointsRemoved } = orderView(world, row.orderId);
    return { ...row, order: { orderId: row.orderId, status, version, pointsAwarded, pointsRemoved } };
  });
  const counts = { created: count('CREATED'), updated: count('UPDATED'), unchanged: count('UNCHANGED') };
  const payload = { rows: shown, ...counts, failed: count('FAILED'), skipped: count('SKIPPED'), userErrors: [] };
  return { world, rows, payload, verdict: 'accepted' };
}

function answerMember({ world, now }: Scene, command: MemberCommand): Answer {
  const after = applyMemberCommand(world, command);
  return { world: after.world, verdict: 'accepted', payload: { member: memberView(after.world, after.userId, now), userErrors: [] } };
}

function answer(scene: Scene, command: Command): Answer {
  switch (command.kind) {
    case 'bulkCreateOrders':
    case 'bulkUpdateOrders':
      return answerBulk(scene, command);
    case 'enrollMember':
    case 'updateMember':
    case 'linkSecondaryMember':
    case 'unlinkSecondaryMember':
      return answerMember(scene, command);
    case 'cartPoints':
      return { world: scene.world, verdict: 'accepted', payload: { cart: cartPoints(scene, command.input), userErrors: [] } };
    default:
      return answerOrder(scene, command);
  }
}

/** The orders and members that a command names, as far as they exist: what a reader would look at afterwards. */
function touched(world: World, command: Command): { orderIds: string[]; userIds: string[] } {
  const bulk = command.kind === 'bulkCreateOrders' || command.kind === 'bulkUpdateOrders';
  const inputs: object[] = bulk ? rowCommands(command).map((row) => row.input) : [command.input];
  const named = (key: string) =>
    inputs.flatMap((input) => Object.entries(input).flatMap(([name, id]) => (name === key && typeof id === 'string' ? [id.trim()] : [])));
  const orderIds = [...new Set(named('orderId'))].filter((orderId) => world.orders.has(orderId));
  const ofOrders = orderIds.flatMap((orderId) => [orderOf(world, orderId).buyer, orderOf(world, orderId).creditedTo]);
  const userIds = [...new Set([...named('userId'), ...named('primaryUserId'), ...named('secondaryUserId'), ...ofOrders])];
  return { orderIds, userIds: userIds.filter((userId) => world.members.has(userId)) };
}

/** What is due is settled before anything else, whether the command is accepted or not. */
export function decide(before: World, command: Command, now: number): Decision {
  const world = settled(before, now);
  const dryRun = 'dryRun' in command && command.dryRun === true;
  try {
    const answered = answer({ world, now }, command);
    const after = dryRun ? world : answered.world;
    return { ...answered, world: after, rows: answered.rows ?? [], code: null, dryRun, ...touched(after, command) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const payload = { ...noFigures(command.kind), userErrors: [userErrorOf(error)] };
    return { world, verdict: 'refused', code: error.code, dryRun, payload, rows: [], ...touched(world, command) };
  }
}
