// The programs of the random histories: every hold with every debt policy, with and without expiry, in three currencies, four scales
// and roundings, and three tier periods; and their later versions.
import type { ProgramFile } from '../oracle/program.ts';
import type { Random } from './random.ts';

const base = {
  siteId: 'demo',
  hold: { type: 'NONE', days: 0 },
  expiryDays: null,
  debtPolicy: 'ALLOW',
  rules: [
    { productId: 'gift-card', type: 'EXCLUDED' },
    { productId: 'mug', type: 'FLAT', points: '7.5' },
    { categoryId: 'shoes', type: 'RATIO', ratio: '2' },
    { productId: 'p1', type: 'RATIO', ratio: '0.35' },
    { categoryId: 'freebies', type: 'RATIO', ratio: '0' },
  ],
  campaigns: [
    {
      name: 'Gold week',
      multiplier: '3',
      from: '2026-12-01T00:00:00-08:00',
      before: '2027-02-01T00:00:00-08:00',
      tiers: ['Gold', 'Silver'],
      storeIds: [],
      coupons: [],
    },
    {
      name: 'Spring coupons',
      multiplier: '1.7',
      from: '2026-10-10T00:00:00Z',
      before: '2028-06-01T00:00:00Z',
      tiers: [],
      storeIds: [],
      coupons: ['SPRING', 'VIP'],
    },
    {
      name: 'Slow store',
      multiplier: '0.5',
      from: '2026-01-01T00:00:00Z',
      before: '2029-01-01T00:00:00Z',
      tiers: [],
      storeIds: ['store-2'],
      coupons: [],
    },
  ],
  orders: { dateRequired: false, lineKeyRequired: false, shipOnCreate: null },
} as const;

function levels(silver: string, gold: string): ProgramFile['tiers']['levels'] {
  return [
    { name: 'Bronze', minimumSpend: '0', ratio: '1' },
    { name: 'Silver', minimumSpend: silver, ratio: '1.25' },
    { name: 'Gold', minimumSpend: gold, ratio: '1.5' },
  ];
}

const purchase = (baseRatio: string, pointsBase: 'UNIT_PRICE' | 'NET', maximumPointsPerOrder: string | null) => ({
  configured: true,
  baseRatio,
  pointsBase,
  maximumPointsPerOrder,
});

/** The worth of a point is always a whole number of minor units, so that no rounding of values is in question. */
const programs: readonly ProgramFile[] = [
  {
    ...base,
    name: 'Dollars',
    currencyCode: 'USD',
    timeZone: 'America/Los_Angeles',
    pointsScale: 0,
    rounding: 'FLOOR',
    pointValue: '0.01',
    purchase: purchase('1', 'UNIT_PRICE', null),
    tiers: { period: 'ROLLING_12_MONTHS', levels: levels('200', '700') },
    secondaryMembers: { earnForPrimary: false },
  },
  {
    ...base,
    name: 'Yen',
    currencyCode: 'JPY',
    timeZone: 'Asia/Tokyo',
    pointsScale: 0,
    rounding: 'HALF_UP',
    pointValue: '1',
    purchase: purchase('0.015', 'UNIT_PRICE', '150'),
    tiers: { period: 'CALENDAR_YEAR', levels: levels('20000', '60000') },
    secondaryMembers: { earnForPrimary: true },
  },
  {
    ...base,
    name: 'Dinars',
    currencyCode: 'KWD',
    timeZone: 'Asia/Kuwait',
    pointsScale: 3,
    rounding: 'HALF_EVEN',
    pointValue: '1',
    purchase: purchase('1.1', 'NET', null),
    tiers: { period: 'LIFETIME', levels: levels('300.5', '1000') },
    orders: { dateRequired: false, lineKeyRequired: true, shipOnCreate: null },
    secondaryMembers: { earnForPrimary: false },
  },
  {
    ...base,
    name: 'Pooled dollars',
    currencyCode: 'USD',
    timeZone: 'America/New_York',
    pointsScale: 2,
    rounding: 'CEILING',
    pointValue: '1',
    purchase: purchase('0.333', 'NET', '120.55'),
    tiers: { period: 'CALENDAR_YEAR', levels: levels('300', '900') },
    secondaryMembers: { earnForPrimary: true },
  },
  {
    ...base,
    name: 'Half yen',
    currencyCode: 'JPY',
    timeZone: 'Asia/Tokyo',
    pointsScale: 1,
    rounding: 'FLOOR',
    pointValue: '10',
    purchase: purchase('0.05', 'NET', '900'),
    tiers: { period: 'ROLLING_12_MONTHS', levels: levels('15000', '50000') },
    orders: { dateRequired: true, lineKeyRequired: false, shipOnCreate: null },
    secondaryMembers: { earnForPrimary: false },
  },
  {
    ...base,
    name: 'Pooled dinars',
    currencyCode: 'KWD',
    timeZone: 'Europe/Berlin',
    pointsScale: 2,
    rounding: 'HALF_UP',
    pointValue: '0.1',
    purchase: purchase('1.5', 'UNIT_PRICE', null),
    tiers: { period: 'ROLLING_12_MONTHS', levels: levels('200', '600') },
    orders: { dateRequired: false, lineKeyRequired: false, shipOnCreate: false },
    secondaryMembers: { earnForPrimary: true },
  },
];

