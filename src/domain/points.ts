// The points of a line: the rule that is frozen with it, and what a quantity earns under that rule.
import {
  compareDecimals,
  type Decimal,
  decimalOf,
  divideRounded,
  formatDecimal,
  multiply,
  powerOfTen,
  type RoundingMode,
  roundTo,
} from './decimal.ts';
import type { Instant } from './instant.ts';
import { type LineItem, retainedDiscount } from './line-item.ts';
import { type CampaignSetting, type EarningRuleSetting, type Program, type ProgramLevel, parsedDecimal } from './program.ts';

export const earningStepKinds = ['BASE', 'TIER', 'PRODUCT_RULE', 'CATEGORY_RULE', 'CAMPAIGN', 'FLAT', 'ROUNDING'] as const;
type EarningStepKind = (typeof earningStepKinds)[number];
const zeroReasons = ['OPTED_OUT', 'PURCHASE_NOT_CONFIGURED', 'EXCLUDED', 'ZERO_PRICE', 'ZERO_RATIO', 'ROUNDED_TO_ZERO'] as const;
type ZeroReason = (typeof zeroReasons)[number];

type Factor = {
  readonly kind: 'BASE' | 'TIER' | 'PRODUCT_RULE' | 'CATEGORY_RULE' | 'CAMPAIGN';
  readonly label: string;
  readonly ratio: string;
};

/** The rule a line earns under, frozen when the line was accepted. Ratios and points per unit are exact decimals as text. */
export type EarningRule = {
  readonly programVersion: number;
  readonly tier: string | null;
  readonly rounding: RoundingMode;
  readonly pointsBase: Program['pointsBase'];
  readonly pointsScale: number;
  readonly currencyDigits: number;
  /** Why nothing is earned whatever the price; null when something may be. */
  readonly barred: 'OPTED_OUT' | 'PURCHASE_NOT_CONFIGURED' | 'EXCLUDED' | null;
  /** Points per unit in place of price × ratio; null for a ratio. */
  readonly flat: { readonly label: string; readonly points: string } | null;
  readonly factors: readonly Factor[];
};

export type EarningStep = {
  readonly kind: EarningStepKind;
  readonly label: string;
  readonly factor: string | null;
  readonly points: string;
};
export type Earning = {
  readonly tier: string | null;
  readonly ratio: string | null;
  readonly steps: readonly EarningStep[];
  readonly zeroReason: ZeroReason | null;
};

type RuleQuestion = {
  readonly program: Program;
  readonly tier: ProgramLevel | null;
  readonly optedIn: boolean;
  readonly at: Instant;
  readonly storeId: string | null;
  readonly coupons: readonly string[];
  readonly line: { readonly productId: string; readonly categoryId: string | null; readonly coupon: string | null };
};

/** The tier that a spend (in minor units) reaches: the highest level whose minimum it meets; null when the program has none. */
export const tierOf = (program: Program, spendMinor: number): ProgramLevel | null =>
  program.levels.findLast(({ minimumSpendMinor }) => minimumSpendMinor <= spendMinor) ?? program.levels[0] ?? null;

/** The ratio of spend adjustments of an order: base × tier, 0 when the order could not earn. */
export function adjustmentRatio(program: Program, tier: ProgramLevel | null, optedIn: boolean): string {
  if (!program.purchaseConfigured || !optedIn) return '0';
  return formatDecimal(multiply(parsedDecimal(program.baseRatio), parsedDecimal(tier?.ratio ?? '1')));
}

/** Chooses the rule of a line: base × tier × product or category rule × the largest campaign, or points per unit, or none. */
export function earningRule(question: RuleQuestion): EarningRule {
  const { program, tier, optedIn, line } = question;
  const setting = program.rules.find(({ productId }) => productId === line.productId) ?? categoryRule(program, line.categoryId);
  const common = {
    programVersion: program.version,
    tier: tier?.name ?? null,
    rounding: program.rounding,
    pointsBase: program.pointsBase,
    pointsScale: program.pointsScale,
    currencyDigits: program.currencyDigits,
    barred: null,
    flat: null,
    factors: [],
  } as const satisfies EarningRule;
  if (!optedIn) return { ...common, barred: 'OPTED_OUT' };
  if (!program.purchaseConfigured) return { ...common, barred: 'PURCHASE_NOT_CONFIGURED' };
  if (setting?.type === 'EXCLUDED') return { ...common, barred: 'EXCLUDED', factors: [ruleFactor(setting, '0')] };
  if (setting?.type === 'FLAT') return { ...common, flat: { label: ruleLabel(setting), points: setting.points } };
  const campaign = bestCampaign(question);
  return {
    ...common,
    factors: [
      { kind: 'BASE', label: program.name, ratio: program.baseRatio },
      ...(tier ? [{ kind: 'TIER', label: tier.name, ratio: tier.ratio } as const] : []),
      ...(setting ? [ruleFactor(setting, setting.ratio)] : []),
      ...(campaign ? [{ kind: 'CAMPAIGN', label: campaign.name, ratio: campaign.multiplier } as const] : []),
    ],
  };
}

