// Breaks a command that would be accepted in exactly one way, so that it is clear which refusal is due.

import { availableIn } from '../oracle/account.ts';
import type {
  AddToOrderInput,
  Amount,
  Command,
  CorrectOrderInput,
  CreateOrderInput,
  LineItemInput,
  UpdateOrderInput,
} from '../oracle/command.ts';
import { keptOf, openOf, returnableOf } from '../oracle/earning.ts';
import { print } from '../oracle/fraction.ts';
import { allowedActionsOf, spendOf, stateOf } from '../oracle/ledger.ts';
import { accountOf, primaryOf } from '../oracle/world.ts';
import { type Draw, decimalsNow, identify, instant, pickOrder, programNow, spell } from './draw.ts';

const minuteMs = 60_000;

/** Amounts that mean nothing, are negative, too large, or finer than the currency. */
function badAmount(draw: Draw): Amount {
  const { random } = draw;
  const decimals = decimalsNow(draw);
  return random.pick<Amount>(['abc', '-1', '', `1.${'0'.repeat(decimals)}5`, `1.${'0'.repeat(decimals)}5`]);
}

const tooLarge = (draw: Draw): string => String(10n ** BigInt(12 - decimalsNow(draw)) + 1n);

const withLine = <T extends { readonly lineItems: readonly LineItemInput[] }>(input: T, change: Partial<LineItemInput>): T => ({
  ...input,
  lineItems: input.lineItems.map((line, index) => (index === input.lineItems.length - 1 ? { ...line, ...change } : line)),
});

/** Faults of the lines that createOrder and addToOrder share; the last line has them. */
function brokenLines<T extends { readonly lineItems: readonly LineItemInput[] }>(draw: Draw, input: T): T {
  const { random } = draw;
  const highest = String(10n ** BigInt(12 - decimalsNow(draw)));
  const fresh = { productId: 'bulky', lineKey: draw.fresh('line'), discount: '0' };
  return random.pick<() => T>([
    () => withLine(input, { quantity: random.pick([0, -1, 1_000_001]), discount: '0' }),
    () => withLine(input, { unitPrice: badAmount(draw) }),
    () => withLine(input, { unitPrice: tooLarge(draw) }),
    () => withLine(input, { ...fresh, unitPrice: '1', quantity: 2, discount: '3' }),
    () => withLine(input, { ...fresh, unitPrice: highest, quantity: 11 }),
    () => withLine(input, { productId: random.pick(['', ' ', 'x'.repeat(129), 'nul\0']) }),
    () => ({ ...input, lineItems: [] }),
    () => ({
      ...input,
      lineItems: Array.from({ length: random.chance(0.2) ? 501 : 0 }, () => ({ productId: 'p1', quantity: 1, unitPrice: '1' })),
    }),
  ])();
}

/** More points than there are, on an order that is dear enough for them; or more than a cheap order costs. */
function brokenRedemption(draw: Draw, input: CreateOrderInput): CreateOrderInput {
  const { world, random } = draw;
  const program = programNow(draw);
  const buyer = world.members.get(input.userId) === undefined ? 'm1' : input.userId;
  const creditedTo = (program.secondaryMembers.earnForPrimary ? primaryOf(world, buyer) : null) ?? buyer;
  const available = availableIn(accountOf(world, creditedTo));
  const dear = { productId: 'dear', lineKey: draw.fresh('line'), quantity: 1, unitPrice: 1_000_000 };
  const cheap = { ...dear, unitPrice: 0 };
  const points = (units: bigint) => print(units, program.pointsScale);
  return random.chance(0.5) || available === 0n
    ? { ...input, lineItems: [dear], discount: 0, redeemPoints: points(available + 1n) }
    : { ...input, lineItems: [cheap], discount: 0, redeemPoints: points(1n) };
}

