// The program of a site: its rules for points, tiers and orders, read from a program file and kept in versions.
import * as z from 'zod';
import { compareDecimals, type Decimal, decimalOf, formatDecimal, parseDecimal, roundingModes, roundTo } from './decimal.ts';
import { type Instant, isTimeZone, parseInstant } from './instant.ts';
import { currencyDigits, maximumBalance, toMinor } from './money.ts';

const holdTypes = ['NONE', 'ORDER_DATE', 'LINE_SHIP_DATE', 'ALL_LINES_SHIP_DATE'] as const;
const debtPolicies = ['ALLOW', 'CLAMP', 'REFUSE'] as const;
const tierPeriods = ['LIFETIME', 'CALENDAR_YEAR', 'ROLLING_12_MONTHS'] as const;
const pointsBases = ['UNIT_PRICE', 'NET'] as const;

const decimal = z
  .union([z.string(), z.number()])
  .transform((value, context) => {
    const parsed = parseDecimal(String(value));
    if (parsed && parsed.units >= 0n && parsed.scale <= 12) return formatDecimal(parsed);
    context.addIssue({ code: 'custom', message: 'Expected a decimal number of 0 or more with at most 12 decimals, such as "1.25".' });
    return z.NEVER;
  })
  .describe('an exact decimal, best written as a string');
const ratio = decimal.refine(
  (value) => compareDecimals(parsedDecimal(value), decimalOf(1_000_000, 0)) <= 0,
  'Expected a ratio of at most 1000000.',
);
const label = z.string().trim().min(1).max(128);
const instant = z.string().transform((value, context) => {
  const parsed = parseInstant(value);
  if (parsed !== null) return parsed;
  context.addIssue({ code: 'custom', message: 'Expected a date and time with an offset, such as "2026-12-01T00:00:00-08:00".' });
  return z.NEVER;
});

const earningRule = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('RATIO'), productId: label.optional(), categoryId: label.optional(), ratio }),
  z.strictObject({ type: z.literal('FLAT'), productId: label.optional(), categoryId: label.optional(), points: decimal }),
  z.strictObject({ type: z.literal('EXCLUDED'), productId: label.optional(), categoryId: label.optional() }),
]);
const campaign = z
  .strictObject({
    name: label,
    multiplier: ratio,
    from: instant,
    before: instant,
    tiers: z.array(label).default([]),
    storeIds: z.array(label).default([]),
    coupons: z.array(label).default([]),
  })
  .refine(({ from, before }) => from < before, { path: ['before'], message: 'Expected an instant after "from".' });

type Fault = (path: (string | number)[], message: string) => void;
type Context = { addIssue(issue: { code: 'custom'; path: (string | number)[]; message: string }): void };

/** A check of one part, run as soon as that part has its shape, so that one faulty part does not hide the faults of another. */
const refined =
  <Part>(check: (part: Part, fault: Fault) => void) =>
  (part: Part, context: Context): void =>
    check(part, (path, message) => context.addIssue({ code: 'custom', path, message }));

function checkLevels(levels: readonly { name: string; minimumSpend: string }[], fault: Fault): void {
  for (const [index, { name, minimumSpend }] of levels.entries()) {
    const path = [index, 'minimumSpend'];
    const before = levels[index - 1];
    const spend = parsedDecimal(minimumSpend);
    if (index === 0 && spend.units !== 0n) fault(path, 'Expected 0: the first tier is the one that everybody starts in.');
    if (before && compareDecimals(parsedDecimal(before.minimumSpend), spend) >= 0) fault(path, 'Expected more than the tier before.');
    if (levels.findIndex((other) => other.name === name) < index) fault([index, 'name'], 'Expected a name of its own.');
  }
}

function checkRules(rules: readonly { productId?: string | undefined; categoryId?: string | undefined }[], fault: Fault): void {
  const seen = new Set<string>();
  for (const [index, { productId, categoryId }] of rules.entries()) {
    if ((productId === undefined) === (categoryId === undefined)) fault([index], 'Expected exactly one of productId and categoryId.');
    const target = JSON.stringify([productId, categoryId]);
    if (seen.has(target)) fault([index], 'Expected one rule for a product or category.');
    seen.add(target);
  }
}