const categoryRule = (program: Program, category: string | null): EarningRuleSetting | undefined =>
  category === null ? undefined : program.rules.find(({ categoryId }) => categoryId === category);

const ruleLabel = ({ productId, categoryId }: EarningRuleSetting): string => productId ?? categoryId ?? '';

const ruleFactor = (setting: EarningRuleSetting, ratio: string): Factor => ({
  kind: setting.productId === undefined ? 'CATEGORY_RULE' : 'PRODUCT_RULE',
  label: ruleLabel(setting),
  ratio,
});

/** Of the campaigns that apply, the one with the largest multiplier; the first of equals. */
function bestCampaign({ program, tier, at, storeId, coupons, line }: RuleQuestion): CampaignSetting | null {
  const held = line.coupon === null ? coupons : [...coupons, line.coupon];
  const applying = program.campaigns.filter(
    (campaign) =>
      campaign.from <= at &&
      at < campaign.before &&
      matches(campaign.tiers, tier ? [tier.name] : []) &&
      matches(campaign.storeIds, storeId === null ? [] : [storeId]) &&
      matches(campaign.coupons, held),
  );
  return applying.reduce<CampaignSetting | null>(
    (best, campaign) =>
      best && compareDecimals(parsedDecimal(best.multiplier), parsedDecimal(campaign.multiplier)) >= 0 ? best : campaign,
    null,
  );
}

const matches = (wanted: readonly string[], held: readonly string[]): boolean =>
  wanted.length === 0 || wanted.some((value) => held.includes(value));

const totalRatio = ({ factors }: EarningRule): Decimal =>
  factors.reduce((product, { ratio }) => multiply(product, parsedDecimal(ratio)), decimalOf(1, 0));

/** The money, in minor units, that `count` goods of a line bring to the points base. */
const baseMinor = (line: LineItem, count: number): bigint => {
  const value = BigInt(line.unitPriceMinor) * BigInt(count);
  return line.rule.pointsBase === 'NET' ? value - BigInt(retainedDiscount(line, count)) : value;
};

/** What `count` goods of a line earn before rounding, as an exact decimal number of points. */
function exactPoints(line: LineItem, count: number): Decimal {
  const { rule } = line;
  if (rule.barred) return decimalOf(0, 0);
  if (rule.flat) return multiply(parsedDecimal(rule.flat.points), decimalOf(count, 0));
  return multiply({ units: baseMinor(line, count), scale: rule.currencyDigits }, totalRatio(rule));
}

/** The points, in units of the scale, that `count` goods of a line are worth under its frozen rule: one rounding per line. */
export const linePoints = (line: LineItem, count: number): bigint =>
  roundTo(exactPoints(line, count), line.rule.pointsScale, line.rule.rounding);

/** sign × round(|amount| × ratio): the points, in units of the scale, that a signed amount of spend is worth. */
export function adjustmentPoints(
  amountMinor: number,
  terms: { ratio: string; digits: number; scale: number; rounding: RoundingMode },
): bigint {
  const size = BigInt(Math.abs(amountMinor));
  const ratio = parsedDecimal(terms.ratio);
  const points = divideRounded(size * ratio.units * powerOfTen(terms.scale), powerOfTen(terms.digits + ratio.scale), terms.rounding);
  return amountMinor < 0 ? -points : points;
}

/** Explains a line's points for its ordered quantity: each factor with the running number of points, then the rounding. */
export function explainEarning(line: LineItem): Earning {
  const { rule } = line;
  const points = linePoints(line, line.quantity);
  return {
    tier: rule.tier,
    ratio: rule.flat ? null : rule.barred ? '0' : formatDecimal(totalRatio(rule)),
    steps: [...earningSteps(line), ...roundingStep(line, points)],
    zeroReason: points > 0n ? null : zeroReason(line),
  };
}

function earningSteps(line: LineItem): EarningStep[] {
  const { flat, factors } = line.rule;
  if (flat) return [{ kind: 'FLAT', label: flat.label, factor: flat.points, points: formatDecimal(exactPoints(line, line.quantity)) }];
  let running: Decimal = { units: baseMinor(line, line.quantity), scale: line.rule.currencyDigits };
  return factors.map(({ kind, label, ratio }) => {
    running = multiply(running, parsedDecimal(ratio));
    return { kind, label, factor: ratio, points: formatDecimal(running) };
  });
}

function roundingStep(line: LineItem, points: bigint): EarningStep[] {
  const { barred, rounding, pointsScale } = line.rule;
  if (barred) return [];
  return [
    {
      kind: 'ROUNDING',
      label: `${rounding} to ${pointsScale} decimals`,
      factor: null,
      points: formatDecimal(decimalOf(points, pointsScale)),
    },
  ];
}

function zeroReason(line: LineItem): ZeroReason {
  const { barred, flat } = line.rule;
  if (barred) return barred;
  if (!flat && baseMinor(line, line.quantity) === 0n) return 'ZERO_PRICE';
  return exactPoints(line, line.quantity).units === 0n ? 'ZERO_RATIO' : 'ROUNDED_TO_ZERO';
}
