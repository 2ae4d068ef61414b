// Money in minor units of the program's currency: bounds, decimals of a currency, and shares that sum to the whole.
import { type Decimal, divideRounded } from './decimal.ts';

/** The largest unit price, in minor units. */
export const maximumUnitPriceMinor = 10 ** 12;
/** The largest value of all lines of an order, in minor units; also the largest amount in any other field. */
export const maximumOrderValueMinor = 10 ** 13;
/** The largest balance of points (in units of the scale) or of spend (in minor units): what a double holds exactly. */
export const maximumBalance = Number.MAX_SAFE_INTEGER;

// ISO 4217 is written out because Intl tells what is usual in print, which is another thing and changes with its data.
const zeroDigits = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const threeDigits = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');

/** How many decimals a currency has (ISO 4217): USD 2, JPY 0, KWD 3. Returns null for a code that is none. */
export function currencyDigits(code: string): number | null {
  if (!/^[A-Z]{3}$/.test(code) || !Intl.supportedValuesOf('currency').includes(code)) return null;
  if (zeroDigits.includes(code)) return 0;
  return threeDigits.includes(code) ? 3 : 2;
}

/** An amount in minor units; 'SCALE' when it has more decimals than the currency. */
export function toMinor(amount: Decimal, digits: number): bigint | 'SCALE' {
  if (amount.scale > digits) return 'SCALE';
  return amount.units * 10n ** BigInt(digits - amount.scale);
}

/** price × quantity, worked out without floats. Both are in their documented bounds, so the product is a safe integer. */
export const valueMinor = (unitPriceMinor: number, quantity: number): number => Number(BigInt(unitPriceMinor) * BigInt(quantity));

/** HALF_UP(amount × part ÷ whole), in minor units: what `part` of a quantity carries of an amount. */
export const proRata = (amountMinor: number, part: number, whole: number): number =>
  Number(divideRounded(BigInt(amountMinor) * BigInt(part), BigInt(whole), 'HALF_UP'));

/**
 * Spreads an amount over weights by largest remainder, so that the shares sum to the amount and no unit is lost.
 * Equal remainders favour the earlier weight. All-zero weights get nothing.
 */
export function spread(amountMinor: number, weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (total === 0n) return weights.map(() => 0);
  const exact = weights.map((weight) => BigInt(amountMinor) * BigInt(weight));
  const shares = exact.map((product) => product / total);
  const left = Number(BigInt(amountMinor) - shares.reduce((sum, share) => sum + share, 0n));
  const byRemainder = exact
    .map((product, index) => ({ index, remainder: product % total }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  const favoured = new Set(byRemainder.slice(0, left).map(({ index }) => index));
  return shares.map((share, index) => Number(share) + (favoured.has(index) ? 1 : 0));
}
