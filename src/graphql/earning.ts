// Why a line earned what it earned.
import { type Earning as EarningRow, type EarningStep as EarningStepRow, earningStepKinds } from '../domain/points.ts';
import { builder } from './builder.ts';

const stepDescriptions = {
  BASE: "The program's base ratio.",
  TIER: 'The tier held just before the order.',
  PRODUCT_RULE: 'A rule for the product.',
  CATEGORY_RULE: "A rule for the product's category.",
  CAMPAIGN: 'The largest campaign that applied.',
  FLAT: 'Points per unit, in place of price × ratio.',
  ROUNDING: "The one rounding of the line's points.",
} as const;

const EarningStepKind = builder.enumType('EarningStepKind', {
  description: 'What a step of an earning is about.',
  values: Object.fromEntries(earningStepKinds.map((kind) => [kind, { description: stepDescriptions[kind] }])) as Record<
    keyof typeof stepDescriptions,
    { description: string }
  >, // One value a kind.
});

const ZeroReason = builder.enumType('ZeroReason', {
  description: 'Why a line earned nothing.',
  values: {
    OPTED_OUT: { description: 'The credited member had opted out.' },
    PURCHASE_NOT_CONFIGURED: { description: 'The program had no purchase action.' },
    EXCLUDED: { description: 'A rule excludes the product or its category.' },
    ZERO_PRICE: { description: 'There was nothing to pay.' },
    ZERO_RATIO: { description: 'The ratios that applied come to zero.' },
    ROUNDED_TO_ZERO: { description: 'The points were less than the smallest number that the program gives.' },
  } as const,
});

const EarningStep = builder.objectRef<EarningStepRow>('EarningStep').implement({
  description: 'One step on the way from a price to points.',
  fields: (t) => ({
    kind: t.field({ type: EarningStepKind, description: 'What the step is about.', resolve: ({ kind }) => kind }),
    label: t.exposeString('label', { description: 'What applied, by name: the tier, the product, the campaign.' }),
    factor: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What it multiplies by; for FLAT the points per unit; null for the rounding.',
      resolve: ({ factor }) => factor,
    }),
    points: t.field({ type: 'Decimal', description: 'The points after this step, exact.', resolve: ({ points }) => points }),
  }),
});

export const Earning = builder.objectRef<EarningRow>('Earning').implement({
  description: 'The rule that was frozen with a line, and how it gives the points of the ordered quantity.',
  fields: (t) => ({
    tier: t.exposeString('tier', { nullable: true, description: 'The tier held just before the order; null when the program has none.' }),
    ratio: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The product of all ratios that applied; null for points per unit.',
      resolve: ({ ratio }) => ratio,
    }),
    steps: t.field({ type: [EarningStep], description: 'Why this many points, in order.', resolve: ({ steps }) => steps }),
    zeroReason: t.field({
      type: ZeroReason,
      nullable: true,
      description: 'Set when the line earned nothing.',
      resolve: ({ zeroReason }) => zeroReason,
    }),
  }),
});
