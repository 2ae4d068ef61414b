// correctOrder: sets values of lines to what they should have been from the start; points move under the frozen rule.
import { type Check, maximumQuantity, startCheck } from './check.ts';
import { withoutUndefined } from './defined.ts';
import { keptQuantity, type LineItem, lineTotal, openQuantity, type Quantities } from './line-item.ts';
import { type LineSelector, selectLine } from './line-selection.ts';
import { maximumOrderValueMinor, valueMinor } from './money.ts';
import type { Order } from './order.ts';
import {
  answeredBefore,
  type CommandFrame,
  currentProgram,
  findOrder,
  type KnownOrder,
  type OrderDecision,
  type OrderState,
  refused,
  refuseTransition,
  unchanged,
} from './order-command.ts';
import { post, recordAnswer } from './posting.ts';
import { type InputPath, type Refusal, refuse, refuseQuantity } from './refusal.ts';

type LineItemCorrection = {
  readonly lineItem: LineSelector;
  readonly quantity?: number | null | undefined;
  readonly shippedQuantity?: number | null | undefined;
  readonly returnedQuantity?: number | null | undefined;
  readonly cancelledQuantity?: number | null | undefined;
  readonly unitPrice?: string | null | undefined;
  readonly discount?: string | null | undefined;
  readonly categoryId?: string | null | undefined;
  readonly categoryName?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
};

export type CorrectOrderInput = {
  readonly orderId: string;
  readonly lineItems: readonly LineItemCorrection[];
  readonly reason?: string | null | undefined;
  readonly idempotencyKey: string;
  readonly expectedVersion?: number | null | undefined;
};

type Values = Partial<Pick<LineItem, 'unitPriceMinor' | 'discountMinor' | 'categoryId' | 'categoryName' | 'name' | 'description'>>;
type ReadCorrection = { readonly input: LineItemCorrection; readonly values: Values; readonly path: InputPath };

const maximumCorrections = 500;

/** Decides correctOrder. A correction that changes nothing is accepted and keeps the version. */
export function correctOrder(state: OrderState, frame: CommandFrame, input: CorrectOrderInput): OrderDecision {
  const check = startCheck(frame.path, currentProgram(state, frame).currencyDigits);
  const key = check.id(['idempotencyKey'], input.idempotencyKey);
  const answered = check.fault() ? null : answeredBefore(state, frame);
  if (answered) return answered;
  check.id(['orderId'], input.orderId);
  const reason = check.text(['reason'], input.reason);
  const corrections = readCorrections(check, input.lineItems);
  const fault = check.fault();
  if (fault) return refused(fault);
  const found = findOrder(state, frame, input.expectedVersion);
  if ('refusal' in found) return refused(found.refusal);
  const { order, lines, credited } = found.known;
  const corrected = correctLines(found.known, corrections);
  if ('refusal' in corrected) return refused(corrected.refusal);
  const touched = corrected.lines.filter((line, index) => line !== lines[index]);
  if (touched.length === 0) {
    const figures = { pointsAwarded: 0, pointsRemoved: 0, adjustmentId: null };
    return unchanged(found.known, { ...figures, replayed: false }, recordAnswer(frame, key, order, figures));
  }
  const total = (all: readonly LineItem[]): number => all.reduce((sum, line) => sum + lineTotal(line), 0);
  return post({
    state,
    frame,
    step: 'CORRECTED',
    before: { order, lines },
    order: { ...order, totalMinor: order.totalMinor + total(corrected.lines) - total(lines) },
    lines: corrected.lines,
    credited,
    entryType: 'CORRECTION',
    event: { type: 'CORRECTED', reason, occurredAt: frame.at, lines: touched.map(({ position, quantity }) => ({ position, quantity })) },
    key,
    pathOf: (position) => corrected.paths.get(position) ?? [...frame.path, 'lineItems'],
  });
}

function readCorrections(check: Check, inputs: readonly LineItemCorrection[]): readonly ReadCorrection[] {
  if (inputs.length < 1 || inputs.length > maximumCorrections)
    check.report(
      refuse('INVALID_INPUT', check.at(['lineItems']), `Expected 1 to ${maximumCorrections} corrections, not ${inputs.length}.`),
    );
  if (check.fault()) return [];
  return inputs.map((input, index) => {
    const at = (name: string): InputPath => ['lineItems', String(index), name];
    const values = {
      unitPriceMinor: given(input.unitPrice, (price) => check.unitPrice(at('unitPrice'), price)),
      discountMinor: given(input.discount, (discount) => check.orderMoney(at('discount'), discount) ?? 0),
      categoryId: given(input.categoryId, (id) => check.id(at('categoryId'), id)),
      categoryName: given(input.categoryName, (text) => check.text(at('categoryName'), text)),
      name: given(input.name, (text) => check.text(at('name'), text)),
      description: given(input.description, (text) => check.text(at('description'), text)),
    };
    for (const name of ['shippedQuantity', 'returnedQuantity', 'cancelledQuantity'] as const) {
      const requested = input[name] ?? 0;
      const bounds = { requested, minimum: 0, maximum: maximumQuantity };
      if (requested < 0 || requested > maximumQuantity) check.report(refuseQuantity('INVALID_QUANTITY', check.at(at(name)), bounds));
    }
    // What is left out stays: only given values may replace a line's own.
    return { input, values: withoutUndefined(values), path: check.at(['lineItems', String(index)]) };
  });
}

