// Runs the tests: Node environment, real databases. Those that are listed run twice, on SQLite and on PostgreSQL.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * What the engine must make no difference to. Of test/graphql, those of the rules alone are left out for time: what they ask of a
 * database, these ask as well. `statements` counts what SQLite runs one after the other, which PostgreSQL runs side by side.
 */
const onBothEngines = [
  'test/background*.test.ts',
  'test/doctor.test.ts',
  'test/graphql/{backdated,bad-input-requests,cap,debt,decimals,dry-run,expiry,forged-cursors,lots,member-lots,members,order-filter}.test.ts',
  'test/graphql/{programs,redemption,redemption-reversal,release,replay,sandbox-clock,statement,tiers,update-order,update-program,worked-cases}.test.ts',
  'test/histories{,-expiry}.test.ts',
  'test/plans/*.test.ts',
  'test/settlement.test.ts',
  'test/store/contract.test.ts',
  'test/store/leases.test.ts',
  'test/store/outbox.test.ts',
];

const shared = {
  // As Node does it: one copy of graphql, since two copies do not know each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
};
const limits = { testTimeout: 120_000, hookTimeout: 120_000, pool: 'forks' } as const;

export default defineConfig({
  test: {
    globalSetup: ['test/support/postgres/global-setup.ts'],
    maxWorkers: 2,
    projects: [
      { ...shared, test: { ...limits, name: 'sqlite', include: ['test/**/*.test.ts'], provide: { engine: 'sqlite' } } },
      { ...shared, test: { ...limits, name: 'postgres', include: onBothEngines, provide: { engine: 'postgres' } } },
    ],
  },
});
