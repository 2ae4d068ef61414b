// Counts what a history met, so that none passes by avoiding the rules: commands, refusals, and what happened to points under which terms.
import type { Entry } from '../oracle/account.ts';
import type { Command } from '../oracle/command.ts';
import type { Decision } from '../oracle/decide.ts';
import type { ErrorCode } from '../oracle/refusal.ts';
import { orderOf, programAt, type World } from '../oracle/world.ts';

/** Every refusal that a history can meet. FORBIDDEN needs permissions. */
const reachableCodes = [
  'INVALID_INPUT',
  'MEMBER_NOT_FOUND',
  'MEMBER_ALREADY_EXISTS',
  'MEMBER_BLOCKED',
  'MEMBER_OPTED_OUT',
  'ORDER_NOT_FOUND',
  'ORDER_ID_CONFLICT',
  'LINE_NOT_FOUND',
  'LINE_AMBIGUOUS',
  'LINE_KEY_REQUIRED',
  'LINE_KEY_DUPLICATE',
  'INVALID_TRANSITION',
  'QUANTITY_EXCEEDED',
  'INVALID_QUANTITY',
  'INVALID_PRICE',
  'INVALID_MONEY_SCALE',
  'CURRENCY_MISMATCH',
  'ORDER_DATE_REQUIRED',
  'DATE_OUT_OF_RANGE',
  'VERSION_CONFLICT',
  'IDEMPOTENCY_KEY_REUSED',
  'PURCHASE_ACTION_NOT_CONFIGURED',
  'REASON_REQUIRED',
  'ADJUSTMENT_EXCEEDS_SPEND',
  'INSUFFICIENT_POINTS',
  'REDEMPTION_EXCEEDS_TOTAL',
  'NOT_A_SECONDARY_MEMBER',
  'MEMBER_ALREADY_LINKED',
  'BULK_LIMIT',
] as const satisfies readonly ErrorCode[];

/** What can happen to points, seen in the entries; taking back can be refused only. */
const happenings = {
  held: (entry: Entry) => entry.held > 0n,
  releases: (entry: Entry) => entry.type === 'RELEASE',
  expiries: (entry: Entry) => entry.type === 'EXPIRE',
  debts: (entry: Entry) => entry.debt > 0n,
  repaid: (entry: Entry) => entry.debt < 0n,
  expiredFirst: (entry: Entry) => entry.expiredBefore > 0n,
  letGo: (entry: Entry) => entry.uncollected > entry.expiredBefore,
  redeemed: (entry: Entry) => entry.type === 'REDEEM',
  reversed: (entry: Entry) => entry.type === 'REDEEM_REVERSAL',
} as const;
type Happening = keyof typeof happenings | 'refusedTakes';
const columns: readonly Happening[] = [
  'held',
  'releases',
  'expiries',
  'debts',
  'repaid',
  'expiredFirst',
  'letGo',
  'redeemed',
  'reversed',
  'refusedTakes',
];

type Counts = { accepted: number; replayed: number; unchanged: number; refused: number; dryRuns: number };
export type Tally = {
  readonly kinds: Map<string, Counts>;
  readonly codes: Map<string, number>;
  /** By hold, debt policy and expiry. */
  readonly terms: Map<string, Map<string, number>>;
};

export const emptyTally = (): Tally => ({ kinds: new Map(), codes: new Map(), terms: new Map() });

const add = (counts: Map<string, number>, name: string, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by);

function countsOf(tally: Tally, kind: string): Counts {
  const counts = tally.kinds.get(kind) ?? { accepted: 0, replayed: 0, unchanged: 0, refused: 0, dryRuns: 0 };
  tally.kinds.set(kind, counts);
  return counts;
}

function termsOf(tally: Tally, terms: string): Map<string, number> {
  const counts = tally.terms.get(terms) ?? new Map<string, number>();
  tally.terms.set(terms, counts);
  return counts;
}

/** Counts a command; the rows of a bulk call each on their own. */
export function countCommand(tally: Tally, command: Command, decision: Decision): void {
  const counts = countsOf(tally, command.kind);
  if (decision.dryRun) counts.dryRuns += 1;
  if (decision.rows.length === 0) counts[decision.verdict] += 1;
  if (decision.code !== null) add(tally.codes, decision.code);
  for (const row of decision.rows) {
    if (row.status === 'FAILED') counts.refused += 1;
    else if (row.status === 'UNCHANGED') counts.unchanged += 1;
    else counts.accepted += 1;
    for (const error of row.userErrors) add(tally.codes, error.code);
  }
}

