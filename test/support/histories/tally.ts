// Counts how often each command was accepted and each refusal met, so that no history passes by avoiding the rules.
import type { Decision } from '../oracle/decide.ts';
import type { ErrorCode } from '../oracle/refusal.ts';

/** Every refusal that a history of this scope can meet. FORBIDDEN needs permissions, REDEMPTION_EXCEEDS_TOTAL a redemption. */
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
  'NOT_A_SECONDARY_MEMBER',
  'MEMBER_ALREADY_LINKED',
  'BULK_LIMIT',
] as const satisfies readonly ErrorCode[];

type Counts = { accepted: number; replayed: number; unchanged: number; refused: number; dryRuns: number };
export type Tally = { readonly kinds: Map<string, Counts>; readonly codes: Map<string, number> };

export const emptyTally = (): Tally => ({ kinds: new Map(), codes: new Map() });

const add = (counts: Map<string, number>, name: string, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by);

function countsOf(tally: Tally, kind: string): Counts {
  const counts = tally.kinds.get(kind) ?? { accepted: 0, replayed: 0, unchanged: 0, refused: 0, dryRuns: 0 };
  tally.kinds.set(kind, counts);
  return counts;
}

/** Counts a command; the rows of a bulk call each on their own. */
export function count(tally: Tally, kind: string, decision: Decision, dryRun: boolean): void {
  const counts = countsOf(tally, kind);
  if (dryRun) counts.dryRuns += 1;
  if (decision.rows.length === 0) counts[decision.verdict] += 1;
  if (decision.code !== null) add(tally.codes, decision.code);
  for (const row of decision.rows) {
    if (row.status === 'FAILED') counts.refused += 1;
    else if (row.status === 'UNCHANGED') counts.unchanged += 1;
    else counts.accepted += 1;
    for (const error of row.userErrors) add(tally.codes, error.code);
  }
}

export function merge(tallies: readonly Tally[]): Tally {
  const all = emptyTally();
  for (const tally of tallies) {
    for (const [code, times] of tally.codes) add(all.codes, code, times);
    for (const [kind, counts] of tally.kinds) {
      const sum = countsOf(all, kind);
      for (const name of ['accepted', 'replayed', 'unchanged', 'refused', 'dryRuns'] as const) sum[name] += counts[name];
    }
  }
  return all;
}

export const unmetCodes = (tally: Tally): string[] => reachableCodes.filter((code) => !tally.codes.has(code));

/** The part that was accepted, replays and unchanged ones included. */
export function acceptedShare(tally: Tally): number {
  const counts = [...tally.kinds.values()];
  const refused = counts.reduce((all, each) => all + each.refused, 0);
  const fine = counts.reduce((all, each) => all + each.accepted + each.replayed + each.unchanged, 0);
  return fine / Math.max(1, fine + refused);
}

export function table(tally: Tally): string {
  const row = (cells: readonly (string | number)[]) =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(32) : String(cell).padStart(10))).join('');
  const kinds = [...tally.kinds].map(([kind, each]) =>
    row([kind, each.accepted, each.replayed, each.unchanged, each.refused, each.dryRuns]),
  );
  const codes = reachableCodes.map((code) => row([code, tally.codes.get(code) ?? 0]));
  const header = row(['command', 'accepted', 'replayed', 'unchanged', 'refused', 'dry runs']);
  return [header, ...kinds, row(['refusal', 'times']), ...codes, `accepted: ${(acceptedShare(tally) * 100).toFixed(1)} %`].join('\n');
}
