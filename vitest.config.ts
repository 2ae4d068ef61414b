// Runs the tests: Node environment, real databases. Those that are listed run twice, on SQLite and on PostgreSQL.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What the engine must make no difference to. */
const onBothEngines = ['test/graphql/**/*.test.ts'];

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
