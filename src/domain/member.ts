// Members of a program, their balances, and the links between primary and secondary members.

import { type Instant, startOfYear, yearBefore } from './instant.ts';
import { tierOf } from './points.ts';
import type { Program, ProgramLevel } from './program.ts';

const memberStatuses = ['ACTIVE', 'BLOCKED'] as const;
export type MemberStatus = (typeof memberStatuses)[number];

/** A member with balances in units of the program's points scale; each balance is the sum of the member's entries. */
export type Member = {
  readonly id: string;
  readonly siteId: string;
  /** The caller's id. */
  readonly userId: string;
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly status: MemberStatus;
  readonly optedIn: boolean;
  readonly available: number;
  readonly held: number;
  readonly used: number;
  readonly expired: number;
  readonly lifetime: number;
  readonly debt: number;
  readonly totalSpendMinor: number;
  readonly entryCount: number;
  /** Nothing of the member is due for release or expiry before this; null: nothing will be. */
  readonly dueAt: number | null;
  /** +1 with every change: an assertion that nothing was decided on an old state. */
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** A secondary member's bond to a primary member; it can end without losing history. */
export type MemberLink = {
  readonly id: string;
  readonly siteId: string;
  readonly primaryId: string;
  readonly secondaryId: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
};

/** Who earns an order of a buyer: the primary member when the program pools, else the buyer. */
export const creditedMember = (program: Program, buyer: Member, primary: Member | null): Member =>
  program.secondaryEarnsForPrimary && primary ? primary : buyer;

/**
 * After which instant spend counts for the tier held at `at`: spend at orderDate counts when start < orderDate ≤ at.
 * Null: all spend up to then counts.
 */
export function periodStart(program: Program, at: Instant): Instant | null {
  switch (program.tierPeriod) {
    case 'LIFETIME':
      return null;
    case 'ROLLING_12_MONTHS':
      return yearBefore(at, program.timeZone);
    case 'CALENDAR_YEAR':
      // The first instant of the year itself counts, so the one before it is the open end.
      return startOfYear(at, program.timeZone) - 1;
  }
}

export type MemberTier = { readonly level: ProgramLevel; readonly periodSpendMinor: number; readonly next: ProgramLevel | null };

/** The tier that a spend in the period gives, with the next one above it; null when the program has none. */
export function memberTier(program: Program, periodSpendMinor: number): MemberTier | null {
  const level = tierOf(program, periodSpendMinor);
  if (!level) return null;
  return { level, periodSpendMinor, next: program.levels[program.levels.indexOf(level) + 1] ?? null };
}
