// Starts the PostgreSQL server that all tests of a run share, unless TEST_DATABASE_URL names another one.
import { randomUUID } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { migratePostgres } from '../../../src/store/postgres.ts';
import { withClient } from './client.ts';
import { type Cluster, startCluster } from './cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the shared server is, with the name of a migrated database that others are copied of; or why there is none. */
    readonly postgres: { readonly url: string; readonly template: string } | { readonly failure: string };
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

/** Makes the database that the tests' own are copied of: migrating each would take most of their time. */
async function makeTemplate(server: string): Promise<string> {
  const name = `orders_template_${randomUUID().replaceAll('-', '')}`;
  await withClient(server, (client) => client.query(`create database ${name} template template0`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  await migratePostgres(url.href);
  return name;
}

/** Called once per run. Without PostgreSQL the tests that need none still run; the others say why they cannot. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  let cluster: Cluster | undefined;
  try {
    const named = process.env['TEST_DATABASE_URL'];
    if (!named) cluster = await startCluster(settings);
    const url = named ?? cluster?.url ?? '';
    const template = await makeTemplate(url);
    project.provide('postgres', { url, template });
    return cluster?.stop ?? (() => withClient(url, async (client) => void (await client.query(`drop database ${template}`))));
  } catch (error) {
    project.provide('postgres', { failure: String(error) });
    return cluster?.stop;
  }
}
