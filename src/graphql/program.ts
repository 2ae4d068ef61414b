// The program of the site, as storefronts need it.
import { decimalOf, formatDecimal } from '../domain/decimal.ts';
import type { ProgramLevel, Program as ProgramRow } from '../domain/program.ts';
import { builder } from './builder.ts';
import { Money, money } from './money.ts';

const HoldType = builder.enumType('HoldType', {
  description: 'How long earned points wait before they can be spent.',
  values: {
    NONE: { description: 'Points are available at once.' },
    ORDER_DATE: {
      description:
        'Points wait `holdDays` from the order date (added ones from the addition), or until the whole order is shipped, whichever is first.',
    },
    LINE_SHIP_DATE: { description: 'The points of each shipped quantity wait `holdDays` from its ship date.' },
    ALL_LINES_SHIP_DATE: { description: 'The points of the order wait `holdDays` from its last ship date, once nothing of it is open.' },
  } as const,
});
const RoundingMode = builder.enumType('RoundingMode', {
  description: "How a line's points are rounded, once, to the program's decimals.",
  values: {
    FLOOR: { description: 'Down.' },
    HALF_UP: { description: 'To the nearest; a half goes up.' },
    HALF_EVEN: { description: 'To the nearest; a half goes to the even neighbour.' },
    CEILING: { description: 'Up.' },
  } as const,
});
const DebtPolicy = builder.enumType('DebtPolicy', {
  description: 'What happens when points are taken back that a member no longer has.',
  values: {
    ALLOW: { description: 'The rest becomes debt, which later points repay first.' },
    CLAMP: { description: 'The rest is let go, and recorded.' },
    REFUSE: { description: 'The command is refused.' },
  } as const,
});
const TierPeriod = builder.enumType('TierPeriod', {
  description: 'Which spend counts for a tier.',
  values: {
    LIFETIME: { description: 'All spend ever.' },
    CALENDAR_YEAR: { description: "Spend of the calendar year, in the program's time zone." },
    ROLLING_12_MONTHS: { description: 'Spend of the last twelve months, up to the instant.' },
  } as const,
});
const PointsBase = builder.enumType('PointsBase', {
  description: 'What a line earns on.',
  values: {
    UNIT_PRICE: { description: 'Unit price × quantity, before discounts.' },
    NET: { description: 'Unit price × quantity, less discounts.' },
  } as const,
});

const ProgramTier = builder.objectRef<ProgramLevel>('ProgramTier').implement({
  description: 'A tier that members reach by spend.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the tier.' }),
    minimumSpend: t.field({
      type: Money,
      description: 'The spend in the period from which a member is in it.',
      resolve: ({ minimumSpendMinor }) => money(minimumSpendMinor),
    }),
    ratio: t.field({ type: 'Decimal', description: 'What the tier multiplies points by.', resolve: ({ ratio }) => ratio }),
  }),
});

export const Program = builder.objectRef<ProgramRow>('Program').implement({
  description: "The rules of the site's loyalty program: the version in force now.",
  fields: (t) => ({
    siteId: t.exposeID('siteId', { description: 'The site.' }),
    version: t.exposeInt('version', { description: 'The number of the version; the rule frozen with each line names its own.' }),
    name: t.exposeString('name', { description: 'The name of the program.' }),
    currencyCode: t.field({
      type: 'CurrencyCode',
      description: 'The currency of all amounts.',
      resolve: ({ currencyCode }) => currencyCode,
    }),
    timeZone: t.exposeString('timeZone', { description: 'The IANA time zone in which years and days are counted.' }),
    pointsScale: t.exposeInt('pointsScale', { description: 'How many decimals points have.' }),
    rounding: t.field({ type: RoundingMode, description: "How a line's points are rounded.", resolve: ({ rounding }) => rounding }),
    purchaseConfigured: t.exposeBoolean('purchaseConfigured', {
      description: 'False: orders earn nothing, and cartPoints answers PURCHASE_ACTION_NOT_CONFIGURED.',
    }),
    baseRatio: t.field({
      type: 'Decimal',
      description: 'Points per unit of currency before tiers, rules and campaigns.',
      resolve: ({ baseRatio }) => baseRatio,
    }),
    pointsBase: t.field({ type: PointsBase, description: 'What a line earns on.', resolve: ({ pointsBase }) => pointsBase }),
    maximumPointsPerOrder: t.field({
      type: 'Points',
      nullable: true,
      description: 'The most that an order earns; null for no bound.',
      resolve: ({ maximumPoints, pointsScale }) => (maximumPoints === null ? null : formatDecimal(decimalOf(maximumPoints, pointsScale))),
    }),
    pointValue: t.field({
      type: 'Decimal',
      description: 'Currency per point; 0: points cannot be redeemed.',
      resolve: ({ pointValue }) => pointValue,
    }),
    hold: t.field({ type: HoldType, description: 'How long earned points wait.', resolve: ({ hold }) => hold }),
    holdDays: t.exposeInt('holdDays', {
      description: 'The days of the hold: calendar days in the time zone of the program, to the same local time.',
    }),
    expiryDays: t.exposeInt('expiryDays', {
      nullable: true,
      description: 'Calendar days until points expire, from when they became available; null: never.',
    }),
    debtPolicy: t.field({
      type: DebtPolicy,
      description: 'What happens when points are taken back that a member no longer has.',
      resolve: ({ debtPolicy }) => debtPolicy,
    }),
    tierPeriod: t.field({ type: TierPeriod, description: 'Which spend counts for a tier.', resolve: ({ tierPeriod }) => tierPeriod }),
    tiers: t.field({ type: [ProgramTier], description: 'The tiers, lowest first.', resolve: ({ levels }) => levels }),
    orderDateRequired: t.exposeBoolean('orderDateRequired', { description: 'Whether createOrder must say an order date.' }),
    lineKeyRequired: t.exposeBoolean('lineKeyRequired', { description: 'Whether each line must have a lineKey.' }),
    shipOnCreate: t.exposeBoolean('shipOnCreate', {
      description: 'Whether an order counts as shipped when it is created, unless it says otherwise.',
    }),
    secondaryEarnsForPrimary: t.exposeBoolean('secondaryEarnsForPrimary', {
      description: "Whether a secondary member's orders are credited to the primary member.",
    }),
  }),
});

builder.queryField('program', (t) =>
  t.field({ type: Program, description: 'The program of the site.', resolve: (_, __, { program }) => program }),
);