function checkAmounts(levels: readonly { minimumSpend: string }[], digits: number, fault: Fault): void {
  for (const [index, { minimumSpend }] of levels.entries()) {
    const minor = toMinor(parsedDecimal(minimumSpend), digits);
    if (minor === 'SCALE' || minor > BigInt(maximumBalance))
      fault(['tiers', 'levels', index, 'minimumSpend'], 'Expected an amount with no more decimals than the currency has.');
  }
}

function checkCap(cap: string, scale: number, fault: Fault): void {
  const parsed = parsedDecimal(cap);
  if (parsed.scale > scale || roundTo(parsed, scale, 'FLOOR') > BigInt(maximumBalance))
    fault(['purchase', 'maximumPointsPerOrder'], 'Expected points with no more decimals than pointsScale.');
}

/** A file that was checked when it was set, as it is read again. */
const storedFile = z
  .strictObject({
    siteId: label,
    name: label,
    currencyCode: z.string().refine((code) => currencyDigits(code) !== null, 'Expected an ISO 4217 currency code, such as "USD".'),
    // Not asked again whether there is such a zone: loading all of them takes 30 milliseconds of a server's first answer.
    timeZone: z.string(),
    pointsScale: z.int().min(0).max(3).default(0),
    rounding: z.enum(roundingModes).default('FLOOR'),
    pointValue: decimal.default('0'),
    purchase: z.strictObject({
      configured: z.boolean().default(true),
      baseRatio: ratio,
      pointsBase: z.enum(pointsBases).default('UNIT_PRICE'),
      maximumPointsPerOrder: decimal.nullable().default(null),
    }),
    hold: z
      .strictObject({
        type: z.enum(holdTypes),
        days: z.int().min(0).max(3650).default(0),
      })
      .default({ type: 'NONE', days: 0 }),
    expiryDays: z.int().min(1).max(36_500).nullable().default(null),
    debtPolicy: z.enum(debtPolicies).default('ALLOW'),
    tiers: z
      .strictObject({
        period: z.enum(tierPeriods),
        levels: z
          .array(z.strictObject({ name: label, minimumSpend: decimal, ratio }))
          .max(50)
          .superRefine(refined(checkLevels)),
      })
      .default({ period: 'LIFETIME', levels: [] }),
    rules: z.array(earningRule).max(10_000).superRefine(refined(checkRules)).default([]),
    campaigns: z.array(campaign).max(1_000).default([]),
    orders: z
      .strictObject({
        dateRequired: z.boolean().default(false),
        lineKeyRequired: z.boolean().default(false),
        shipOnCreate: z.boolean().nullable().default(null),
      })
      .default({ dateRequired: false, lineKeyRequired: false, shipOnCreate: null }),
    secondaryMembers: z.strictObject({ earnForPrimary: z.boolean().default(false) }).default({ earnForPrimary: false }),
  })
  .superRefine(({ currencyCode, tiers, purchase, pointsScale }, context) => {
    const fault: Fault = (path, message) => context.addIssue({ code: 'custom', path, message });
    checkAmounts(tiers.levels, currencyDigits(currencyCode) ?? 0, fault);
    if (purchase.maximumPointsPerOrder !== null) checkCap(purchase.maximumPointsPerOrder, pointsScale, fault);
  });

const programFile = storedFile.safeExtend({
  timeZone: z.string().refine(isTimeZone, 'Expected an IANA time zone, such as "America/Los_Angeles".'),
});

type ProgramRules = z.output<typeof storedFile>;
export type EarningRuleSetting = ProgramRules['rules'][number];
export type CampaignSetting = ProgramRules['campaigns'][number];
export type ProgramLevel = { readonly name: string; readonly minimumSpendMinor: number; readonly ratio: string };

