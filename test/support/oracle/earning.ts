// What a line earns: the rule it is given when it is accepted, and the points and money it retains for the quantity kept.
import { decimal, type Fraction, fraction, power10, rounded, times } from './fraction.ts';
import type { LineQuantities, Rule, ZeroReason } from './order.ts';
import { type CampaignFile, currencyDecimals, type LevelFile, type ProgramFile, type RuleFile } from './program.ts';

export type Occasion = {
  readonly program: ProgramFile;
  readonly at: number;
  readonly level: LevelFile | null;
  readonly optedIn: boolean;
  readonly storeId: string | null;
  readonly coupons: readonly string[];
};

const one = fraction(1n);
const tierRatio = (level: LevelFile | null): Fraction => (level === null ? one : decimal(level.ratio));

function campaignApplies(campaign: CampaignFile, occasion: Occasion, coupon: string | null): boolean {
  const coupons = coupon === null ? occasion.coupons : [...occasion.coupons, coupon];
  const tiers = occasion.level === null ? [] : [occasion.level.name];
  const stores = occasion.storeId === null ? [] : [occasion.storeId];
  const matches = (listed: readonly string[], present: readonly string[]) =>
    listed.length === 0 || present.some((value) => listed.includes(value));
  const running = Date.parse(campaign.from) <= occasion.at && occasion.at < Date.parse(campaign.before);
  return running && matches(campaign.tiers, tiers) && matches(campaign.storeIds, stores) && matches(campaign.coupons, coupons);
}

function campaignRatio(occasion: Occasion, coupon: string | null): Fraction {
  const multipliers = occasion.program.campaigns
    .filter((each) => campaignApplies(each, occasion, coupon))
    .map((each) => decimal(each.multiplier));
  return (
    multipliers.reduce<Fraction | null>((best, each) => (best === null || each.n * best.d > best.n * each.d ? each : best), null) ?? one
  );
}

function ruleFor(program: ProgramFile, productId: string, categoryId: string | null): RuleFile | undefined {
  const byCategory = program.rules.find((rule) => rule.categoryId !== undefined && rule.categoryId === categoryId);
  return program.rules.find((rule) => rule.productId === productId) ?? byCategory;
}

function earns(occasion: Occasion, line: { productId: string; categoryId: string | null; coupon: string | null }): Rule['earns'] {
  const { program, level } = occasion;
  if (!occasion.optedIn) return { kind: 'NOTHING', reason: 'OPTED_OUT' };
  if (!program.purchase.configured) return { kind: 'NOTHING', reason: 'PURCHASE_NOT_CONFIGURED' };
  const rule = ruleFor(program, line.productId, line.categoryId);
  if (rule?.type === 'EXCLUDED') return { kind: 'NOTHING', reason: 'EXCLUDED' };
  if (rule?.type === 'FLAT') return { kind: 'FLAT', points: decimal(rule.points ?? '0') };
  const ruleRatio = rule === undefined ? one : decimal(rule.ratio ?? '1');
  const ratios = [decimal(program.purchase.baseRatio), tierRatio(level), ruleRatio, campaignRatio(occasion, line.coupon)];
  return { kind: 'RATIO', ratio: ratios.reduce(times) };
}

export function freezeRule(occasion: Occasion, line: { productId: string; categoryId: string | null; coupon: string | null }): Rule {
  const { program, level } = occasion;
  return {
    tier: level?.name ?? null,
    earns: earns(occasion, line),
    pointsBase: program.purchase.pointsBase,
    rounding: program.rounding,
    scale: program.pointsScale,
    decimals: currencyDecimals(program),
  };
}

/** The ratio of all later spend adjustments: base × tier, 0 when the order could not earn. */
export function adjustmentRatio({ program, level, optedIn }: Occasion): Fraction {
  if (!optedIn || !program.purchase.configured) return fraction(0n);
  return times(decimal(program.purchase.baseRatio), tierRatio(level));
}

export type PricedLine = {
  readonly ordered: number;
  readonly unitPrice: bigint;
  readonly discount: bigint;
  readonly share: bigint;
  readonly rule: Rule;
};

/** Both discounts of a line, pro rata to n of its goods, rounded once. */
const discountOf = (line: PricedLine, n: number): bigint =>
  rounded(fraction((line.discount + line.share) * BigInt(n), BigInt(line.ordered)), 'HALF_UP');

/** The money that n of the line's goods are worth after discounts. */
export const moneyOf = (line: PricedLine, n: number): bigint => line.unitPrice * BigInt(n) - discountOf(line, n);

/** What n goods of the line are worth for points, in minor units. */
const baseOf = (line: PricedLine, n: number): bigint => (line.rule.pointsBase === 'NET' ? moneyOf(line, n) : line.unitPrice * BigInt(n));

/** points(line, n) in units of the points scale: one rounding, under the frozen rule. */
export function pointsOf(line: PricedLine, n: number): bigint {
  const { earns: how, rounding, scale, decimals } = line.rule;
  if (how.kind === 'NOTHING') return 0n;
  const exact =
    how.kind === 'FLAT' ? times(how.points, fraction(BigInt(n))) : times(how.ratio, fraction(baseOf(line, n), power10(decimals)));
  return rounded(times(exact, fraction(power10(scale))), rounding);
}

export function zeroReasonOf(line: PricedLine): ZeroReason | null {
  const { earns: how } = line.rule;
  if (pointsOf(line, line.ordered) !== 0n) return null;
  if (how.kind === 'NOTHING') return how.reason;
  if (how.kind === 'RATIO' && baseOf(line, line.ordered) === 0n) return 'ZERO_PRICE';
  const factor = how.kind === 'FLAT' ? how.points : how.ratio;
  return factor.n === 0n ? 'ZERO_RATIO' : 'ROUNDED_TO_ZERO';
}

export const keptOf = (line: LineQuantities): number => line.ordered - line.cancelled - line.returned;
export const openOf = (line: LineQuantities): number => line.ordered - line.shipped - line.cancelled;
export const returnableOf = (line: LineQuantities): number => line.shipped - line.returned;

/** Points of several lines under the order's cap. */
export function capped(points: bigint, cap: bigint | null): bigint {
  return cap === null || points < cap ? points : cap;
}

/** Spreads an order's discount by the lines' values: largest remainder, ties to the earlier line. */
export function spread(discount: bigint, values: readonly bigint[]): bigint[] {
  const total = values.reduce((all, value) => all + value, 0n);
  if (total === 0n) return values.map(() => 0n);
  const shares = values.map((value) => (discount * value) / total);
  const byRemainder = values.map((value, index) => ({ index, rest: (discount * value) % total }));
  byRemainder.sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  const left = Number(discount - shares.reduce((all, share) => all + share, 0n));
  const lucky = new Set(byRemainder.slice(0, left).map((each) => each.index));
  return shares.map((share, index) => (lucky.has(index) ? share + 1n : share));
}