const holds = [
  { type: 'NONE', days: 0 },
  { type: 'ORDER_DATE', days: 9 },
  { type: 'LINE_SHIP_DATE', days: 14 },
  { type: 'ALL_LINES_SHIP_DATE', days: 5 },
] as const;
const debtPolicies = ['ALLOW', 'CLAMP', 'REFUSE'] as const;
const shortExpiry = 20;

/** Each hold with each debt policy. */
export function programsWith(expires: boolean): ProgramFile[] {
  return debtPolicies.flatMap((debtPolicy, row) =>
    holds.map((hold, column) => {
      const place = row * holds.length + column + (expires ? 3 : 0);
      const site = programs[place % programs.length];
      if (site === undefined) throw new Error('There are no programs.');
      const expiryDays = expires ? shortExpiry : null;
      return { ...site, name: `${site.name}, ${hold.type}, ${debtPolicy}, expiry ${expiryDays}`, hold, debtPolicy, expiryDays };
    }),
  );
}

/** What a version may change of how points are held, expire and are taken back; often back to how it was at first. */
function otherTerms(random: Random, first: ProgramFile): Partial<ProgramFile> {
  const { hold, debtPolicy, expiryDays } = first;
  return random.weighted<() => Partial<ProgramFile>>([
    [3, () => ({ hold, debtPolicy, expiryDays })],
    [1, () => ({ hold: { type: random.pick(holds).type, days: random.pick([0, 2, 30]) } })],
    [1, () => ({ debtPolicy: random.pick(debtPolicies) })],
    [1, () => ({ expiryDays: random.pick([null, 8, 45]) })],
  ])();
}

/** A later version: one or two things change; currency, scale and time zone are fixed after the first order. */
export function nextVersion(random: Random, file: ProgramFile, first: ProgramFile): ProgramFile {
  const changes: readonly (() => Partial<ProgramFile>)[] = [
    () => ({ purchase: { ...file.purchase, baseRatio: random.pick(['0.5', '1', '1.25', '0.07', '0']) } }),
    () => ({ purchase: { ...file.purchase, pointsBase: random.pick(['NET', 'UNIT_PRICE']) } }),
    () => ({ purchase: { ...file.purchase, maximumPointsPerOrder: random.pick([null, '25', '100', '1000']) } }),
    () => ({ purchase: { ...file.purchase, configured: false } }),
    () => ({ pointValue: '0' }),
    () => otherTerms(random, first),
    () => otherTerms(random, first),
    () => otherTerms(random, first),
    () => otherTerms(random, first),
    () => ({ rounding: random.pick(['FLOOR', 'HALF_UP', 'HALF_EVEN', 'CEILING']) }),
    () => ({ tiers: { ...file.tiers, levels: file.tiers.levels.map((level) => ({ ...level, ratio: random.pick(['1', '1.1', '2']) })) } }),
    () => ({ tiers: { ...file.tiers, period: random.pick(['LIFETIME', 'CALENDAR_YEAR', 'ROLLING_12_MONTHS']) } }),
    () => ({ rules: random.chance(0.5) ? [] : base.rules }),
    () => ({ orders: { ...file.orders, lineKeyRequired: !file.orders.lineKeyRequired } }),
    () => ({ orders: { ...file.orders, dateRequired: !file.orders.dateRequired } }),
    () => ({ orders: { ...file.orders, shipOnCreate: random.pick([null, true, false]) } }),
    () => ({ secondaryMembers: { earnForPrimary: !file.secondaryMembers.earnForPrimary } }),
  ];
  // A program that awards nothing hides mistakes, so it does not last for long.
  const idle = !file.purchase.configured || file.purchase.baseRatio === '0' || file.pointValue === '0';
  const woken = { ...file, pointValue: first.pointValue, purchase: { ...file.purchase, configured: true, baseRatio: '1' } };
  const changed = file.hold !== first.hold || file.debtPolicy !== first.debtPolicy || file.expiryDays !== first.expiryDays;
  const { hold, debtPolicy, expiryDays } = first;
  if (changed && random.chance(0.6)) return { ...file, hold, debtPolicy, expiryDays };
  return idle ? woken : { ...file, ...random.pick(changes)() };
}
