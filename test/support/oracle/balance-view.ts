// A member's balances, lots and what expires soon, in the shapes of the GraphQL API.
import { type Account, availableIn, debtIn, expiredIn, heldIn, type Lot, lifetimeIn, spendOrder, usedIn } from './account.ts';
import { daysAfter } from './calendar.ts';
import { print, sum } from './fraction.ts';
import { currencyDecimals } from './program.ts';
import { accountOf, programAt, type World, worthOf } from './world.ts';

export const pointsNumber = (units: bigint, scale: number): number => Number(print(units, scale));
export const money = (minor: bigint, decimals: number) => ({ amount: print(minor, decimals) });
export const dateTime = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** As many lots as a reader asks for at a time. */
export const mostLots = 60;

const lotsOf = (account: Account): Lot[] => spendOrder(account).flatMap((position) => account.lots[position] ?? []);

/** Cumulative: what expires up to so many calendar days from now. */
function bucket(lots: readonly Lot[], withinDays: number, until: number, scale: number) {
  const soon = lots.filter((lot) => lot.expiresAt !== null && lot.expiresAt <= until);
  const points = pointsNumber(sum(soon.map((lot) => lot.remaining)), scale);
  return { withinDays, points, nextExpiryAt: dateTime(soon[0]?.expiresAt ?? null) };
}

export function balanceView(world: World, userId: string, now: number) {
  const program = programAt(world, now);
  const account = accountOf(world, userId);
  const lots = lotsOf(account);
  const scale = program.pointsScale;
  const points = {
    available: pointsNumber(availableIn(account), scale),
    held: pointsNumber(heldIn(account), scale),
    used: pointsNumber(usedIn(account), scale),
    expired: pointsNumber(expiredIn(account), scale),
    lifetime: pointsNumber(lifetimeIn(account), scale),
    debt: pointsNumber(debtIn(account), scale),
    value: money(worthOf(program, availableIn(account)), currencyDecimals(program)),
    expiring: [7, 30].map((days) => bucket(lots, days, daysAfter(now, days, program.timeZone), scale)),
  };
  const nodes = lots.slice(0, mostLots).map(({ orderId, remaining, availableAt, expiresAt }) => ({
    order: { orderId },
    remaining: pointsNumber(remaining, scale),
    availableAt: dateTime(availableAt),
    expiresAt: dateTime(expiresAt),
  }));
  return { points, lots: { totalCount: lots.length, nodes } };
}
