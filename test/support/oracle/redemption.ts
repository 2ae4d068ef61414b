// What a redemption may take, and what it is worth, compared exactly.
import { availableIn } from './account.ts';
import type { Scene } from './effect.ts';
import { decimal, least, power10 } from './fraction.ts';
import { currencyDecimals, type ProgramFile } from './program.ts';
import { refuseIf } from './refusal.ts';
import { accountOf, programAt } from './world.ts';

/** The most points that an amount in minor units can be paid with; none when points have no value. */
export function pointsWorth(program: ProgramFile, minor: bigint): bigint {
  const { n, d } = decimal(program.pointValue);
  return n === 0n ? 0n : (minor * d * power10(program.pointsScale)) / (n * power10(currencyDecimals(program)));
}

export function refuseRedemption({ world, now }: Scene, userId: string, points: bigint, net: bigint): void {
  if (points === 0n) return;
  const program = programAt(world, now);
  refuseIf(decimal(program.pointValue).n === 0n, 'INVALID_INPUT');
  refuseIf(points > availableIn(accountOf(world, userId)), 'INSUFFICIENT_POINTS');
  refuseIf(points > pointsWorth(program, net), 'REDEMPTION_EXCEEDS_TOTAL');
}

/** The most that can be redeemed with an order of so much. */
export const maximumRedeemable = ({ world, now }: Scene, userId: string, net: bigint): bigint =>
  least(availableIn(accountOf(world, userId)), pointsWorth(programAt(world, now), net));
