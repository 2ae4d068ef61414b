// Lines as they are sent: read, checked against their bounds, and given their rule and quantities.
import type { Check } from './check.ts';
import type { LineItem } from './line-item.ts';
import { maximumOrderValueMinor, valueMinor } from './money.ts';
import type { Program } from './program.ts';
import { type InputPath, type Refusal, refuse } from './refusal.ts';

/** A line of an order or cart, as sent; decimals and dates still as text. */
export type LineItemInput = {
  readonly productId: string;
  readonly lineKey?: string | null | undefined;
  readonly quantity: number;
  readonly unitPrice: string;
  readonly discount?: string | null | undefined;
  readonly categoryId?: string | null | undefined;
  readonly categoryName?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly imageUrl?: string | null | undefined;
  readonly coupon?: string | null | undefined;
  readonly autoDelivery?: boolean | null | undefined;
  readonly estimatedShipDate?: string | null | undefined;
};

export const maximumLines = 500;

/** What a line says of itself, read and in bounds. */
export type ReadLine = Pick<
  LineItem,
  | 'productId'
  | 'lineKey'
  | 'quantity'
  | 'unitPriceMinor'
  | 'discountMinor'
  | 'categoryId'
  | 'categoryName'
  | 'name'
  | 'description'
  | 'url'
  | 'imageUrl'
  | 'coupon'
  | 'autoDelivery'
  | 'estimatedShipDate'
>;

/** Reads the lines of an input; faults are kept in the check. */
export function readLines(check: Check, inputs: readonly LineItemInput[]): readonly ReadLine[] {
  if (inputs.length < 1 || inputs.length > maximumLines)
    check.report(refuse('INVALID_INPUT', check.at(['lineItems']), `Expected 1 to ${maximumLines} lines, not ${inputs.length}.`));
  return check.fault() ? [] : inputs.map((input, index) => readLine(check, ['lineItems', String(index)], input));
}

function readLine(check: Check, path: InputPath, input: LineItemInput): ReadLine {
  const at = (name: string): InputPath => [...path, name];
  return {
    productId: check.id(at('productId'), input.productId),
    lineKey: check.optionalId(at('lineKey'), input.lineKey),
    quantity: check.quantity(at('quantity'), input.quantity),
    unitPriceMinor: check.unitPrice(at('unitPrice'), input.unitPrice),
    discountMinor: check.orderMoney(at('discount'), input.discount) ?? 0,
    categoryId: check.optionalId(at('categoryId'), input.categoryId),
    categoryName: check.text(at('categoryName'), input.categoryName),
    name: check.text(at('name'), input.name),
    description: check.text(at('description'), input.description),
    url: check.text(at('url'), input.url),
    imageUrl: check.text(at('imageUrl'), input.imageUrl),
    coupon: check.optionalId(at('coupon'), input.coupon),
    autoDelivery: input.autoDelivery ?? false,
    estimatedShipDate: check.instant(at('estimatedShipDate'), input.estimatedShipDate),
  };
}

/** The rules for one line: a key where the program wants one, a discount within its value, the value of the order within its bound. */
export function guardLine(program: Program, line: ReadLine, path: InputPath, valueBeforeMinor: number): Refusal | null {
  if (program.lineKeyRequired && line.lineKey === null)
    return refuse('LINE_KEY_REQUIRED', [...path, 'lineKey'], 'The program tells lines apart by their key: expected a lineKey.');
  const value = valueMinor(line.unitPriceMinor, line.quantity);
  if (line.discountMinor > value) return refuse('INVALID_PRICE', [...path, 'discount'], 'A discount is at most the value of its line.');
  if (valueBeforeMinor + value > maximumOrderValueMinor)
    return refuse('INVALID_INPUT', path, `The lines of an order are worth at most ${maximumOrderValueMinor} minor units.`);
  return null;
}

/** The rules for the lines of a new order or a cart: those for each, no key twice, and the order's discount within what they come to. */
export function guardLines(program: Program, lines: readonly ReadLine[], discountMinor: number, path: InputPath): Refusal | null {
  const keys = new Set<string>();
  let value = 0;
  for (const [index, line] of lines.entries()) {
    const at = [...path, 'lineItems', String(index)];
    const refusal = guardLine(program, line, at, value);
    if (refusal) return refusal;
    if (line.lineKey !== null && keys.has(line.lineKey))
      return refuse('LINE_KEY_DUPLICATE', [...at, 'lineKey'], 'Another line has this key: expected one of its own.');
    if (line.lineKey !== null) keys.add(line.lineKey);
    value += valueMinor(line.unitPriceMinor, line.quantity);
  }
  const net = netValues(lines).reduce((sum, own) => sum + own, 0);
  return discountMinor > net
    ? refuse('INVALID_PRICE', [...path, 'discount'], 'The discount of an order is at most what its lines come to.')
    : null;
}

/** What each line comes to before the order's discount: by this the order's discount is spread. */
export const netValues = (lines: readonly ReadLine[]): readonly number[] =>
  lines.map((line) => valueMinor(line.unitPriceMinor, line.quantity) - line.discountMinor);
