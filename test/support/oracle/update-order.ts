// updateOrder: ship, return or cancel some quantities of some lines, or everything that can still be taken.
import type { LineIdentifier, LineItemSelection, OrderCommand, UpdateAction } from './command.ts';
import { openOf, returnableOf } from './earning.ts';
import { type Effect, effectOf, expectedOrder, refuseTransition, replayOf, type Scene } from './effect.ts';
import { stateOf } from './ledger.ts';
import type { Line } from './line.ts';
import type { Order, Take } from './order.ts';
import { readId, readOptionalInstant, refuseDateOutside } from './read-input.ts';
import { Refused, refuseIf } from './refusal.ts';
import type { World } from './world.ts';

/** The position of the one line that an identifier means. */
export function positionOf(world: World, order: Order, identifier: LineIdentifier): number {
  const { lines } = stateOf(order);
  if ('id' in identifier) {
    const known = world.lineIds.get(identifier.id.trim());
    if (known?.orderId !== order.orderId || lines[known.position] === undefined) throw new Refused('LINE_NOT_FOUND');
    return known.position;
  }
  const meant = lines.flatMap((line, position) => {
    const same = 'lineKey' in identifier ? line.lineKey === identifier.lineKey.trim() : line.productId === identifier.productId.trim();
    return same ? [position] : [];
  });
  const [position] = meant;
  if (position === undefined) throw new Refused('LINE_NOT_FOUND');
  refuseIf(meant.length > 1, 'LINE_AMBIGUOUS');
  return position;
}

const leftFor = (action: UpdateAction, line: Line): number => (action === 'RETURN' ? returnableOf(line) : openOf(line));

/** Sums the rows of a line and refuses the row that crosses what the line has left. */
function selected(world: World, order: Order, action: UpdateAction, rows: readonly LineItemSelection[]): Take[] {
  const { lines } = stateOf(order);
  const wanted = new Map<number, number>();
  for (const row of rows) {
    refuseIf(row.quantity < 1, 'INVALID_QUANTITY', { requested: row.quantity, minimum: 1 });
    const position = positionOf(world, order, row.lineItem);
    const line = lines[position];
    const requested = (wanted.get(position) ?? 0) + row.quantity;
    const maximum = line === undefined ? 0 : leftFor(action, line);
    refuseIf(requested > maximum, 'QUANTITY_EXCEEDED', { requested, maximum });
    wanted.set(position, requested);
  }
  return [...wanted].map(([position, quantity]) => ({ position, quantity }));
}

function everything(order: Order, action: UpdateAction): Take[] {
  const left = stateOf(order).lines.map((line, position) => ({ position, quantity: leftFor(action, line) }));
  return left.filter((take) => take.quantity > 0);
}

/** Goods cannot come back before they first went out; nothing happens to an order before its date. */
function earliest(order: Order, action: UpdateAction, takes: readonly Take[]): number {
  const { lines } = stateOf(order);
  const shipDates = takes.map((take) => lines[take.position]?.firstShip ?? order.orderDate);
  return action === 'RETURN' ? Math.max(order.orderDate, ...shipDates) : order.orderDate;
}

export function updateOrder(scene: Scene, command: OrderCommand & { readonly kind: 'updateOrder' }): Effect {
  const { world, now } = scene;
  const { input } = command;
  const replay = replayOf(world, command);
  if (replay !== null) return replay;
  readId(input.orderId);
  const rows = input.lineItems ?? null;
  refuseIf((rows !== null) === (input.allLineItems ?? false) || rows?.length === 0, 'INVALID_INPUT');
  const sentDate = readOptionalInstant(input.occurredAt);
  const order = expectedOrder(world, input);
  refuseTransition(order, input.action);
  if (sentDate !== null) refuseDateOutside(sentDate, order.orderDate, now);
  const takes = rows === null ? everything(order, input.action) : selected(world, order, input.action, rows);
  const notBefore = earliest(order, input.action, takes);
  const at = sentDate ?? Math.max(now, notBefore);
  refuseDateOutside(at, notBefore, now);
  return effectOf(scene, command, order, { kind: 'moved', action: input.action, takes, at });
}
