// Draws new orders and carts.
import { Temporal } from 'temporal-polyfill';
import { availableIn } from '../oracle/account.ts';
import type { CartPointsInput, CreateOrderInput, LineItemInput } from '../oracle/command.ts';
import { least, print } from '../oracle/fraction.ts';
import { readMoney } from '../oracle/read-input.ts';
import { pointsWorth } from '../oracle/redemption.ts';
import { accountOf, primaryOf } from '../oracle/world.ts';
import { type Draw, decimalsNow, instant, programNow, spell } from './draw.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const products = ['p1', 'p2', 'p3', 'p4', 'p5', 'mug', 'gift-card'];

/** Few prices, so that additions meet lines of the same product and price. */
const prices: Readonly<Record<string, readonly bigint[]>> = {
  USD: [1000n, 350n, 999n, 3333n, 10000n, 7n, 0n],
  JPY: [500n, 333n, 1980n, 4999n, 10000n, 1n, 0n],
  KWD: [10000n, 3505n, 999n, 12345n, 50000n, 7n, 0n],
};

export function drawPrice(draw: Draw): bigint {
  const known = prices[programNow(draw).currencyCode] ?? [100n];
  return draw.random.chance(0.85) ? draw.random.pick(known.slice(0, 5)) : draw.random.pick(known);
}

export const drawQuantity = ({ random }: Draw): number =>
  random.weighted([
    [6, random.int(1, 4)],
    [2, random.int(5, 12)],
    [0.3, 100],
  ]);

/** A part of an amount, mostly a small one, now and then all of it. */
export function drawPart({ random }: Draw, whole: bigint): bigint {
  const percent = random.weighted([
    [6, random.int(1, 40)],
    [1, 100],
  ]);
  return (whole * BigInt(percent)) / 100n;
}

export function drawLine(draw: Draw): LineItemInput {
  const { random } = draw;
  const decimals = decimalsNow(draw);
  const unitPrice = drawPrice(draw);
  const quantity = drawQuantity(draw);
  const keyed = programNow(draw).orders.lineKeyRequired ? random.chance(0.97) : random.chance(0.3);
  return {
    productId: random.pick(products),
    quantity,
    unitPrice: spell(draw, unitPrice, decimals),
    ...(keyed ? { lineKey: draw.fresh('line') } : {}),
    ...(random.chance(0.2) ? { discount: spell(draw, drawPart(draw, unitPrice * BigInt(quantity)), decimals) } : {}),
    ...(random.chance(0.35) ? { categoryId: random.pick(['shoes', 'shoes', 'hats', 'freebies']) } : {}),
    ...(random.chance(0.08) ? { coupon: random.pick(['SPRING', 'OTHER']) } : {}),
    ...(random.chance(0.1) ? { name: 'A thing', autoDelivery: random.chance(0.5) } : {}),
  };
}

const drawLines = (draw: Draw, most: number): LineItemInput[] => Array.from({ length: draw.random.int(1, most) }, () => drawLine(draw));

/** Lines as an order that spreads a discount values them. */
function netValue(draw: Draw, lines: readonly LineItemInput[]): bigint {
  const decimals = decimalsNow(draw);
  return lines.reduce(
    (all, line) => all + readMoney(line.unitPrice, decimals) * BigInt(line.quantity) - readMoney(line.discount ?? '0', decimals),
    0n,
  );
}

/** Dates on the edges of tier periods: the same instant, a year after another order, New Year's midnight. */
function edgeDate(draw: Draw): number {
  const { random, world, now } = draw;
  const others = [...world.orders.values()].slice(-20).map((order) => order.orderDate);
  const other = others.length === 0 ? now : random.pick(others);
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(programNow(draw).timeZone);
  const newYear = local.with({ month: 1, day: 1 }).startOfDay().epochMilliseconds;
  const date = random.pick([other, other + 365 * dayMs, other - 365 * dayMs, newYear, newYear - 1]);
  return Math.min(date, now);
}

function drawOrderDate(draw: Draw): number | null {
  const { random, now } = draw;
  return random.weighted<() => number | null>([
    [4, () => null],
    [2, () => now],
    [2, () => now - random.int(1, 20) * dayMs - random.int(0, 999)],
    [1, () => now - random.int(20, 420) * dayMs],
    [1.5, () => edgeDate(draw)],
    [0.5, () => now + random.pick([1, 4 * minuteMs, 5 * minuteMs])],
  ])();
}

