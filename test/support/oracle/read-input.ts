// Reads single values of an input: ids, money, instants; refuses what means nothing.
import type { Amount } from './command.ts';
import { fraction, power10, readDecimal } from './fraction.ts';
import { type ErrorCode, Refused, refuseIf } from './refusal.ts';

const maximumUnitPrice = 10n ** 12n;
export const maximumQuantity = 1_000_000;
const toleranceMs = 5 * 60_000;
const loneSurrogate = /\p{Surrogate}/u;

/** An id is trimmed, has 1 to 128 characters, no NUL and no lone surrogate. */
export function readId(value: string): string {
  const id = value.trim();
  refuseIf(id.length < 1 || id.length > 128 || id.includes('\0') || loneSurrogate.test(id), 'INVALID_INPUT');
  return id;
}

export const readOptionalId = (value: string | null | undefined): string | null =>
  value === null || value === undefined ? null : readId(value);

/** Money in minor units; zeros behind the last significant decimal do not count as decimals. */
export function readMoney(value: Amount, decimals: number, malformed: ErrorCode = 'INVALID_PRICE'): bigint {
  const read = readDecimal(value);
  if (read === null || read.n < 0n) throw new Refused(malformed);
  const minor = fraction(read.n * power10(decimals), read.d);
  refuseIf(minor.n % minor.d !== 0n, 'INVALID_MONEY_SCALE');
  return minor.n / minor.d;
}

export const readOptionalMoney = (value: Amount | null | undefined, decimals: number): bigint | null =>
  value === null || value === undefined ? null : readMoney(value, decimals);

export function readUnitPrice(value: Amount, decimals: number): bigint {
  const price = readMoney(value, decimals);
  refuseIf(price > maximumUnitPrice, 'INVALID_PRICE');
  return price;
}

/** Points in units of the program's scale. */
export function readPoints(value: Amount, scale: number): bigint {
  const read = readDecimal(value);
  if (read === null || read.n < 0n) throw new Refused('INVALID_INPUT');
  const units = fraction(read.n * power10(scale), read.d);
  refuseIf(units.n % units.d !== 0n, 'INVALID_INPUT');
  return units.n / units.d;
}

/** An instant with an offset, in epoch milliseconds. */
function readInstant(value: string): number {
  const wellFormed = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value);
  const instant = Date.parse(value);
  refuseIf(!wellFormed || Number.isNaN(instant), 'INVALID_INPUT');
  return instant;
}

export const readOptionalInstant = (value: string | null | undefined): number | null =>
  value === null || value === undefined ? null : readInstant(value);

/** A business date may not lie before its lower bound, nor more than five minutes after now. */
export function refuseDateOutside(date: number, notBefore: number, now: number): void {
  refuseIf(date < notBefore || date > now + toleranceMs, 'DATE_OUT_OF_RANGE');
}
