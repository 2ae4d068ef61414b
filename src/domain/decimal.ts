// Exact decimal numbers: parsing, products, and the one rounding that an amount or a number of points gets.

/** An exact decimal: `units` / 10^`scale`. */
export type Decimal = { readonly units: bigint; readonly scale: number };

export const roundingModes = ['FLOOR', 'HALF_UP', 'HALF_EVEN', 'CEILING'] as const;
export type RoundingMode = (typeof roundingModes)[number];

const decimalText = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;
const exponentLimit = 100;

export const powerOfTen = (exponent: number): bigint => 10n ** BigInt(exponent);

/** Reads "12.34", "-3", "1e3". Returns null for anything that is no finite decimal number. */
export function parseDecimal(text: string): Decimal | null {
  const match = decimalText.exec(text);
  if (!match) return null;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > exponentLimit) return null;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - exponent;
  return stripZeros(scale >= 0 ? { units: digits, scale } : { units: digits * powerOfTen(-scale), scale: 0 });
}

/** Drops trailing zeros, so that equal numbers have one form. */
function stripZeros({ units, scale }: Decimal): Decimal {
  let [left, places] = [units, scale];
  while (places > 0 && left % 10n === 0n) [left, places] = [left / 10n, places - 1];
  return { units: left, scale: places };
}

/** The shortest text of a decimal, or one with exactly `places` decimals when that is given and enough. */
export function formatDecimal({ units, scale }: Decimal, places = scale): string {
  const padded = units * powerOfTen(Math.max(0, places - scale));
  const shown = Math.max(scale, places);
  const digits = (padded < 0n ? -padded : padded).toString().padStart(shown + 1, '0');
  const sign = padded < 0n ? '-' : '';
  return shown === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -shown)}.${digits.slice(-shown)}`;
}

export const decimalOf = (units: bigint | number, scale: number): Decimal => stripZeros({ units: BigInt(units), scale });

export const multiply = (left: Decimal, right: Decimal): Decimal =>
  stripZeros({ units: left.units * right.units, scale: left.scale + right.scale });

export function compareDecimals(left: Decimal, right: Decimal): number {
  const difference = left.units * powerOfTen(right.scale) - right.units * powerOfTen(left.scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** `numerator` / `denominator` as a whole number under a rounding mode. Both are not negative; the denominator is above zero. */
export function divideRounded(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  switch (mode) {
    case 'FLOOR':
      return quotient;
    case 'CEILING':
      return twice > 0n ? quotient + 1n : quotient;
    case 'HALF_UP':
      return twice >= denominator ? quotient + 1n : quotient;
    case 'HALF_EVEN':
      return twice > denominator || (twice === denominator && quotient % 2n === 1n) ? quotient + 1n : quotient;
  }
}

/** A decimal brought to `places` decimals as whole units, rounded once. */
export function roundTo({ units, scale }: Decimal, places: number, mode: RoundingMode): bigint {
  return divideRounded(units * powerOfTen(places), powerOfTen(scale), mode);
}
