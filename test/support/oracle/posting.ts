// Books what commands and due holds moved of orders to the accounts of the members who are credited.
import {
  type Account,
  beyondLimit,
  bookedAll,
  dueExpired,
  firstExpired,
  givenBack,
  givenBackOn,
  nextExpiry,
  redeemed,
  redeemedOn,
} from './account.ts';
import { daysAfter } from './calendar.ts';
import { keptOf } from './earning.ts';
import { fraction, rounded, sum } from './fraction.ts';
import { dateOf } from './hold.ts';
import { nextDue, retainedPoints, stateOf, withFact } from './ledger.ts';
import type { Fact, Order } from './order.ts';
import type { ProgramFile } from './program.ts';
import { refuseIf } from './refusal.ts';
import { accountOf, ordersCreditedTo, programAt, type World, withAccount, withOrder } from './world.ts';

const maximumPoints = 2n ** 53n - 1n;

/** The redeemed points that an order keeps: in the proportion of what is kept of the lines it was placed with. */
function keptRedemption(order: Order, points: bigint): bigint {
  const [created] = order.facts;
  const placed = created?.kind === 'created' ? stateOf(order).lines.slice(0, created.lines.length) : [];
  const value = sum(placed.map((line) => line.unitPrice * BigInt(line.ordered)));
  const kept = sum(placed.map((line) => line.unitPrice * BigInt(keptOf(line))));
  return value === 0n ? 0n : rounded(fraction(points * kept, value), order.rounding);
}

/** Returns and cancellations give back what the order does not keep; nothing is redeemed anew. */
function withGiveBack(account: Account, order: Order, fact: Fact, now: number): Account {
  if (fact.kind !== 'moved' || fact.action === 'SHIP') return account;
  const points = redeemedOn(account, order.orderId);
  const due = points - keptRedemption(order, points) - givenBackOn(account, order.orderId);
  return due > 0n ? givenBack(account, order.orderId, due, fact.at, now) : account;
}

function withRedemption(account: Account, order: Order, fact: Fact): Account {
  if (fact.kind !== 'created' || order.redeemed === 0n) return account;
  return redeemed(account, order.orderId, order.redeemed, order.orderDate);
}

/** Books the last fact of an order, under the terms of a program version. */
function withMovements(account: Account, order: Order, fact: Fact, { debtPolicy, expiryDays, timeZone }: ProgramFile): Account {
  const { lastMovements, lastAvailableSince: availableAt } = stateOf(order);
  const { orderId } = order;
  const expiresAt = expiryDays === null ? null : daysAfter(availableAt, expiryDays, timeZone);
  const lot = { orderId, remaining: 0n, availableAt, expiresAt };
  const own = lastMovements.filter((movement) => movement.type !== 'RELEASE');
  const releases = lastMovements.filter((movement) => movement.type === 'RELEASE');
  const first = bookedAll(account, own, { orderId, lot, debtPolicy, occurredAt: dateOf(order, fact) });
  return bookedAll(first, releases, { orderId, lot, debtPolicy, occurredAt: availableAt });
}

/** The world after a command on an order, the command's fact being the order's last. */
export function withPosting(world: World, order: Order, now: number): World {
  const fact = order.facts.at(-1);
  if (fact === undefined) return world;
  const before = accountOf(world, order.creditedTo);
  const redemption = withRedemption(withGiveBack(before, order, fact, now), order, fact);
  const account = dueExpired(withMovements(redemption, order, fact, programAt(world, now)), now);
  const rises = stateOf(order).lastDelta > 0n;
  refuseIf(rises && (retainedPoints(order, stateOf(order)) > maximumPoints || beyondLimit(account)), 'INVALID_INPUT');
  return withAccount(withOrder(world, order), order.creditedTo, account);
}

/** The holds of an order that are due at an instant are over. */
function withRelease(world: World, order: Order, at: number): World {
  const fact: Fact = { kind: 'matured', at };
  const after = withFact(order, fact);
  const account = withMovements(accountOf(world, order.creditedTo), after, fact, programAt(world, at));
  return withAccount(withOrder(world, after), order.creditedTo, account);
}

/** Settles what is due for a member, one thing at a time, in the order of the instants; at equal ones releases first. */
function settledFor(world: World, userId: string, now: number): World {
  const dues = ordersCreditedTo(world, userId).flatMap((order) => {
    const at = nextDue(order);
    return at === null ? [] : [{ order, at }];
  });
  const [release] = dues.toSorted((a, b) => a.at - b.at);
  const expiry = nextExpiry(accountOf(world, userId)) ?? Number.POSITIVE_INFINITY;
  const releaseFirst = release !== undefined && release.at <= expiry;
  if (Math.min(release?.at ?? Number.POSITIVE_INFINITY, expiry) > now) return world;
  const after = releaseFirst
    ? withRelease(world, release.order, release.at)
    : withAccount(world, userId, firstExpired(accountOf(world, userId)));
  return settledFor(after, userId, now);
}

/** Everything that is due, of all members. */
export const settled = (world: World, now: number): World =>
  [...world.members.keys()].reduce((so, userId) => settledFor(so, userId, now), world);