/** One version of a site's program. Amounts are in minor units, points in units of the scale, ratios exact decimals as text. */
export type Program = {
  readonly siteId: string;
  readonly version: number;
  readonly effectiveFrom: Instant;
  readonly name: string;
  readonly currencyCode: string;
  readonly currencyDigits: number;
  readonly timeZone: string;
  readonly pointsScale: number;
  readonly rounding: ProgramRules['rounding'];
  readonly pointValue: string;
  readonly purchaseConfigured: boolean;
  readonly baseRatio: string;
  readonly pointsBase: (typeof pointsBases)[number];
  readonly maximumPoints: number | null;
  readonly hold: (typeof holdTypes)[number];
  readonly holdDays: number;
  readonly expiryDays: number | null;
  readonly debtPolicy: (typeof debtPolicies)[number];
  readonly tierPeriod: (typeof tierPeriods)[number];
  readonly levels: readonly ProgramLevel[];
  readonly rules: readonly EarningRuleSetting[];
  readonly campaigns: readonly CampaignSetting[];
  readonly orderDateRequired: boolean;
  readonly lineKeyRequired: boolean;
  readonly shipOnCreate: boolean;
  readonly secondaryEarnsForPrimary: boolean;
};

/** The path of a fault of the file as a whole. */
export const wholeFile = '(file)';

export type ProgramFault = {
  readonly path: string;
  readonly message: string;
  /** The newest version, when another one was expected. */
  readonly currentVersion?: number;
};

/** Checks a program file. Returns the site it is for, or every fault with its path. */
export function readProgramFile(file: unknown): { readonly siteId: string } | { readonly faults: readonly ProgramFault[] } {
  const parsed = programFile.safeParse(file);
  if (parsed.success) return { siteId: parsed.data.siteId };
  return { faults: parsed.error.issues.map((issue) => ({ path: issue.path.join('.') || wholeFile, message: issue.message })) };
}

/** The program that a checked file describes, as one version of its site's. Throws when the file was not checked before. */
export function programOf(file: unknown, version: number, effectiveFrom: Instant): Program {
  const { purchase, hold, tiers, orders, secondaryMembers, ...rest } = storedFile.parse(file);
  const digits = currencyDigits(rest.currencyCode) ?? 0;
  const cap = purchase.maximumPointsPerOrder;
  return {
    siteId: rest.siteId,
    version,
    effectiveFrom,
    name: rest.name,
    currencyCode: rest.currencyCode,
    currencyDigits: digits,
    timeZone: rest.timeZone,
    pointsScale: rest.pointsScale,
    rounding: rest.rounding,
    pointValue: rest.pointValue,
    purchaseConfigured: purchase.configured,
    baseRatio: purchase.baseRatio,
    pointsBase: purchase.pointsBase,
    maximumPoints: cap === null ? null : Number(roundTo(parsedDecimal(cap), rest.pointsScale, 'FLOOR')),
    hold: hold.type,
    holdDays: hold.days,
    expiryDays: rest.expiryDays,
    debtPolicy: rest.debtPolicy,
    tierPeriod: tiers.period,
    levels: tiers.levels.map((level) => ({ name: level.name, ratio: level.ratio, minimumSpendMinor: minorOf(level.minimumSpend, digits) })),
    rules: rest.rules,
    campaigns: rest.campaigns,
    orderDateRequired: orders.dateRequired,
    lineKeyRequired: orders.lineKeyRequired,
    shipOnCreate: orders.shipOnCreate ?? hold.type === 'NONE',
    secondaryEarnsForPrimary: secondaryMembers.earnForPrimary,
  };
}

/** A decimal that was checked when its program was read. */
export const parsedDecimal = (text: string): Decimal => parseDecimal(text) ?? decimalOf(0, 0);

const minorOf = (amount: string, digits: number): number => Number(toMinor(parsedDecimal(amount), digits));

/**
 * The version in force at an instant: the newest of those that had begun. An instant before the first version uses the first.
 * `versions` are in order of their number and not empty.
 */
export function programAt(versions: readonly Program[], at: Instant): Program {
  const [first] = versions;
  if (!first) throw new Error('A site has at least one program version.');
  return versions.findLast(({ effectiveFrom }) => effectiveFrom <= at) ?? first;
}
