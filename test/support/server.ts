// A server for tests: a real database in a temporary file, a clock that stands where it is set.
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 } from 'uuid';
import { createAuthenticator, type KeySource } from '../../src/access/authenticator.ts';
import { setProgram } from '../../src/domain/program-change.ts';
import type { Limits } from '../../src/limits/limits.ts';
import { seedDemo } from '../../src/seed/seed.ts';
import { createServer } from '../../src/server.ts';
import { settleDue } from '../../src/settlement.ts';
import { createSiteTime } from '../../src/site-time.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { type TestDatabase, testDatabase } from './engine.ts';
import { bearer, testKeys } from './tokens.ts';

export type Answer = {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Record<string, unknown>;
  }[];
};

export type TestServer = {
  readonly store: Store;
  /** Posts an operation and answers its result. */
  execute(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>;
  fetch(request: Request): Promise<Response>;
  setClock(at: number): void;
  setProgram(file: { readonly siteId: string }, from?: string | null): Promise<void>;
  /** The sweep: settles everything of the site "demo" that is due by now. */
  settle(): Promise<void>;
  /** SQL statements since the last call, in order. */
  takeStatements(): readonly string[];
  close(): Promise<void>;
};

type Setup = {
  readonly at?: number;
  /** A file of SQLite, or a database of the engine that the tests run on; left out, a fresh one of that. */
  readonly database?: string | TestDatabase;
  readonly sandbox: boolean;
  readonly keys?: KeySource;
  /** What a request may cost; a minute's budget is without end unless it is given. */
  readonly limits?: Partial<Limits>;
  /** Makes ids; left out, those that the product makes. */
  readonly newId?: () => string;
  /** Headers of every operation that does not say otherwise. */
  readonly headers?: Readonly<Record<string, string>>;
};

/** Opens a sandbox on a fresh database; outside a sandbox, operations are those of an administrator of the site "demo". */
export const openServer = (at?: number, database?: string | TestDatabase, sandbox = true): TestServer =>
  open({
    ...(at !== undefined && { at }),
    ...(database && { database }),
    sandbox,
    ...(!sandbox && { keys: testKeys, headers: bearer('admin') }),
  });

/**
 * Opens a server as the internet sees it, with the keys of tokens.ts unless others are given: an operation is that of whom its
 * headers say, as in `execute(query, variables, bearer('member', 'ann'))`.
 */
export const openGuardedServer = (setup: Partial<Setup> = {}): TestServer => open({ sandbox: false, keys: testKeys, ...setup });

/** A clock that stands refills no budget, and statements that are counted must not depend on how long they take. */
const patient: Partial<Limits> = { cost: 1e9, costPerMinute: 1e15, turnMs: 60_000 };

/** An answer as the tests of everything else see it: without what it cost. */
export function withoutCost({ extensions, ...answer }: Answer & { readonly extensions?: Record<string, unknown> }): Answer {
  const { cost: _, ...others } = extensions ?? {};
  return { ...answer, ...(Object.keys(others).length > 0 && { extensions: others }) };
}

/** What goes wrong unexpectedly is thrown at the test, not logged. */
function open(setup: Setup): TestServer {
  const { at = Date.parse('2026-11-24T12:00:00Z'), database, sandbox, keys, limits, newId = v7, headers: standing = {} } = setup;
  let now = at;
  let statements: string[] = [];
  const failures: { readonly error?: unknown }[] = [];
  const own = database === undefined ? testDatabase() : null;
  const onStatement = (sql: string): unknown => statements.push(sql);
  const store =
    typeof database === 'string' ? openSqlite({ database, onStatement }) : (own ?? database ?? testDatabase()).open(onStatement);
  const clock = (): number => now;
  const log = { error: (details: object) => failures.push(details) };
  const authenticator = keys && createAuthenticator({ keys, clock, log });
  const server = createServer({ store, clock, newId, log, sandbox, authenticator, limits: { ...patient, ...limits } });
  const time = createSiteTime({ store, clock, sandbox });
  return {
    store,
    async execute(query, variables = {}, headers = {}) {
      const request = {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...standing, ...headers },
        body: JSON.stringify({ query, variables }),
      };
      const response = await server.fetch('http://127.0.0.1/graphql', request);
      const answer = withoutCost(JSON.parse(await response.text()));
      const [failure] = failures.splice(0);
      if (failure) throw failure.error;
      return answer;
    },
    fetch: async (request) => server.fetch(request),
    setClock(instant) {
      now = instant;
    },
    async setProgram(file, from = null) {
      const decision = await store.commitProgram(file.siteId, (state) =>
        setProgram(state, { siteId: file.siteId, file, from: from === null ? null : Date.parse(from), at: now, actor: 'test' }),
      );
      if (decision.kind === 'REFUSED') throw new Error(JSON.stringify(decision.refusal));
    },
    settle: async () => settleDue(store, 'demo', await time.now('demo')),
    takeStatements() {
      const taken = statements;
      statements = [];
      return taken;
    },
    async close() {
      await store.close();
      await own?.remove();
    },
  };
}

/** Serves a test server on a free port of this machine. */
async function listen(server: TestServer): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const log = { error: (details: object) => console.error(details) };
  const yoga = createServer({ store: server.store, clock: Date.now, newId: v7, log, sandbox: true });
  const http = createHttpServer(yoga);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo; // A TCP server has an address of a port.
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await server.close();
    },
  };
}

/** Serves a fresh database with the demo in it. */
export async function startServer(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = openServer(Date.now());
  await seedDemo(server.store, { now: Date.now(), newId: v7 });
  return listen(server);
}
