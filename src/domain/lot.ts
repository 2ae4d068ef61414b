// Lots: available points that came together and expire together, and what redemptions took of them.
import { addDays, type Instant } from './instant.ts';
import type { Program } from './program.ts';

/** The expiry of a lot that never expires: later than every date. */
export const neverExpires: Instant = Number.MAX_SAFE_INTEGER;

/** Points in units of the scale. */
export type Lot = {
  readonly memberId: string;
  /** That of the entry with which it came: with the member's id it is the lot's identity. */
  readonly sequence: number;
  /** The order that earned it. */
  readonly orderId: string;
  /** What it held at first. */
  readonly points: number;
  readonly remaining: number;
  /** What expired of it and no take-back has counted yet. */
  readonly expired: number;
  readonly availableAt: Instant;
  /** `neverExpires` for a lot without an expiry. */
  readonly expiresAt: Instant;
};

/** What the redemption of an order took of one lot, in the order of spending, and what was given back of it. */
export type RedemptionPart = {
  readonly orderId: string;
  /** 1, 2, 3 ... in the order. */
  readonly sequence: number;
  readonly memberId: string;
  readonly lotSequence: number;
  readonly points: number;
  readonly returned: number;
};

/** When points that become available at an instant expire, under a version of the program. */
export const expiryOf = ({ expiryDays, timeZone }: Program, availableAt: Instant): Instant =>
  expiryDays === null ? neverExpires : addDays(availableAt, expiryDays, timeZone);

/** The order in which lots are spent: next to expire first; of equal ones the one recorded first. */
export const inSpendingOrder = (left: Lot, right: Lot): number => left.expiresAt - right.expiresAt || left.sequence - right.sequence;