function brokenCreate(draw: Draw, input: CreateOrderInput): CreateOrderInput {
  const { random, now } = draw;
  const line = input.lineItems[0] ?? { productId: 'p1', quantity: 1, unitPrice: '1' };
  const duplicate = {
    ...input,
    lineItems: [
      { ...line, lineKey: 'same' },
      { ...line, lineKey: 'same' },
    ],
  };
  const { orderDate: _orderDate, shippedAt: _shippedAt, ...undated } = input;
  if (programNow(draw).orders.dateRequired && random.chance(0.2)) return undated;
  const otherCurrency = programNow(draw).currencyCode === 'USD' ? 'JPY' : 'USD';
  return random.pick<() => CreateOrderInput>([
    () => brokenLines(draw, input),
    () => brokenLines(draw, input),
    () => duplicate,
    () => ({ ...input, discount: '9999999' }),
    () => ({ ...input, total: badAmount(draw) }),
    () => ({ ...input, userId: 'nobody' }),
    () => ({ ...input, orderId: random.pick(['', '  ', 'x'.repeat(129)]) }),
    () => ({ ...input, currencyCode: otherCurrency }),
    () => ({ ...undated, orderDate: instant(draw, now + 5 * minuteMs + 1) }),
    () => ({ ...undated, orderDate: '2026-11-01T10:00:00' }),
    () => ({ ...input, orderDate: instant(draw, now), status: 'SHIPPED', shippedAt: instant(draw, now - 1) }),
    () => ({ ...input, orderDate: instant(draw, now), status: 'OPEN', shippedAt: instant(draw, now) }),
    () => ({ ...input, redeemPoints: random.pick(['1.2345', '-1', 'all']) }),
    () => (programNow(draw).orders.lineKeyRequired ? withLine(input, { lineKey: null }) : brokenRedemption(draw, input)),
    () => brokenRedemption(draw, input),
  ])();
}

/** One more of a line than it has left, on an order that allows the action. */
function tooMany(draw: Draw, input: UpdateOrderInput): UpdateOrderInput {
  const order = draw.world.orders.get(input.orderId.trim());
  const lines = order === undefined ? [] : stateOf(order).lines;
  const named = lines.filter((line) => lines.filter((other) => other.productId === line.productId).length === 1);
  if (named.length === 0) return { ...input, lineItems: [] };
  const line = draw.random.pick(named);
  const left = input.action === 'RETURN' ? returnableOf(line) : openOf(line);
  return {
    ...input,
    allLineItems: false,
    lineItems: [{ lineItem: { productId: line.productId }, quantity: left + draw.random.int(1, 2) }],
  };
}

/** An action that some order does not allow now. */
function wrongAction(draw: Draw, input: UpdateOrderInput): UpdateOrderInput {
  const { action } = input;
  const order = pickOrder(draw, (state) => !allowedActionsOf(state).includes(action));
  if (order === null || allowedActionsOf(stateOf(order)).includes(action)) return { ...input, orderId: 'no-such-order' };
  return { orderId: order.orderId, action, allLineItems: true, idempotencyKey: input.idempotencyKey };
}

function brokenUpdate(draw: Draw, input: UpdateOrderInput): UpdateOrderInput {
  const { random, now, world } = draw;
  const some = { lineItem: { productId: 'p1' }, quantity: 1 };
  const order = world.orders.get(input.orderId.trim());
  const orderDate = order?.orderDate ?? now;
  const named = order === undefined ? some : { lineItem: identify(draw, order, 0), quantity: 1 };
  return random.pick<() => UpdateOrderInput>([
    () => tooMany(draw, input),
    () => tooMany(draw, input),
    () => wrongAction(draw, input),
    () => wrongAction(draw, input),
    () => ({ ...input, lineItems: [], allLineItems: false }),
    () => ({ ...input, lineItems: [some], allLineItems: true }),
    () => ({ ...input, lineItems: null, allLineItems: false }),
    () => ({ ...input, allLineItems: false, lineItems: [{ lineItem: { productId: 'no-such-product' }, quantity: 1 }] }),
    () => ({ ...input, allLineItems: false, lineItems: [{ lineItem: { lineKey: 'no-such-key' }, quantity: 1 }] }),
    () => ({ ...input, allLineItems: false, lineItems: [{ ...(input.lineItems?.[0] ?? named), quantity: 0 }] }),
    () => ({ ...input, occurredAt: instant(draw, orderDate - 1) }),
    () => ({ ...input, occurredAt: instant(draw, now + 5 * minuteMs + 1) }),
    () => ({ ...input, occurredAt: 'yesterday' }),
  ])();
}

/** The key of a line again with another price, or with a product that is not the line's. */
function takenKey(draw: Draw, input: AddToOrderInput): AddToOrderInput {
  const order = pickOrder(
    draw,
    (state) =>
      state.lines.some((line) => line.lineKey !== null) &&
      keptOf(state.lines[0] ?? { ordered: 0, shipped: 0, cancelled: 0, returned: 0 }) > 0,
  );
  const lineKey = order === null ? null : (stateOf(order).lines.find((line) => line.lineKey !== null)?.lineKey ?? null);
  if (order === null || lineKey === null) return { ...input, orderId: 'no-such-order' };
  const { expectedVersion: _version, occurredAt: _occurredAt, ...rest } = input;
  return { ...rest, orderId: order.orderId, lineItems: [{ productId: 'another', lineKey, quantity: 1, unitPrice: '1' }] };
}

