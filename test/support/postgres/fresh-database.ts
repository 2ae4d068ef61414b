// Databases for tests on the PostgreSQL server that the run shares.
import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { withClient } from './client.ts';

export type FreshDatabase = {
  readonly url: string;
  /** Drops it, whoever is still connected. */
  readonly drop: () => Promise<void>;
};

function sharedServer(): string {
  const server = inject('postgres');
  if ('failure' in server) throw new Error(`There is no PostgreSQL for the tests: ${server.failure}`);
  return server.url;
}

/** Makes an empty database that nobody else uses. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = sharedServer();
  const name = `orders_test_${randomUUID().replaceAll('-', '')}`;
  // template0: others are refused as templates while somebody is connected to them. Copying its files takes half as long as logging them.
  await withClient(server, (client) => client.query(`create database ${name} template template0 strategy file_copy`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      await withClient(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}
