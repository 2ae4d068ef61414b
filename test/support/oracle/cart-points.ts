// cartPoints: what creating an order of the same content, dated now, would give; nothing is kept.
import { availableIn, heldIn } from './account.ts';
import { judgeNewLines, lineValue, readDiscount, readLines } from './agree-lines.ts';
import { money, pointsNumber } from './balance-view.ts';
import type { CartPointsInput } from './command.ts';
import { createOrder } from './create-order.ts';
import { pointsOf, zeroReasonOf } from './earning.ts';
import { refuseBlocked, type Scene } from './effect.ts';
import { sum } from './fraction.ts';
import { releaseAt, retainedPoints, stateOf } from './ledger.ts';
import { currencyDecimals } from './program.ts';
import { readId, readPoints } from './read-input.ts';
import { maximumRedeemable } from './redemption.ts';
import { refuseIf } from './refusal.ts';
import { earningView } from './views.ts';
import { accountOf, memberOf, orderOf, primaryOf, programAt, worthOf } from './world.ts';

/** An id that is free, because nobody else thinks of it. */
const orderId = 'cart'.repeat(32);

function judged(scene: Scene, input: CartPointsInput) {
  const { world, now } = scene;
  const program = programAt(world, now);
  const userId = readId(input.userId);
  const discount = readDiscount(input.discount, currencyDecimals(program));
  const redeemPoints = readPoints(input.redeemPoints ?? 0, program.pointsScale);
  const read = readLines(input.lineItems, program);
  const buyer = memberOf(world, userId).userId;
  const creditedTo = (program.secondaryMembers.earnForPrimary ? primaryOf(world, buyer) : null) ?? buyer;
  refuseBlocked(world, buyer, creditedTo);
  refuseIf(!program.purchase.configured, 'PURCHASE_ACTION_NOT_CONFIGURED');
  judgeNewLines(read, program);
  const net = sum(read.map((line) => lineValue(line) - line.discount)) - discount;
  return { program, creditedTo, redeemPoints, net };
}

/** When the points could be spent: a lot's instant, or the end of the hold; left open when there are no points. */
function availableAt({ now }: Scene, order: Parameters<typeof stateOf>[0]) {
  const state = stateOf(order);
  const points = retainedPoints(order, state);
  if (points === 0n) return {};
  const at = state.lastMovements.some((movement) => movement.released > 0n) ? now : releaseAt(order);
  return { availableAt: at === null ? null : new Date(at).toISOString() };
}

export function cartPoints(scene: Scene, input: CartPointsInput) {
  const { program, creditedTo, redeemPoints, net } = judged(scene, input);
  const decimals = currencyDecimals(program);
  const scale = program.pointsScale;
  const orderDate = new Date(scene.now).toISOString();
  const { world } = createOrder(scene, { kind: 'createOrder', input: { ...input, orderId, orderDate } });
  const order = orderOf(world, orderId);
  const points = retainedPoints(order, stateOf(order));
  const account = accountOf(world, creditedTo);
  return {
    member: { userId: creditedTo },
    points: pointsNumber(points, scale),
    lineItems: stateOf(order).lines.map((line) => ({
      productId: line.productId,
      lineKey: line.lineKey,
      quantity: line.ordered,
      unitPrice: money(line.unitPrice, decimals),
      points: pointsNumber(pointsOf(line, line.ordered), scale),
      earning: earningView(line.rule, zeroReasonOf(line)),
    })),
    pointsValue: money(worthOf(program, points), decimals),
    redeemPoints: pointsNumber(redeemPoints, scale),
    availableAfterOrder: pointsNumber(availableIn(account), scale),
    heldAfterOrder: pointsNumber(heldIn(account), scale),
    valueAfterOrder: money(worthOf(program, availableIn(account)), decimals),
    ...availableAt(scene, order),
    maximumRedeemable: pointsNumber(maximumRedeemable(scene, creditedTo, net), scale),
  };
}
