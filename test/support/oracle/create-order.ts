// createOrder: a new order with its lines, rules and terms frozen; or the stored one again.
import { agree, judgeNewLines, lineValue, readDiscount, readLines } from './agree-lines.ts';
import type { CreateOrderInput, OrderCommand } from './command.ts';
import { contentOf } from './content.ts';
import { adjustmentRatio, type Occasion, spread } from './earning.ts';
import { type Effect, refuseBlocked, type Scene } from './effect.ts';
import { sum } from './fraction.ts';
import { stateOf } from './ledger.ts';
import type { Order } from './order.ts';
import { withPosting } from './posting.ts';
import { capOf, currencyDecimals, shipsOnCreate } from './program.ts';
import { readId, readOptionalInstant, readOptionalMoney, readPoints, refuseDateOutside } from './read-input.ts';
import { refuseRedemption } from './redemption.ts';
import { refuseIf } from './refusal.ts';
import { memberOf, primaryOf, programAt, standingAt, type World } from './world.ts';

type Command = OrderCommand & { readonly kind: 'createOrder' };

const couponsOf = (coupons: readonly string[] | string | null | undefined): readonly string[] =>
  typeof coupons === 'string' ? [coupons] : (coupons ?? []);

function replayOf(world: World, command: Command, orderId: string): Effect | null {
  const content = world.createdFrom.get(orderId);
  if (content === undefined) return null;
  refuseIf(content !== contentOf(command), 'ORDER_ID_CONFLICT', { order: { orderId } });
  return { world, verdict: 'replayed', orderId, pointsAwarded: 0n, pointsRemoved: 0n, adjustment: null };
}

/** Reads everything that can be judged from the input alone, in the order of the document: header, then lines. */
function readShape({ now, world }: Scene, input: CreateOrderInput) {
  const program = programAt(world, now);
  const decimals = currencyDecimals(program);
  const header = {
    userId: readId(input.userId),
    orderDate: readOptionalInstant(input.orderDate),
    total: readOptionalMoney(input.total, decimals),
    discount: readDiscount(input.discount, decimals),
    shippedAt: readOptionalInstant(input.shippedAt),
    redeemPoints: readPoints(input.redeemPoints ?? 0, program.pointsScale),
  };
  return { ...header, lines: readLines(input.lineItems, program), program };
}

/** When the order was shipped; null while it is open. */
function judgeDates({ now }: Scene, input: CreateOrderInput, shape: ReturnType<typeof readShape>) {
  refuseIf(shape.program.orders.dateRequired && shape.orderDate === null, 'ORDER_DATE_REQUIRED');
  const orderDate = shape.orderDate ?? now;
  refuseDateOutside(orderDate, Number.NEGATIVE_INFINITY, now);
  const shipped = (input.status ?? (shipsOnCreate(shape.program) ? 'SHIPPED' : 'OPEN')) === 'SHIPPED';
  refuseIf(!shipped && shape.shippedAt !== null, 'INVALID_INPUT');
  const shippedAt = shipped ? (shape.shippedAt ?? orderDate) : null;
  if (shippedAt !== null) refuseDateOutside(shippedAt, orderDate, now);
  return { orderDate, shippedAt };
}

export function createOrder(scene: Scene, command: Command): Effect {
  const { input } = command;
  const { world } = scene;
  const orderId = readId(input.orderId);
  const replay = replayOf(world, command, orderId);
  if (replay !== null) return replay;
  const shape = readShape(scene, input);
  const { orderDate, shippedAt } = judgeDates(scene, input, shape);
  const program = programAt(world, orderDate);
  const buyer = memberOf(world, shape.userId).userId;
  const creditedTo = (program.secondaryMembers.earnForPrimary ? primaryOf(world, buyer) : null) ?? buyer;
  refuseBlocked(world, buyer, creditedTo);
  refuseIf((input.currencyCode ?? program.currencyCode) !== program.currencyCode, 'CURRENCY_MISMATCH');
  judgeNewLines(shape.lines, shape.program);
  const values = shape.lines.map((line) => lineValue(line) - line.discount);
  refuseIf(shape.discount > sum(values), 'INVALID_PRICE');
  refuseRedemption(scene, creditedTo, shape.redeemPoints, sum(values) - shape.discount);
  const standing = standingAt(world, creditedTo, orderDate);
  const { optedIn } = memberOf(world, creditedTo);
  const coupons = couponsOf(input.coupons);
  const occasion: Occasion = { program, at: orderDate, level: standing.level, optedIn, storeId: input.storeId ?? null, coupons };
  const shares = spread(shape.discount, values);
  const order: Order = {
    orderId,
    buyer,
    creditedTo,
    orderDate,
    coupons,
    storeId: occasion.storeId,
    discount: shape.discount,
    createdShipped: shippedAt !== null,
    cap: capOf(program),
    adjustmentRatio: adjustmentRatio(occasion),
    rounding: program.rounding,
    scale: program.pointsScale,
    decimals: currencyDecimals(program),
    hold: program.hold,
    timeZone: program.timeZone,
    redeemed: shape.redeemPoints,
    facts: [
      {
        kind: 'created',
        lines: shape.lines.map((line, index) => agree(line, shares[index] ?? 0n, occasion)),
        total: shape.total,
        shippedAt,
        now: scene.now,
      },
    ],
  };
  const createdFrom = new Map(world.createdFrom).set(orderId, contentOf(command));
  const after = withPosting({ ...world, createdFrom }, order, scene.now);
  return { world: after, verdict: 'accepted', orderId, pointsAwarded: stateOf(order).lastDelta, pointsRemoved: 0n, adjustment: null };
}
