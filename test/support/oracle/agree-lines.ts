// Reads the lines of a new order, an addition or a cart, and judges them one by one.
import type { Amount, CartLineInput, LineItemInput } from './command.ts';
import { freezeRule, type Occasion } from './earning.ts';
import type { AgreedLine } from './order.ts';
import { currencyDecimals, type ProgramFile } from './program.ts';
import { maximumQuantity, readId, readMoney, readOptionalId, readUnitPrice } from './read-input.ts';
import { refuseIf } from './refusal.ts';

export const maximumLines = 500;
const maximumValue = 10n ** 13n;

export type ReadLine = Omit<AgreedLine, 'share' | 'rule'> & { readonly coupon: string | null };

function readLine(line: LineItemInput | CartLineInput, decimals: number): ReadLine {
  const productId = readId(line.productId);
  const lineKey = readOptionalId(line.lineKey);
  const limits = { requested: line.quantity, minimum: 1, maximum: maximumQuantity };
  refuseIf(line.quantity < 1 || line.quantity > maximumQuantity, 'INVALID_QUANTITY', limits);
  return {
    productId,
    lineKey,
    ordered: line.quantity,
    unitPrice: readUnitPrice(line.unitPrice, decimals),
    discount: readDiscount(line.discount, decimals),
    categoryId: readOptionalId(line.categoryId),
    name: 'name' in line ? (line.name ?? null) : null,
    coupon: 'coupon' in line ? (line.coupon ?? null) : null,
  };
}

export const readDiscount = (value: Amount | null | undefined, decimals: number): bigint => readMoney(value ?? '0', decimals);

export function readLines(lines: readonly (LineItemInput | CartLineInput)[], program: ProgramFile): ReadLine[] {
  refuseIf(lines.length < 1 || lines.length > maximumLines, 'INVALID_INPUT');
  return lines.map((line) => readLine(line, currencyDecimals(program)));
}

export const lineValue = (line: { readonly unitPrice: bigint; readonly ordered: number }): bigint => line.unitPrice * BigInt(line.ordered);

/** A discount may not be more than the line's value. */
export const refuseDiscount = (line: ReadLine): void => refuseIf(line.discount > lineValue(line), 'INVALID_PRICE');

export function refuseMissingKey(line: ReadLine, program: ProgramFile): void {
  refuseIf(program.orders.lineKeyRequired && line.lineKey === null, 'LINE_KEY_REQUIRED');
}

export const refuseOverLimit = (value: bigint): void => refuseIf(value > maximumValue, 'INVALID_INPUT');

/** Judges the lines of a new order or a cart in their order: keys, discounts, the limit of the order's value. */
export function judgeNewLines(lines: readonly ReadLine[], guards: ProgramFile): void {
  let value = 0n;
  for (const [index, line] of lines.entries()) {
    refuseMissingKey(line, guards);
    const keyTaken = lines.slice(0, index).some((earlier) => line.lineKey !== null && earlier.lineKey === line.lineKey);
    refuseIf(keyTaken, 'LINE_KEY_DUPLICATE');
    refuseDiscount(line);
    value += lineValue(line);
    refuseOverLimit(value);
  }
}

export function agree({ coupon, ...line }: ReadLine, share: bigint, occasion: Occasion): AgreedLine {
  return { ...line, share, rule: freezeRule(occasion, { ...line, coupon }) };
}
