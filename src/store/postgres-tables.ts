// The tables as PostgreSQL has them: its migrations are generated from this file.
import { postgresColumns } from './columns.ts';
import { definePointsTables } from './points-tables.ts';
import { defineTables } from './tables.ts';
import { defineWorkTables } from './work-tables.ts';

const tables = defineTables(postgresColumns);

export const { programs, members, memberLinks, orders, lineItems, orderEvents, spendAdjustments, answers } = tables;
export const { pointsEntries, orderSpend, memberSpendDays, pointsLots, redemptionParts, orderReleases, sandboxClocks } = definePointsTables(
  postgresColumns,
  tables,
);
export const { outbox, leases } = defineWorkTables(postgresColumns, tables);
