// Starts the PostgreSQL server that all tests of a run share, unless TEST_DATABASE_URL names another one.
import type { TestProject } from 'vitest/node';
import { type Cluster, startCluster } from './cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the shared server is, or why there is none. */
    readonly postgres: { readonly url: string } | { readonly failure: string };
  }
}

/** Nothing in it has to outlive the machine, so it never waits for a disk. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  max_connections: '200',
};

/** Called once per run. Without PostgreSQL the tests that need none still run; the others say why they cannot. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url) {
    project.provide('postgres', { url });
    return undefined;
  }
  let cluster: Cluster;
  try {
    cluster = await startCluster(settings);
  } catch (error) {
    project.provide('postgres', { failure: String(error) });
    return undefined;
  }
  project.provide('postgres', { url: cluster.url });
  return cluster.stop;
}
