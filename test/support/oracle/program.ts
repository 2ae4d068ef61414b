// Programs as their files state them, and which version is in force at an instant.
import { decimal, type Rounding } from './fraction.ts';

export type RuleFile = {
  readonly productId?: string;
  readonly categoryId?: string;
  readonly type: 'RATIO' | 'FLAT' | 'EXCLUDED';
  readonly ratio?: string;
  readonly points?: string;
};
export type CampaignFile = {
  readonly name: string;
  readonly multiplier: string;
  readonly from: string;
  readonly before: string;
  readonly tiers: readonly string[];
  readonly storeIds: readonly string[];
  readonly coupons: readonly string[];
};
export type LevelFile = { readonly name: string; readonly minimumSpend: string; readonly ratio: string };
export type Hold = {
  readonly type: 'NONE' | 'ORDER_DATE' | 'LINE_SHIP_DATE' | 'ALL_LINES_SHIP_DATE';
  readonly days: number;
};
export type ProgramFile = {
  readonly siteId: string;
  readonly name: string;
  readonly currencyCode: string;
  readonly timeZone: string;
  readonly pointsScale: number;
  readonly rounding: Rounding;
  readonly pointValue: string;
  readonly purchase: {
    readonly configured: boolean;
    readonly baseRatio: string;
    readonly pointsBase: 'UNIT_PRICE' | 'NET';
    readonly maximumPointsPerOrder: string | null;
  };
  readonly hold: Hold;
  /** Calendar days that available points last; null when they last for ever. */
  readonly expiryDays: number | null;
  readonly debtPolicy: 'ALLOW' | 'CLAMP' | 'REFUSE';
  readonly tiers: { readonly period: 'LIFETIME' | 'CALENDAR_YEAR' | 'ROLLING_12_MONTHS'; readonly levels: readonly LevelFile[] };
  readonly rules: readonly RuleFile[];
  readonly campaigns: readonly CampaignFile[];
  readonly orders: { readonly dateRequired: boolean; readonly lineKeyRequired: boolean; readonly shipOnCreate: boolean | null };
  readonly secondaryMembers: { readonly earnForPrimary: boolean };
};
export type ProgramVersion = { readonly version: number; readonly from: number; readonly file: ProgramFile };

/** The highest version whose start has come at that instant; before all of them the first. */
export function inForce(versions: readonly ProgramVersion[], at: number): ProgramFile {
  const first = versions[0];
  if (first === undefined) throw new Error('The world has no program.');
  return versions.reduce((found, version) => (version.from <= at ? version : found), first).file;
}

export function currencyDecimals(program: ProgramFile): number {
  const decimals = new Map([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
  ]).get(program.currencyCode);
  if (decimals === undefined) throw new Error(`The oracle does not know the decimals of ${program.currencyCode}.`);
  return decimals;
}

/** An amount of the program file in minor units. */
export function minorOf(program: ProgramFile, amount: string): bigint {
  const { n, d } = decimal(amount);
  return (n * 10n ** BigInt(currencyDecimals(program))) / d;
}

/** The cap of an order in units of the points scale; null when there is none. */
export function capOf(program: ProgramFile): bigint | null {
  const cap = program.purchase.maximumPointsPerOrder;
  if (cap === null) return null;
  const { n, d } = decimal(cap);
  return (n * 10n ** BigInt(program.pointsScale)) / d;
}

/** Whether an order of this program is shipped when nothing is said: hold NONE ships unless the file says otherwise. */
export const shipsOnCreate = (program: ProgramFile): boolean => program.orders.shipOnCreate ?? program.hold.type === 'NONE';