const nameOf = (world: World, orderId: string, now: number): string => {
  const { debtPolicy, expiryDays } = programAt(world, now);
  return `${orderOf(world, orderId).hold.type}, ${debtPolicy}, ${expiryDays === null ? 'no expiry' : 'expiry'}`;
};

/** Counts what happened to points between two states, by the hold of the order and the terms in force. */
export function countPoints(tally: Tally, before: World, after: World, now: number): void {
  for (const [userId, account] of after.accounts) {
    const known = before.accounts.get(userId)?.entries.length ?? 0;
    for (const entry of account.entries.slice(known)) {
      const counts = termsOf(tally, nameOf(after, entry.orderId, now));
      for (const [name, happened] of Object.entries(happenings)) if (happened(entry)) add(counts, name);
    }
  }
}

/** Counts a return, cancellation, correction or debit that the debt policy refused. */
export function countRefusedTake(tally: Tally, world: World, { code, orderIds }: Decision, now: number): void {
  const [orderId] = orderIds;
  if (code === 'INSUFFICIENT_POINTS' && orderId !== undefined) add(termsOf(tally, nameOf(world, orderId, now)), 'refusedTakes');
}

export function merge(tallies: readonly Tally[]): Tally {
  const all = emptyTally();
  for (const tally of tallies) {
    for (const [code, times] of tally.codes) add(all.codes, code, times);
    for (const [terms, counts] of tally.terms) for (const [name, times] of counts) add(termsOf(all, terms), name, times);
    for (const [kind, counts] of tally.kinds) {
      const sum = countsOf(all, kind);
      for (const name of ['accepted', 'replayed', 'unchanged', 'refused', 'dryRuns'] as const) sum[name] += counts[name];
    }
  }
  return all;
}

export const unmetCodes = (tally: Tally): string[] => reachableCodes.filter((code) => !tally.codes.has(code));

/** What can happen under some terms: nothing is held without a hold, and each debt policy has its own way out. */
function possible(hold: string, debtPolicy: string, expires: boolean): Happening[] {
  const ways = { ALLOW: ['debts', 'repaid'], CLAMP: ['letGo'], REFUSE: ['refusedTakes'] } as const;
  const way = Object.entries(ways).find(([policy]) => policy === debtPolicy)?.[1] ?? [];
  return [
    'redeemed',
    'reversed',
    ...way,
    ...(hold === 'NONE' ? [] : (['held', 'releases'] as const)),
    ...(expires ? (['expiries', 'expiredFirst'] as const) : []),
  ];
}

/** What could have happened under the terms of these histories and did not. */
export function unmetTerms(tally: Tally, expires: boolean): string[] {
  return ['NONE', 'ORDER_DATE', 'LINE_SHIP_DATE', 'ALL_LINES_SHIP_DATE'].flatMap((hold) =>
    ['ALLOW', 'CLAMP', 'REFUSE'].flatMap((debtPolicy) => {
      const terms = `${hold}, ${debtPolicy}, ${expires ? 'expiry' : 'no expiry'}`;
      const met = tally.terms.get(terms);
      return possible(hold, debtPolicy, expires).flatMap((name) => ((met?.get(name) ?? 0) > 0 ? [] : [`${terms}: ${name}`]));
    }),
  );
}

/** The part that was accepted, replays and unchanged ones included. */
export function acceptedShare(tally: Tally): number {
  const counts = [...tally.kinds.values()];
  const refused = counts.reduce((all, each) => all + each.refused, 0);
  const fine = counts.reduce((all, each) => all + each.accepted + each.replayed + each.unchanged, 0);
  return fine / Math.max(1, fine + refused);
}

const row = (cells: readonly (string | number)[], first = 32): string =>
  cells.map((cell, index) => (index === 0 ? String(cell).padEnd(first) : String(cell).padStart(13))).join('');

export function table(tally: Tally): string {
  const kinds = [...tally.kinds].map(([kind, each]) =>
    row([kind, each.accepted, each.replayed, each.unchanged, each.refused, each.dryRuns]),
  );
  const codes = reachableCodes.map((code) => row([code, tally.codes.get(code) ?? 0]));
  const terms = [...tally.terms]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, counts]) => row([name, ...columns.map((column) => counts.get(column) ?? 0)], 42));
  const header = row(['command', 'accepted', 'replayed', 'unchanged', 'refused', 'dry runs']);
  const parts = [header, ...kinds, row(['refusal', 'times']), ...codes, row(['hold, debt policy, expiry', ...columns], 42), ...terms];
  return [...parts, `accepted: ${(acceptedShare(tally) * 100).toFixed(1)} %`].join('\n');
}
