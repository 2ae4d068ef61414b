// The points of one member: lots, debt and the list of entries that every balance is the sum of.
import { greatest, least, sum } from './fraction.ts';
import type { Movement } from './movement.ts';
import type { ProgramFile } from './program.ts';
import { Refused } from './refusal.ts';

export type Lot = {
  readonly orderId: string;
  readonly remaining: bigint;
  readonly availableAt: number;
  readonly expiresAt: number | null;
};
export type Entry = {
  readonly orderId: string;
  readonly type: string;
  readonly actionId: number | null;
  readonly position: number | null;
  readonly points: bigint;
  readonly available: bigint;
  readonly held: bigint;
  readonly debt: bigint;
  readonly uncollected: bigint;
  /** The part of what was not collected that had expired of the order's own lots. */
  readonly expiredBefore: bigint;
  readonly earned: bigint;
  readonly occurredAt: number;
  /** When what became available expires; of other entries left open. */
  readonly expiresAt?: number | null;
  readonly availableAfter: bigint;
  readonly heldAfter: bigint;
  readonly debtAfter: bigint;
};
/** Points that a redemption took from a lot and that were not given back. */
type Spent = { readonly orderId: string; readonly lot: number; readonly points: bigint };
export type Account = {
  /** All lots that ever were, in the order in which they were recorded. */
  readonly lots: readonly Lot[];
  readonly spent: readonly Spent[];
  readonly entries: readonly Entry[];
};

export const emptyAccount: Account = { lots: [], spent: [], entries: [] };

export const availableIn = (account: Account): bigint => account.entries.at(-1)?.availableAfter ?? 0n;
export const heldIn = (account: Account): bigint => account.entries.at(-1)?.heldAfter ?? 0n;
export const debtIn = (account: Account): bigint => account.entries.at(-1)?.debtAfter ?? 0n;
const total = (account: Account, pick: (entry: Entry) => bigint): bigint => sum(account.entries.map(pick));
export const lifetimeIn = (account: Account): bigint => total(account, (entry) => entry.earned);
const ofType = (account: Account, type: string): bigint => total(account, (entry) => (entry.type === type ? entry.points : 0n));
export const expiredIn = (account: Account): bigint => -ofType(account, 'EXPIRE');
export const usedIn = (account: Account): bigint => -ofType(account, 'REDEEM') - ofType(account, 'REDEEM_REVERSAL');

const ofOrder = (account: Account, orderId: string): Account => ({
  ...account,
  entries: account.entries.filter((entry) => entry.orderId === orderId),
});
export const entriesOf = (account: Account, orderId: string): readonly Entry[] => ofOrder(account, orderId).entries;
export const redeemedOn = (account: Account, orderId: string): bigint => -ofType(ofOrder(account, orderId), 'REDEEM');
export const givenBackOn = (account: Account, orderId: string): bigint => ofType(ofOrder(account, orderId), 'REDEEM_REVERSAL');

/** The positions of the lots with something left, in the order in which they are spent. */
export function spendOrder(account: Account): number[] {
  const expiry = (position: number) => account.lots[position]?.expiresAt ?? Number.POSITIVE_INFINITY;
  const left = account.lots.flatMap((lot, position) => (lot.remaining > 0n ? [position] : []));
  return left.toSorted((a, b) => (expiry(a) === expiry(b) ? a - b : expiry(a) - expiry(b)));
}

type Effects = Partial<Omit<Entry, 'availableAfter' | 'heldAfter' | 'debtAfter'>> &
  Pick<Entry, 'orderId' | 'type' | 'points' | 'occurredAt'>;

function write(account: Account, effects: Effects): Account {
  const none = { actionId: null, position: null, available: 0n, held: 0n, debt: 0n, uncollected: 0n, expiredBefore: 0n, earned: 0n };
  const entry = { ...none, ...effects };
  const after = {
    availableAfter: availableIn(account) + entry.available,
    heldAfter: heldIn(account) + entry.held,
    debtAfter: debtIn(account) + entry.debt,
  };
  return { ...account, entries: [...account.entries, { ...entry, ...after }] };
}

const withLot = (account: Account, position: number, change: (lot: Lot) => Lot): Account => ({
  ...account,
  lots: account.lots.map((lot, index) => (index === position ? change(lot) : lot)),
});
const moreIn = (account: Account, position: number, points: bigint): Account =>
  withLot(account, position, (lot) => ({ ...lot, remaining: lot.remaining + points }));

/** Takes up to so many points from lots, in the given order. */
function takeFrom(account: Account, lots: readonly number[], points: bigint) {
  let after = account;
  const taken: { lot: number; points: bigint }[] = [];
  let left = points;
  for (const lot of lots) {
    const part = least(left, account.lots[lot]?.remaining ?? 0n);
    if (part === 0n) continue;
    after = moreIn(after, lot, -part);
    taken.push({ lot, points: part });
    left -= part;
  }
  return { account: after, taken, missing: left };
}

/** How a movement is booked: whose order it is, which lot it makes, and the terms of the program. */
export type Booking = {
  readonly orderId: string;
  readonly occurredAt: number;
  readonly lot: Lot;
  readonly debtPolicy: ProgramFile['debtPolicy'];
};