const given = <Value, Result>(value: Value | null | undefined, read: (value: Value) => Result): Result | undefined =>
  value === null || value === undefined ? undefined : read(value);

type Corrected = { readonly lines: readonly LineItem[]; readonly paths: ReadonlyMap<number, InputPath> };

function correctLines(
  { order, lines: before }: KnownOrder,
  corrections: readonly ReadCorrection[],
): Corrected | { readonly refusal: Refusal } {
  let lines = before;
  const paths = new Map<number, InputPath>();
  // What the order allows comes before which of its lines is meant, as with every action.
  if (before.every((line) => keptQuantity(line) === 0))
    for (const { values, path } of corrections) {
      const [named] = Object.keys(values);
      if (named !== undefined) return { refusal: refuseTransition(order, 'CORRECT', [...path, inputName(named)]) };
    }
  for (const correction of corrections) {
    const selected = selectLine(order, lines, correction.input.lineItem, [...correction.path, 'lineItem']);
    if ('refusal' in selected) return selected;
    const corrected = correctLine(order, selected.line, correction);
    if ('refusal' in corrected) return corrected;
    lines = lines.map((line) => (line === selected.line ? corrected.line : line));
    paths.set(selected.line.position, correction.path);
    const value = lines.reduce((sum, line) => sum + valueMinor(line.unitPriceMinor, line.quantity), 0);
    if (value > maximumOrderValueMinor)
      return {
        refusal: refuse('INVALID_INPUT', correction.path, `The lines of an order are worth at most ${maximumOrderValueMinor} minor units.`),
      };
  }
  return { lines, paths };
}

function correctLine(
  order: Order,
  line: LineItem,
  { input, values, path }: ReadCorrection,
): { readonly line: LineItem } | { readonly refusal: Refusal } {
  const quantities = correctQuantities(line, input, path);
  if ('refusal' in quantities) return quantities;
  const corrected = { ...line, ...values, ...quantities, ...shipDates(order, line, quantities.shipped) };
  if (lineTotal(corrected) < 0) {
    const field = values.discountMinor !== undefined ? 'discount' : values.unitPriceMinor !== undefined ? 'unitPrice' : 'quantity';
    return { refusal: refuse('INVALID_PRICE', [...path, field], "A line's discount and its share of the order's are at most its value.") };
  }
  const names = Object.keys(corrected) as (keyof LineItem)[]; // The spread has exactly the keys of a line.
  return { line: names.some((name) => corrected[name] !== line[name]) ? corrected : line };
}

/** Goods shipped in addition join the last shipment; where none are shipped there was no shipment. */
function shipDates(order: Order, line: LineItem, shipped: number): Pick<LineItem, 'firstShippedAt' | 'lastShippedAt'> {
  if (shipped === 0) return { firstShippedAt: null, lastShippedAt: null };
  return { firstShippedAt: line.firstShippedAt ?? order.orderDate, lastShippedAt: line.lastShippedAt ?? order.orderDate };
}

const inputName = (name: string): string => name.replace(/Minor$/, '');

/**
 * The corrected quantities. A corrected quantity of a line with nothing open and something shipped moves the shipped
 * quantity with it, unless that is given too.
 */
function correctQuantities(line: LineItem, input: LineItemCorrection, path: InputPath): Quantities | { readonly refusal: Refusal } {
  const cancelled = input.cancelledQuantity ?? line.cancelled;
  const returned = input.returnedQuantity ?? line.returned;
  const quantity = input.quantity ?? line.quantity;
  const moves = input.quantity !== null && input.quantity !== undefined && openQuantity(line) === 0 && line.shipped > 0;
  const shipped = input.shippedQuantity ?? (moves ? quantity - cancelled : line.shipped);
  const wrong = (field: string, requested: number, minimum: number, maximum: number) => ({
    refusal: refuseQuantity('INVALID_QUANTITY', [...path, field], { requested, minimum, maximum }),
  });
  const least = Math.max(1, cancelled + (moves && input.shippedQuantity == null ? returned : Math.max(shipped, returned)));
  if (quantity < 1 || quantity > maximumQuantity) return wrong('quantity', quantity, least, maximumQuantity);
  if (input.quantity != null && quantity < least) return wrong('quantity', quantity, least, maximumQuantity);
  if (cancelled < 0 || cancelled > quantity) return wrong('cancelledQuantity', cancelled, 0, quantity);
  if (shipped < 0 || shipped + cancelled > quantity)
    return input.shippedQuantity == null
      ? wrong('cancelledQuantity', cancelled, 0, quantity - shipped)
      : wrong('shippedQuantity', shipped, returned, quantity - cancelled);
  if (returned < 0 || returned > shipped)
    return input.returnedQuantity == null
      ? wrong('shippedQuantity', shipped, returned, quantity - cancelled)
      : wrong('returnedQuantity', returned, 0, shipped);
  return { quantity, shipped, cancelled, returned };
}
