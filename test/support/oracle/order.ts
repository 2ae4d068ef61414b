// An order as the oracle keeps it: what was agreed at its creation and the list of everything that was done to it since.
import type { UpdateAction } from './command.ts';
import type { Fraction, Rounding } from './fraction.ts';
import type { Hold } from './program.ts';

export type ZeroReason = 'OPTED_OUT' | 'PURCHASE_NOT_CONFIGURED' | 'EXCLUDED' | 'ZERO_PRICE' | 'ZERO_RATIO' | 'ROUNDED_TO_ZERO';

/** How a line earns, frozen when it was accepted. */
export type Rule = {
  readonly tier: string | null;
  readonly earns:
    | { readonly kind: 'RATIO'; readonly ratio: Fraction }
    | { readonly kind: 'FLAT'; readonly points: Fraction }
    | { readonly kind: 'NOTHING'; readonly reason: 'OPTED_OUT' | 'PURCHASE_NOT_CONFIGURED' | 'EXCLUDED' };
  readonly pointsBase: 'UNIT_PRICE' | 'NET';
  readonly rounding: Rounding;
  readonly scale: number;
  readonly decimals: number;
};

/** A line as it was agreed; money in minor units. */
export type AgreedLine = {
  readonly productId: string;
  readonly lineKey: string | null;
  readonly categoryId: string | null;
  readonly name: string | null;
  readonly ordered: number;
  readonly unitPrice: bigint;
  readonly discount: bigint;
  readonly share: bigint;
  readonly rule: Rule;
};
export type LineQuantities = { readonly ordered: number; readonly shipped: number; readonly cancelled: number; readonly returned: number };

/** What a correction can set; absolute values of the line afterwards. */
export type CorrectedLine = LineQuantities &
  Pick<AgreedLine, 'unitPrice' | 'discount' | 'categoryId' | 'name'> & { readonly position: number };
export type Take = { readonly position: number; readonly quantity: number };
export type AdditionStep = { readonly grow: Take } | { readonly line: AgreedLine };

/** What was asked of an order and accepted. */
export type Deed =
  | { readonly kind: 'created'; readonly lines: readonly AgreedLine[]; readonly total: bigint | null; readonly shippedAt: number | null }
  | { readonly kind: 'moved'; readonly action: UpdateAction; readonly takes: readonly Take[]; readonly at: number }
  | { readonly kind: 'added'; readonly steps: readonly AdditionStep[]; readonly at: number; readonly disregardHold: boolean }
  | { readonly kind: 'corrected'; readonly lines: readonly CorrectedLine[] }
  | {
      readonly kind: 'adjusted';
      readonly type: 'CREDIT' | 'DEBIT';
      readonly amount: bigint;
      readonly tierBefore: string | null;
      readonly tierAfter: string | null;
    };

/** A deed with the time at which it was recorded, or that the holds that were due at an instant are over. */
export type Fact = (Deed & { readonly now: number }) | { readonly kind: 'matured'; readonly at: number };

export type Order = {
  readonly orderId: string;
  readonly buyer: string;
  readonly creditedTo: string;
  readonly orderDate: number;
  readonly coupons: readonly string[];
  readonly storeId: string | null;
  readonly discount: bigint;
  readonly createdShipped: boolean;
  /** The terms of the program version at the order's date. */
  readonly cap: bigint | null;
  readonly adjustmentRatio: Fraction;
  readonly rounding: Rounding;
  readonly scale: number;
  readonly decimals: number;
  readonly hold: Hold;
  readonly timeZone: string;
  /** Points spent on the order when it was placed. */
  readonly redeemed: bigint;
  readonly facts: readonly Fact[];
};
