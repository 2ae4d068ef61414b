// Every table, each after those that its rows point to.
import { memberSpendDays, orderReleases, orderSpend, pointsEntries, pointsLots, redemptionParts, sandboxClocks } from './points-tables.ts';
import { answers, lineItems, memberLinks, members, orderEvents, orders, programs, spendAdjustments } from './tables.ts';
import { leases, outbox } from './work-tables.ts';

export const allTables = [
  programs,
  members,
  memberLinks,
  orders,
  lineItems,
  orderEvents,
  spendAdjustments,
  answers,
  pointsEntries,
  orderSpend,
  memberSpendDays,
  pointsLots,
  redemptionParts,
  orderReleases,
  sandboxClocks,
  outbox,
  leases,
] as const;
