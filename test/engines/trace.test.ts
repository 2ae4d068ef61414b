// SQLite and PostgreSQL answer the same: for the same seed, every byte of every answer. What PostgreSQL is sent meanwhile carries its site.
import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { postgresDatabase, type Sent, sqliteDatabase, type TestDatabase } from '../support/engine.ts';
import { programsWith } from '../support/histories/programs.ts';
import { openGuardedServer, type TestServer } from '../support/server.ts';
import { accessesOf, siteParameter } from '../support/site-conditions.ts';
import { playTrace } from '../support/trace.ts';

const seeds = [1, 2, 3];
const steps = Number(process.env['TRACE_STEPS'] ?? '100');
const limits = { fields: 5_000, aliases: 5_000, definitions: 5_000, directives: 5_000, depth: 50 };

function open(database: TestDatabase): TestServer {
  let ids = 0;
  const newId = (): string => `id-${String(++ids).padStart(8, '0')}`;
  const server = openGuardedServer({ database, sandbox: true, limits, newId });
  onTestFinished(async () => {
    await server.close();
    await database.remove();
  });
  return server;
}

/** Sites that a transaction names, and the tables that it names no site for. */
async function sitesOf(client: Client, sent: readonly Sent[]) {
  const known = new Map<string, Awaited<ReturnType<typeof accessesOf>>>();
  const sites = new Map<object, Set<unknown>>();
  const unbound = new Set<string>();
  for (const { transaction, sql, values } of sent) {
    const accesses = known.get(sql) ?? (await accessesOf(client, sql));
    known.set(sql, accesses);
    const named = sites.get(transaction) ?? new Set();
    sites.set(transaction, named);
    for (const access of accesses) {
      const parameter = siteParameter(access);
      if (parameter === null) unbound.add(sql);
      else named.add(values[parameter - 1]);
    }
  }
  return { sites: [...sites.values()].map((named) => [...named]), unbound: [...unbound] };
}

describe.each(seeds)('trace %i', (seed) => {
  it('is answered alike', async () => {
    const sent: Sent[] = [];
    const postgres = postgresDatabase((statement) => sent.push(statement));
    const programs = programsWith(seed % 2 === 0);
    const program = programs[(seed * 5) % programs.length];
    if (!program) throw new Error('There are no programs.');
    let answers = 0;
    await playTrace([open(sqliteDatabase()), open(postgres)], { program, seed, steps }, (asked, one, other) => {
      answers += 1;
      expect(other, asked).toBe(one);
      expect(one, asked).not.toMatch(/INTERNAL_ERROR|GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT/);
    });
    expect(answers).toBeGreaterThan(steps);
    const client = new Client({ connectionString: await postgres.url() });
    await client.connect();
    onTestFinished(() => client.end());
    const { sites, unbound } = await sitesOf(client, sent);
    expect(unbound).toEqual([]);
    expect(sites.length).toBeGreaterThan(steps);
    expect(sites.filter((named) => named.length !== 1 || named[0] !== program.siteId)).toEqual([]);
  });
});
