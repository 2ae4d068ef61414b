// A server for tests: a real database in a temporary file, a clock that stands where it is set.
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 } from 'uuid';
import { setProgram } from '../../src/domain/program-change.ts';
import { seedDemo } from '../../src/seed/seed.ts';
import { createServer } from '../../src/server.ts';
import { settleDue } from '../../src/settlement.ts';
import { createSiteTime } from '../../src/site-time.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';

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

/** Opens a server on a fresh database. What goes wrong unexpectedly is thrown at the test, not logged. */
export function openServer(at = Date.parse('2026-11-24T12:00:00Z'), database = ':memory:', sandbox = true): TestServer {
  let now = at;
  let statements: string[] = [];
  const failures: { readonly error?: unknown }[] = [];
  const store = openSqlite({ database, onStatement: (sql) => statements.push(sql) });
  const clock = (): number => now;
  const server = createServer({ store, clock, newId: v7, log: { error: (details) => failures.push(details) }, sandbox });
  const time = createSiteTime({ store, clock, sandbox });
  return {
    store,
    async execute(query, variables = {}, headers = {}) {
      const request = {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      };
      const response = await server.fetch('http://127.0.0.1/graphql', request);
      const answer: Answer = JSON.parse(await response.text());
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
    close: () => store.close(),
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
