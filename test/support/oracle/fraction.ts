// Exact numbers for the oracle: fractions of BigInts, decimals read without floats, and the four roundings.

export type Fraction = { readonly n: bigint; readonly d: bigint };
export type Rounding = 'FLOOR' | 'HALF_UP' | 'HALF_EVEN' | 'CEILING';

export const fraction = (n: bigint, d = 1n): Fraction => ({ n, d });
export const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });
export const power10 = (exponent: number): bigint => 10n ** BigInt(exponent);
export const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
export const greatest = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Reads "12.34" or 12.34; null when it is no plain decimal. */
export function readDecimal(value: string | number): Fraction | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value));
  if (match === null) return null;
  const [, sign = '', whole = '', decimals = ''] = match;
  const n = BigInt(whole + decimals);
  return fraction(sign === '-' ? -n : n, power10(decimals.length));
}

/** Reads a decimal of a program file, which is trusted. */
export function decimal(value: string | number): Fraction {
  const read = readDecimal(value);
  if (read === null) throw new Error(`${value} is not a decimal`);
  return read;
}

/** Rounds a fraction that is not negative to a whole number. */
export function rounded({ n, d }: Fraction, rounding: Rounding): bigint {
  const down = n / d;
  const rest = n % d;
  if (rest === 0n || rounding === 'FLOOR') return down;
  if (rounding === 'CEILING' || rest * 2n > d) return down + 1n;
  if (rest * 2n < d) return down;
  return rounding === 'HALF_UP' || down % 2n === 1n ? down + 1n : down;
}

/** Prints units of a scale: (1234, 2) is "12.34". */
export function print(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const split = digits.length - scale;
  return `${units < 0n ? '-' : ''}${digits.slice(0, split)}${scale > 0 ? `.${digits.slice(split)}` : ''}`;
}

/** Prints a fraction whose denominator is made of twos and fives as the shortest exact decimal. */
export function printFraction(value: Fraction): string {
  let scale = 0;
  while ((value.n * power10(scale)) % value.d !== 0n) scale += 1;
  return print((value.n * power10(scale)) / value.d, scale);
}