function brokenCorrect(draw: Draw, input: CorrectOrderInput): CorrectOrderInput {
  const { random } = draw;
  const [first] = input.lineItems;
  const lineItem = first?.lineItem ?? { productId: 'p1' };
  const only = (change: object): CorrectOrderInput => ({ ...input, lineItems: [{ lineItem, ...change }] });
  return random.pick<() => CorrectOrderInput>([
    () => only({ quantity: random.pick([0, -1, 1_000_001]) }),
    () => only({ shippedQuantity: 1_000_000 }),
    () => only({ returnedQuantity: -1 }),
    () => only({ unitPrice: random.pick(['abc', '-1', tooLarge(draw)]) }),
    () => only({ discount: '9999999' }),
    () => ({ ...input, lineItems: [] }),
    () => ({ ...input, lineItems: [{ lineItem: { productId: 'no-such-product' }, quantity: 1 }] }),
  ])();
}

type Keyed = Extract<Command, { readonly kind: 'updateOrder' | 'addToOrder' | 'correctOrder' | 'adjustSpend' }>;

/** Faults of the fields that all commands with an idempotency key share. */
function brokenKeyed(draw: Draw, command: Keyed): Command {
  const fault = draw.random.pick([
    { orderId: 'no-such-order' },
    { orderId: '' },
    { idempotencyKey: '' },
    { expectedVersion: 99 },
    { expectedVersion: 0 },
  ]);
  switch (command.kind) {
    case 'updateOrder':
      return { ...command, input: { ...command.input, ...fault } };
    case 'addToOrder':
      return { ...command, input: { ...command.input, ...fault } };
    case 'correctOrder':
      return { ...command, input: { ...command.input, ...fault } };
    case 'adjustSpend':
      return { ...command, input: { ...command.input, ...fault } };
  }
}

function brokenAdjust(draw: Draw, command: Extract<Command, { readonly kind: 'adjustSpend' }>): Command {
  const { input } = command;
  const order = draw.world.orders.get(input.orderId.trim());
  const beyond = order === undefined ? 1n : spendOf(stateOf(order)) + 1n;
  const optedOut = [...draw.world.orders.values()].filter((each) => draw.world.members.get(each.creditedTo)?.optedIn === false);
  if (optedOut.length > 0 && draw.random.chance(0.2)) {
    const { expectedVersion: _version, ...rest } = input;
    return { ...command, input: { ...rest, orderId: draw.random.pick(optedOut).orderId } };
  }
  const tooMuch = { type: 'DEBIT', amount: spell(draw, beyond, decimalsNow(draw)) } as const;
  const change = draw.random.pick([
    tooMuch,
    tooMuch,
    tooMuch,
    { reason: ' ' },
    { reason: '' },
    { adjustedBy: '' },
    { amount: '0' },
    { amount: badAmount(draw) },
  ] as const);
  return { ...command, input: { ...input, ...change } };
}

export function broken(draw: Draw, command: Command): Command {
  const { random } = draw;
  switch (command.kind) {
    case 'createOrder':
      return { ...command, input: brokenCreate(draw, command.input) };
    case 'updateOrder':
      return random.chance(0.25) ? brokenKeyed(draw, command) : { ...command, input: brokenUpdate(draw, command.input) };
    case 'addToOrder': {
      const change = () => (random.chance(0.4) ? takenKey(draw, command.input) : brokenLines(draw, command.input));
      return random.chance(0.3) ? brokenKeyed(draw, command) : { ...command, input: change() };
    }
    case 'correctOrder':
      return random.chance(0.3) ? brokenKeyed(draw, command) : { ...command, input: brokenCorrect(draw, command.input) };
    case 'adjustSpend':
      return random.chance(0.3) ? brokenKeyed(draw, command) : brokenAdjust(draw, command);
    case 'cartPoints': {
      const unknown = { ...command.input, userId: 'nobody' };
      const input = random.pick([unknown, { ...command.input, lineItems: [] }, { ...command.input, redeemPoints: 1_000_000 }]);
      return { ...command, input };
    }
    default:
      return command;
  }
}