/** Any member; secondary members more often, so that orders are pooled. */
export function drawMember({ random, world }: Draw): string {
  const linked = world.links.filter((link) => !link.ended).map((link) => link.secondary);
  return linked.length > 0 && random.chance(0.3) ? random.pick(linked) : random.pick([...world.members.keys()]);
}

/** Points to redeem: mostly a good part of what can be redeemed at the most, now and then one unit more. */
function drawRedemption(draw: Draw, userId: string, net: bigint): { redeemPoints?: string | number } {
  const { random, world } = draw;
  const program = programNow(draw);
  const creditedTo = (program.secondaryMembers.earnForPrimary ? primaryOf(world, userId) : null) ?? userId;
  const most = least(availableIn(accountOf(world, creditedTo)), pointsWorth(program, net));
  if (most === 0n || random.chance(0.35)) return {};
  const part = random.chance(0.7) ? most : drawPart(draw, most);
  const units = random.chance(0.04) ? most + 1n : part;
  return { redeemPoints: random.pick([print(units, program.pointsScale), Number(print(units, program.pointsScale))]) };
}

export function drawCreate(draw: Draw): CreateOrderInput {
  const { random, now } = draw;
  const program = programNow(draw);
  const decimals = decimalsNow(draw);
  const lineItems = drawLines(draw, 4);
  const date = drawOrderDate(draw);
  const orderDate = date === null && program.orders.dateRequired && random.chance(0.9) ? now : date;
  const status = random.weighted<'OPEN' | 'SHIPPED' | null>([
    [3, 'OPEN'],
    [2, 'SHIPPED'],
    [5, null],
  ]);
  const userId = drawMember(draw);
  const net = netValue(draw, lineItems);
  const discount = random.chance(0.25) ? drawPart(draw, net) : 0n;
  const shipsLater = status === 'SHIPPED' && orderDate !== null && orderDate < now && random.chance(0.5);
  return {
    orderId: draw.fresh('order'),
    userId,
    lineItems,
    ...(orderDate === null ? {} : { orderDate: instant(draw, orderDate) }),
    ...(random.chance(0.15) ? { total: spell(draw, drawPart(draw, 100_000n), decimals) } : {}),
    ...(discount > 0n ? { discount: spell(draw, discount, decimals) } : {}),
    ...drawRedemption(draw, userId, net - discount),
    ...(random.chance(0.15) ? { coupons: random.pick([['SPRING'], ['OTHER', 'VIP'], 'SPRING', []]) } : {}),
    ...(random.chance(0.2) ? { currencyCode: program.currencyCode } : {}),
    ...(random.chance(0.25) ? { storeId: random.pick(['store-1', 'store-2']) } : {}),
    ...(random.chance(0.1) ? { source: 'web', attributes: { channel: 'web', clerk: 7 } } : {}),
    ...(status === null ? {} : { status }),
    ...(shipsLater ? { shippedAt: instant(draw, random.int(orderDate, now)) } : {}),
  };
}

export function drawCart(draw: Draw): CartPointsInput {
  const { random, world } = draw;
  const lineItems = drawLines(draw, 4).map(({ coupon: _coupon, name: _name, autoDelivery: _autoDelivery, ...line }) => line);
  const active = (userId: string | null) => userId === null || world.members.get(userId)?.status === 'ACTIVE';
  // Which comes first of a blocked member and a missing purchase action is not fixed, so a cart never has both.
  const able = [...world.members.keys()].filter((userId) => active(userId) && active(primaryOf(world, userId)));
  const keyed = lineItems.map((line) => ({ ...line, lineKey: line.lineKey ?? draw.fresh('line') }));
  const userId = programNow(draw).purchase.configured ? drawMember(draw) : random.pick(able);
  const net = netValue(draw, lineItems);
  const discount = random.chance(0.25) ? drawPart(draw, net) : 0n;
  return {
    userId,
    lineItems: programNow(draw).orders.lineKeyRequired ? keyed : lineItems,
    ...(discount > 0n ? { discount: spell(draw, discount, decimalsNow(draw)) } : {}),
    ...drawRedemption(draw, userId, net - discount),
    ...(random.chance(0.2) ? { coupons: ['SPRING'] } : {}),
    ...(random.chance(0.2) ? { storeId: random.pick(['store-1', 'store-2']) } : {}),
  };
}
