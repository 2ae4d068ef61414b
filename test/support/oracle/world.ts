// Everything the oracle knows of a site: programs, members, links, orders and the answers given to keys.
import { Temporal } from 'temporal-polyfill';
import { type Account, emptyAccount } from './account.ts';
import { decimal } from './fraction.ts';
import { spendOf, stateOf } from './ledger.ts';
import type { Order } from './order.ts';
import { currencyDecimals, inForce, type LevelFile, minorOf, type ProgramFile, type ProgramVersion } from './program.ts';
import { Refused } from './refusal.ts';

export type Member = { readonly userId: string; readonly status: 'ACTIVE' | 'BLOCKED'; readonly optedIn: boolean };
/** Links are never deleted: one that has ended stays as history. */
type Link = { readonly primary: string; readonly secondary: string; readonly ended: boolean };
export type RecordedAnswer = {
  readonly content: string;
  readonly orderId: string;
  readonly pointsAwarded: bigint;
  readonly pointsRemoved: bigint;
  /** Which of the order's adjustments the command made. */
  readonly adjustment: number | null;
};
export type World = {
  readonly programs: readonly ProgramVersion[];
  readonly members: ReadonlyMap<string, Member>;
  readonly links: readonly Link[];
  readonly orders: ReadonlyMap<string, Order>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly createdFrom: ReadonlyMap<string, string>;
  readonly answers: ReadonlyMap<string, RecordedAnswer>;
  /** Opaque ids of line items, learned from what the server answered: the one thing a model cannot work out. */
  readonly lineIds: Map<string, { readonly orderId: string; readonly position: number }>;
};

export const emptyWorld = (): World => ({
  programs: [],
  members: new Map(),
  links: [],
  orders: new Map(),
  accounts: new Map(),
  createdFrom: new Map(),
  answers: new Map(),
  lineIds: new Map(),
});

export const withProgram = (world: World, file: ProgramFile, from: number): World => ({
  ...world,
  programs: [...world.programs, { version: world.programs.length + 1, from, file }],
});
export const withOrder = (world: World, order: Order): World => ({ ...world, orders: new Map(world.orders).set(order.orderId, order) });
export const withMember = (world: World, member: Member): World => ({
  ...world,
  members: new Map(world.members).set(member.userId, member),
});

export const withAccount = (world: World, userId: string, account: Account): World => ({
  ...world,
  accounts: new Map(world.accounts).set(userId, account),
});
export const accountOf = (world: World, userId: string): Account => world.accounts.get(userId) ?? emptyAccount;

export const programAt = (world: World, at: number): ProgramFile => inForce(world.programs, at);

export function memberOf(world: World, userId: string): Member {
  const member = world.members.get(userId);
  if (member === undefined) throw new Refused('MEMBER_NOT_FOUND');
  return member;
}

export function orderOf(world: World, orderId: string): Order {
  const order = world.orders.get(orderId);
  if (order === undefined) throw new Refused('ORDER_NOT_FOUND');
  return order;
}

export const primaryOf = (world: World, userId: string): string | null =>
  world.links.find((link) => link.secondary === userId && !link.ended)?.primary ?? null;

export const ordersCreditedTo = (world: World, userId: string): Order[] =>
  [...world.orders.values()].filter((order) => order.creditedTo === userId);

/** Whether spend of a date counts in the period that ends at an instant, in the program's time zone. */
function counts(program: ProgramFile, at: number): (date: number) => boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(program.timeZone);
  switch (program.tiers.period) {
    case 'LIFETIME':
      return (date) => date <= at;
    case 'CALENDAR_YEAR': {
      const newYear = local.with({ month: 1, day: 1 }).startOfDay().epochMilliseconds;
      return (date) => newYear <= date && date <= at;
    }
    case 'ROLLING_12_MONTHS': {
      const yearBefore = local.subtract({ years: 1 }).epochMilliseconds;
      return (date) => yearBefore < date && date <= at;
    }
  }
}

export type Standing = { readonly spend: bigint; readonly level: LevelFile | null; readonly next: LevelFile | null };

/** The tier held at an instant by all orders that are recorded now, as they stand now. */
export function standingAt(world: World, userId: string, at: number): Standing {
  const program = programAt(world, at);
  const inPeriod = counts(program, at);
  const orders = ordersCreditedTo(world, userId).filter((order) => inPeriod(order.orderDate));
  const spend = orders.reduce((all, order) => all + spendOf(stateOf(order)), 0n);
  const levels = program.tiers.levels.toSorted((a, b) => Number(minorOf(program, a.minimumSpend) - minorOf(program, b.minimumSpend)));
  const reached = levels.filter((level) => minorOf(program, level.minimumSpend) <= spend);
  return { spend, level: reached.at(-1) ?? null, next: levels[reached.length] ?? null };
}

/** Worth of points in minor units of the currency. */
export function worthOf(program: ProgramFile, points: bigint): bigint {
  const value = decimal(program.pointValue);
  const scale = 10n ** BigInt(program.pointsScale);
  return (points * value.n * 10n ** BigInt(currencyDecimals(program))) / (value.d * scale);
}
