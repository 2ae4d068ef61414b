// The program of the demo: three tiers by spend in a year, rules for some products, a campaign.

/** A program file, as `program set` reads it. */
export const demoProgram = {
  siteId: 'demo',
  name: 'Demo Rewards',
  currencyCode: 'USD',
  timeZone: 'America/Los_Angeles',
  pointsScale: 0,
  rounding: 'FLOOR',
  pointValue: '0.01',
  purchase: { configured: true, baseRatio: '1', pointsBase: 'UNIT_PRICE', maximumPointsPerOrder: null },
  hold: { type: 'NONE', days: 0 },
  expiryDays: null,
  debtPolicy: 'ALLOW',
  tiers: {
    period: 'ROLLING_12_MONTHS',
    levels: [
      { name: 'Bronze', minimumSpend: '0', ratio: '1' },
      { name: 'Silver', minimumSpend: '500', ratio: '1.25' },
      { name: 'Gold', minimumSpend: '2000', ratio: '1.5' },
    ],
  },
  rules: [
    { productId: 'gift-card', type: 'EXCLUDED' },
    { productId: 'mug', type: 'FLAT', points: '50' },
    { categoryId: 'shoes', type: 'RATIO', ratio: '2' },
  ],
  campaigns: [
    {
      name: 'Gold week',
      multiplier: '3',
      from: '2026-12-01T00:00:00-08:00',
      before: '2026-12-08T00:00:00-08:00',
      tiers: ['Gold'],
      storeIds: [],
      coupons: [],
    },
  ],
  orders: { dateRequired: false, lineKeyRequired: false, shipOnCreate: null },
  secondaryMembers: { earnForPrimary: false },
};