/** What became available repays debt first; the rest is put into the last lot. */
function booked(account: Account, movement: Movement, { orderId, occurredAt, lot }: Booking): Account {
  const repaid = least(debtIn(account), movement.released);
  const available = movement.released - repaid;
  const filled = moreIn(account, account.lots.length - 1, available);
  const expiry = available > 0n ? { expiresAt: lot.expiresAt } : {};
  const { type, actionId, position, points, held, released } = movement;
  return write(filled, {
    orderId,
    occurredAt,
    type,
    actionId,
    position,
    points,
    held,
    available,
    debt: -repaid,
    earned: released,
    ...expiry,
  });
}

/** Takes back: what has expired already is charged to nobody; then own lots, other lots, and the debt policy. */
function takenBack(account: Account, movement: Movement, { orderId, occurredAt, debtPolicy }: Booking): Account {
  const own = ofOrder(account, orderId);
  const expired = -ofType(own, 'EXPIRE') - total(own, (entry) => entry.expiredBefore);
  const amount = -movement.released;
  const expiredBefore = least(amount, expired);
  const isOwn = (lot: number) => account.lots[lot]?.orderId === orderId;
  const lots = spendOrder(account);
  const sorted = [...lots.filter(isOwn), ...lots.filter((lot) => !isOwn(lot))];
  const { account: after, missing } = takeFrom(account, sorted, amount - expiredBefore);
  if (missing > 0n && debtPolicy === 'REFUSE') throw new Refused('INSUFFICIENT_POINTS');
  const debt = debtPolicy === 'ALLOW' ? missing : 0n;
  const { type, actionId, position, points, held } = movement;
  const available = missing + expiredBefore - amount;
  const uncollected = expiredBefore + missing - debt;
  return write(after, { orderId, occurredAt, type, actionId, position, points, held, available, debt, uncollected, expiredBefore });
}

/** Books movements that share a lot, one after the other. */
export function bookedAll(account: Account, movements: readonly Movement[], booking: Booking): Account {
  const empty = { ...booking.lot, remaining: 0n };
  const opened = movements.some((movement) => movement.released > 0n) ? { ...account, lots: [...account.lots, empty] } : account;
  return movements.reduce(
    (so, movement) => (movement.released < 0n ? takenBack(so, movement, booking) : booked(so, movement, booking)),
    opened,
  );
}

/** What is left of a lot goes at its expiry; the entry belongs to the order that earned it. */
function lotExpired(account: Account, position: number): Account {
  const lot = account.lots[position];
  if (lot === undefined || lot.expiresAt === null) return account;
  const emptied = moreIn(account, position, -lot.remaining);
  const effects = { orderId: lot.orderId, type: 'EXPIRE', actionId: 106, occurredAt: lot.expiresAt };
  return write(emptied, { ...effects, points: -lot.remaining, available: -lot.remaining });
}

/** When the next of what is left expires; null when nothing does. */
export function nextExpiry(account: Account): number | null {
  const [first] = spendOrder(account);
  return first === undefined ? null : (account.lots[first]?.expiresAt ?? null);
}

/** Expires the next lot. */
export function firstExpired(account: Account): Account {
  const [first] = spendOrder(account);
  return first === undefined ? account : lotExpired(account, first);
}

/** Expires every lot whose time has come. */
export function dueExpired(account: Account, now: number): Account {
  const next = nextExpiry(account);
  return next !== null && next <= now ? dueExpired(firstExpired(account), now) : account;
}

/** Spends points with an order; that there are enough was seen before. */
export function redeemed(account: Account, orderId: string, points: bigint, occurredAt: number): Account {
  const { account: after, taken } = takeFrom(account, spendOrder(account), points);
  const spent = taken.map((part) => ({ ...part, orderId }));
  const effects = { orderId, occurredAt, type: 'REDEEM', actionId: 107, points: -points, available: -points };
  return write({ ...after, spent: [...account.spent, ...spent] }, effects);
}

/** Gives redeemed points back, to the lot that was spent last first; debt is repaid first, and what would have expired expires. */
export function givenBack(account: Account, orderId: string, points: bigint, occurredAt: number, now: number): Account {
  let left = points;
  let debt = debtIn(account);
  let after = account;
  const spent = account.spent
    .toReversed()
    .map((part) => {
      const back = part.orderId === orderId ? least(left, part.points) : 0n;
      const repaid = least(debt, back);
      left -= back;
      debt -= repaid;
      after = moreIn(after, part.lot, back - repaid);
      return { ...part, points: part.points - back };
    })
    .toReversed();
  const repaid = least(debtIn(account), points);
  const effects = { orderId, occurredAt, type: 'REDEEM_REVERSAL', points, available: points - repaid, debt: -repaid };
  return dueExpired(write({ ...after, spent }, effects), now);
}

export const isNegative = (account: Account): boolean => least(availableIn(account), least(heldIn(account), debtIn(account))) < 0n;
export const beyondLimit = (account: Account): boolean => lifetimeIn(account) + greatest(heldIn(account), 0n) > 2n ** 53n - 1n;
