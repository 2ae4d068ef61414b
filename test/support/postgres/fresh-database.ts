// Databases for tests on the PostgreSQL server that the run shares.
import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { withClient } from './client.ts';

export type FreshDatabase = {
  readonly url: string;
  /** Drops it, whoever is still connected. */
  readonly drop: () => Promise<void>;
};

function sharedServer() {
  const server = inject('postgres');
  if ('failure' in server) throw new Error(`There is no PostgreSQL for the tests: ${server.failure}`);
  return server;
}

async function copyOf(server: string, template: string): Promise<FreshDatabase> {
  const name = `orders_test_${randomUUID().replaceAll('-', '')}`;
  // Copying the files of a template takes half as long as logging them.
  await withClient(server, (client) => client.query(`create database ${name} template ${template} strategy file_copy`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      await withClient(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** Makes an empty database that nobody else uses. */
// template0: others are refused as templates while somebody is connected to them.
export const freshDatabase = async (): Promise<FreshDatabase> => copyOf(sharedServer().url, 'template0');

/** Makes a database with all tables and no rows that nobody else uses: a copy of the one that the run migrated once. */
export async function migratedDatabase(): Promise<FreshDatabase> {
  const { url, template } = sharedServer();
  return copyOf(url, template);
}
