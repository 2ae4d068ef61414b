// Redeeming: what points spent on an order are worth, what it keeps of them, and what a return gives back.
import {
  compareDecimals,
  type Decimal,
  decimalOf,
  divideRounded,
  formatDecimal,
  multiply,
  parseDecimal,
  powerOfTen,
  roundTo,
} from './decimal.ts';
import type { Instant } from './instant.ts';
import { keptQuantity, type LineItem, lineKeptValue, lineTotal } from './line-item.ts';
import type { Member } from './member.ts';
import { maximumBalance, valueMinor } from './money.ts';
import type { Order } from './order.ts';
import { type Program, parsedDecimal, programAt } from './program.ts';
import { type InputPath, type Refusal, refuse } from './refusal.ts';

/** Points as sent, in units of the scale; null for more decimals than the scale has, and below zero. */
export function pointsUnits(points: Decimal, scale: number): bigint | null {
  return points.scale > scale || points.units < 0n ? null : points.units * powerOfTen(scale - points.scale);
}

/** The most points, in units, that a redemption can take, for reading lots; 0 for what is none. */
export function redeemUnits(programs: readonly Program[], at: Instant, redeemPoints: string | null | undefined): number {
  const parsed = redeemPoints === null || redeemPoints === undefined ? null : parseDecimal(redeemPoints);
  const units = parsed && programs.length > 0 ? pointsUnits(parsed, programAt(programs, at).pointsScale) : null;
  return units === null || units > BigInt(maximumBalance) ? 0 : Number(units);
}

const worth = (program: Program, points: bigint): Decimal =>
  multiply(decimalOf(points, program.pointsScale), parsedDecimal(program.pointValue));

/** The money, in minor units, that points are worth: points × pointValue, rounded down, since nobody is promised a part of a cent. */
export const pointsValueMinor = (program: Program, points: number): number =>
  Number(roundTo(worth(program, BigInt(points)), program.currencyDigits, 'FLOOR'));

const orderValue = (lines: readonly LineItem[]): number => lines.reduce((sum, line) => sum + lineTotal(line), 0);

/** Why points cannot be spent on lines; null when they can. `points` is exact, in units of the scale. */
export function guardRedemption(
  program: Program,
  member: Member,
  lines: readonly LineItem[],
  points: bigint,
  path: InputPath,
): Refusal | null {
  if (points === 0n) return null;
  if (parsedDecimal(program.pointValue).units === 0n)
    return refuse('INVALID_INPUT', path, 'Points of this program have no value to redeem: expected 0.');
  if (points > BigInt(member.available)) {
    const most = formatDecimal(decimalOf(member.available, program.pointsScale));
    return refuse('INSUFFICIENT_POINTS', path, `Member ${member.userId} has ${most} available points: expected at most that.`);
  }
  if (compareDecimals(worth(program, points), decimalOf(orderValue(lines), program.currencyDigits)) > 0)
    return refuse('REDEMPTION_EXCEEDS_TOTAL', path, 'The points are worth more than the lines less discounts: expected fewer points.');
  return null;
}

/** The most points, in units of the scale, that could be spent on lines. */
export function maximumRedeemable(program: Program, member: Member, lines: readonly LineItem[]): number {
  const value = parsedDecimal(program.pointValue);
  if (value.units === 0n) return 0;
  const most =
    (BigInt(orderValue(lines)) * powerOfTen(value.scale) * powerOfTen(program.pointsScale)) /
    (value.units * powerOfTen(program.currencyDigits));
  return most < BigInt(member.available) ? Number(most) : member.available;
}

/** What must have been given back of an order's redemption: all of it less redeemed × kept value ÷ value of the lines it was placed with. */
export function redemptionReturned({ redeemedPoints, createdLines, adjustmentRounding }: Order, lines: readonly LineItem[]): number {
  const placed = lines.filter(({ position }) => position <= createdLines);
  const value = placed.reduce((sum, line) => sum + BigInt(valueMinor(line.unitPriceMinor, line.quantity)), 0n);
  const kept = placed.reduce((sum, line) => sum + BigInt(lineKeptValue(line)), 0n);
  if (value === 0n) return placed.some((line) => keptQuantity(line) > 0) ? 0 : redeemedPoints;
  return redeemedPoints - Number(divideRounded(BigInt(redeemedPoints) * kept, value, adjustmentRounding));
}
