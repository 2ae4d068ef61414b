// addToOrder: more of a line under its frozen rule, or new lines under the rule of the day.
import {
  agree,
  lineValue,
  maximumLines,
  type ReadLine,
  readLines,
  refuseDiscount,
  refuseMissingKey,
  refuseOverLimit,
} from './agree-lines.ts';
import type { OrderCommand } from './command.ts';
import type { Occasion } from './earning.ts';
import { type Effect, effectOf, expectedOrder, refuseBlocked, refuseTransition, replayOf, type Scene } from './effect.ts';
import { sum } from './fraction.ts';
import { stateOf } from './ledger.ts';
import type { AdditionStep, Order } from './order.ts';
import { maximumQuantity, readId, readOptionalInstant, refuseDateOutside } from './read-input.ts';
import { refuseIf } from './refusal.ts';
import { memberOf, programAt, standingAt } from './world.ts';

type Present = Pick<ReadLine, 'productId' | 'lineKey' | 'ordered' | 'unitPrice' | 'discount'> & { readonly share: bigint };

/** The position of the line that grows; null when a new one is needed. */
function matched(lines: readonly Present[], wanted: ReadLine): number | null {
  const mayGrow = (line: Present) => line.discount === 0n && line.share === 0n && wanted.discount === 0n;
  const alike = (line: Present) => line.productId === wanted.productId && line.unitPrice === wanted.unitPrice;
  if (wanted.lineKey !== null) {
    const position = lines.findIndex((line) => line.lineKey === wanted.lineKey);
    const line = lines[position];
    if (line === undefined) return null;
    refuseIf(!alike(line) || !mayGrow(line), 'LINE_KEY_DUPLICATE');
    return position;
  }
  const found = lines.flatMap((line, position) => (alike(line) ? [{ line, position }] : []));
  refuseIf(found.length > 1, 'LINE_AMBIGUOUS');
  const [only] = found;
  return only !== undefined && mayGrow(only.line) ? only.position : null;
}

function steps(order: Order, wanted: readonly ReadLine[], { occasion, now, world }: Scene & { occasion: Occasion }): AdditionStep[] {
  const lines: Present[] = [...stateOf(order).lines];
  return wanted.map((line): AdditionStep => {
    refuseMissingKey(line, programAt(world, now));
    const position = matched(lines, line);
    refuseDiscount(line);
    refuseOverLimit(sum(lines.map(lineValue)) + lineValue(line));
    const present = position === null ? undefined : lines[position];
    if (position === null || present === undefined) {
      refuseIf(lines.length >= maximumLines, 'INVALID_INPUT');
      lines.push({ ...line, share: 0n });
      return { line: agree(line, 0n, occasion) };
    }
    const ordered = present.ordered + line.ordered;
    refuseIf(ordered > maximumQuantity, 'INVALID_QUANTITY');
    lines[position] = { ...present, ordered };
    return { grow: { position, quantity: line.ordered } };
  });
}

export function addToOrder(scene: Scene, command: OrderCommand & { readonly kind: 'addToOrder' }): Effect {
  const { world, now } = scene;
  const { input } = command;
  const replay = replayOf(world, command);
  if (replay !== null) return replay;
  readId(input.orderId);
  const sentDate = readOptionalInstant(input.occurredAt);
  const wanted = readLines(input.lineItems, programAt(world, now));
  const order = expectedOrder(world, input);
  refuseBlocked(world, order.buyer, order.creditedTo);
  refuseTransition(order, 'ADD');
  const at = sentDate ?? Math.max(now, order.orderDate);
  refuseDateOutside(at, order.orderDate, now);
  const occasion: Occasion = {
    program: programAt(world, at),
    at,
    level: standingAt(world, order.creditedTo, at).level,
    optedIn: memberOf(world, order.creditedTo).optedIn,
    storeId: order.storeId,
    coupons: order.coupons,
  };
  const disregardHold = input.disregardHoldPeriod ?? false;
  return effectOf(scene, command, order, { kind: 'added', steps: steps(order, wanted, { ...scene, occasion }), at, disregardHold });
}
