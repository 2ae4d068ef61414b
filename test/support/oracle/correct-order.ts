// correctOrder: absolute values of existing lines, as if they had been so from the start.
import { lineValue, refuseOverLimit } from './agree-lines.ts';
import type { LineItemCorrection, OrderCommand } from './command.ts';
import { keptOf, openOf } from './earning.ts';
import { type Effect, effectOf, expectedOrder, refuseTransition, replayOf, type Scene, unchanged } from './effect.ts';
import { sum } from './fraction.ts';
import { stateOf } from './ledger.ts';
import { type Line, sumsOf } from './line.ts';
import type { CorrectedLine, Order } from './order.ts';
import { maximumQuantity, readId, readMoney, readOptionalId, readUnitPrice } from './read-input.ts';
import { refuseIf } from './refusal.ts';
import { positionOf } from './update-order.ts';

type Values = Omit<CorrectedLine, 'position'>;

const valuesOf = ({ ordered, shipped, cancelled, returned, unitPrice, discount, categoryId, name }: Line): Values => ({
  ordered,
  shipped,
  cancelled,
  returned,
  unitPrice,
  discount,
  categoryId,
  name,
});

/** Reads prices and ids before the order is looked at: what is malformed is refused first. */
function readShape(correction: LineItemCorrection, decimals: number): void {
  if (correction.unitPrice !== null && correction.unitPrice !== undefined) readUnitPrice(correction.unitPrice, decimals);
  if (correction.discount !== null && correction.discount !== undefined) readMoney(correction.discount, decimals);
  readOptionalId(correction.categoryId);
}

/** The four quantities afterwards. Goods of a line with nothing open count as shipped when the quantity moves. */
function quantities(line: Line, correction: LineItemCorrection) {
  const ordered = correction.quantity ?? line.ordered;
  const cancelled = correction.cancelledQuantity ?? line.cancelled;
  const returned = correction.returnedQuantity ?? line.returned;
  const moves = openOf(line) === 0 && line.shipped > 0 && (correction.shippedQuantity ?? null) === null;
  const shipped = correction.shippedQuantity ?? (moves ? line.shipped + ordered - line.ordered : line.shipped);
  if ((correction.quantity ?? null) !== null) {
    const minimum = Math.max(1, cancelled + returned, moves ? 0 : shipped + cancelled);
    refuseIf(ordered < minimum, 'INVALID_QUANTITY', { requested: ordered, minimum });
    refuseIf(ordered > maximumQuantity, 'INVALID_QUANTITY', { requested: ordered, maximum: maximumQuantity });
  }
  const impossible = shipped < 0 || cancelled < 0 || returned < 0 || shipped + cancelled > ordered || returned > shipped;
  refuseIf(impossible, 'INVALID_QUANTITY');
  return { ordered, shipped, cancelled, returned };
}

function correct(line: Line, correction: LineItemCorrection): Values {
  const { unitPrice, discount } = correction;
  const { decimals } = line.rule;
  const values = {
    ...quantities(line, correction),
    unitPrice: unitPrice === null || unitPrice === undefined ? line.unitPrice : readUnitPrice(unitPrice, decimals),
    discount: discount === null || discount === undefined ? line.discount : readMoney(discount, decimals),
    categoryId: readOptionalId(correction.categoryId) ?? line.categoryId,
    name: correction.name ?? line.name,
  };
  refuseIf(values.discount + line.share > lineValue(values), 'INVALID_PRICE');
  return values;
}

const beyondQuantities = ({ unitPrice, discount, categoryId, name }: LineItemCorrection): boolean =>
  [unitPrice, discount, categoryId, name].some((value) => value !== null && value !== undefined);

/** The lines that differ after all corrections, taken in their order; a line may be corrected more than once. */
function changes(scene: Scene, order: Order, corrections: readonly LineItemCorrection[]): CorrectedLine[] {
  const before = stateOf(order).lines;
  const lines = [...before];
  for (const correction of corrections) {
    const position = positionOf(scene.world, order, correction.lineItem);
    const line = lines[position];
    if (line !== undefined) lines[position] = { ...line, ...correct(line, correction) };
    refuseOverLimit(sum(lines.map(lineValue)));
  }
  return lines.flatMap((line, position) => {
    const was = before[position];
    const now = valuesOf(line);
    const same =
      was !== undefined &&
      Object.entries(valuesOf(was)).every(([name, value]) => Object.entries(now).some(([n, v]) => n === name && v === value));
    return same ? [] : [{ ...now, position }];
  });
}

export function correctOrder(scene: Scene, command: OrderCommand & { readonly kind: 'correctOrder' }): Effect {
  const { world } = scene;
  const { input } = command;
  const replay = replayOf(world, command);
  if (replay !== null) return replay;
  readId(input.orderId);
  refuseIf(input.lineItems.length === 0, 'INVALID_INPUT');
  const decimals = world.orders.get(input.orderId.trim())?.decimals;
  if (decimals !== undefined) for (const correction of input.lineItems) readShape(correction, decimals);
  const order = expectedOrder(world, input);
  const nothingKept = keptOf(sumsOf(stateOf(order).lines)) === 0;
  if (nothingKept && input.lineItems.some(beyondQuantities)) refuseTransition(order, 'CORRECT', true);
  const lines = changes(scene, order, input.lineItems);
  return lines.length === 0 ? unchanged(world, command, order) : effectOf(scene, command, order, { kind: 'corrected', lines });
}
