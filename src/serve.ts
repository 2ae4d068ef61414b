// Serves: puts the store, the server and what watches them together, listens, and shuts down in an order that drops nothing.
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import closeWithGrace from 'close-with-grace';
import { createAuthenticator } from './access/authenticator.ts';
import { type WatchedKeys, watchKeys } from './access/watched-keys.ts';
import { createBackground } from './background.ts';
import { type Flags, told, toldLater, UsageError } from './command-line.ts';
import { type Config, limitsOf } from './config.ts';
import { exposureOf, type GivenExposure } from './exposure/exposure.ts';
import { readTrustedDocuments } from './exposure/trusted-documents.ts';
import { closeGracefully } from './graceful-close.ts';
import { sandboxSchema } from './graphql/sandbox.ts';
import { schema } from './graphql/schema.ts';
import { newId } from './new-id.ts';
import { createLog, type Log, logRequest, openDestination } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import { createMetricsServer } from './observe/metrics-server.ts';
import { observeStore } from './observe/observed-store.ts';
import { applyProgram } from './program-file.ts';
import { createServer } from './server.ts';
import { createSiteTime } from './site-time.ts';
import { countStatement } from './store/asker.ts';
import { openStore, shownDatabase } from './store/open.ts';
import type { Store } from './store/store.ts';

const openKeys = (file: string | undefined, log: Log): WatchedKeys | undefined =>
  file === undefined ? undefined : told(() => watchKeys({ file, log }));

/** What a stranger can reach, as it is configured. Throws a UsageError with every fault of the file of trusted documents. */
const readExposure = ({ introspection, graphiql, corsOrigins, trustedDocuments: file }: Config, { sandbox }: Flags): GivenExposure => ({
  introspection,
  graphiql,
  origins: corsOrigins,
  trustedDocuments: file === undefined ? null : told(() => readTrustedDocuments(file, sandbox ? sandboxSchema() : schema)),
});

/** Listens, and answers where. */
async function listen(http: HttpServer, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error) => reject(new UsageError(error.message)));
    http.listen(port, host, resolve);
  });
  const address = http.address() as AddressInfo; // A TCP server has an address with a port.
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

type Parts = {
  readonly config: Config;
  readonly flags: Flags;
  readonly log: Log;
  readonly metrics: Metrics | undefined;
  readonly store: Store;
  /** Set when the process is told to end. */
  readonly signal: AbortSignal;
};

/** Says where everything is, to whoever started it. */
function announce({ config, flags }: Pick<Parts, 'config' | 'flags'>, url: string, metricsUrl: string | undefined): void {
  const { graphiql } = exposureOf(flags.sandbox ?? false, { graphiql: config.graphiql });
  console.log(`${graphiql ? 'GraphiQL ' : 'GraphQL  '} ${url}/graphql`);
  if (flags.sandbox) {
    console.log(`Site      demo (another one by the header X-Site-Id)`);
    console.log(`Sandbox   no authentication: for trying out, not for real data`);
  } else {
    console.log(`Site      that of the token`);
  }
  if (config.keys !== undefined) console.log(`Keys      ${config.keys}`);
  if (metricsUrl !== undefined) console.log(`Metrics   ${metricsUrl}/metrics`);
  console.log(`Data      ${shownDatabase(config.database)}`);
}

type Running = { readonly stop: () => Promise<void> };

/** What comes before the first request. It ends between two steps when the process is told to end. */
async function prepare({ flags, store, signal }: Parts, settle: () => Promise<void>): Promise<void> {
  for (const file of flags.program ?? []) await applyProgram(store, file, undefined);
  if (flags.seed && !signal.aborted) await (await import('./seed/print-seed.ts')).seed(store);
  if (!signal.aborted) await settle();
}

/** Starts to serve; null when the process was told to end meanwhile. */
async function start(parts: Parts): Promise<Running | null> {
  const { config, flags, log, metrics, store, signal } = parts;
  const exposure = readExposure(config, flags);
  const keys = openKeys(config.keys, log);
  const shared = { store, clock: Date.now, newId, log, sandbox: flags.sandbox ?? false };
  const background = createBackground({
    store,
    time: createSiteTime(shared),
    log,
    holder: newId(),
    settleEveryMs: config.settleEveryMs,
    days: { idempotency: config.idempotencyDays, outbox: config.outboxDays },
    watch: metrics,
  });
  metrics?.watchLeases(background.held);
  await prepare(parts, () => background.sweep(signal));
  if (signal.aborted) {
    await background.stop();
    return null;
  }
  const server = createServer({
    ...shared,
    authenticator: keys && createAuthenticator({ keys, clock: Date.now, log }),
    exposure,
    limits: limitsOf(config, shared.sandbox),
    onAnswered(request) {
      metrics?.answered(request);
      logRequest(log, request);
    },
    isClosing: () => signal.aborted,
  });
  const http = createHttpServer((request, response) => {
    // The address of a request is put together from this header, which may hold anything; nothing here depends on the host.
    request.headers.host = 'localhost';
    return server(request, response);
  });
  const graceful = closeGracefully(http);
  const metricsHttp = metrics && createMetricsServer(metrics);
  try {
    const metricsUrl = metricsHttp && (await listen(metricsHttp, config.metricsPort ?? 0, config.metricsHost ?? config.host));
    announce(parts, await listen(http, config.port, config.host), metricsUrl);
  } catch (error) {
    metricsHttp?.close();
    await background.stop();
    throw error;
  }
  background.start();
  return {
    async stop() {
      keys?.stop();
      const [cut] = await Promise.all([graceful.close(), background.stop()]);
      metricsHttp?.closeAllConnections();
      metricsHttp?.close();
      if (cut > 0) throw new Error(`${cut} requests were not answered in time.`);
    },
  };
}

/** Serves until it is told to end. */
export async function serve(config: Config, flags: Flags): Promise<void> {
  if (!flags.sandbox && config.keys === undefined)
    throw new UsageError(
      'Serving needs the keys by which tokens are checked: name their file by --keys or KEYS. For trying out, pass --sandbox to serve without authentication.',
    );
  const log = createLog(
    config,
    told(() => openDestination(config.logTo)),
  );
  const metrics = config.metricsPort === undefined ? undefined : (await import('./observe/metrics.ts')).createMetrics();
  const ending = new AbortController();
  let running: Promise<Running | null> = Promise.resolve(null);
  let opened: Store | null = null;
  async function end(): Promise<void> {
    ending.abort();
    try {
      await (await running.catch(() => null))?.stop();
    } finally {
      await opened?.close();
    }
  }
  // It is ready for a signal before anything is begun that a signal could break off.
  const grace = closeWithGrace({ delay: 5_000, skip: ['beforeExit'], logger: shutdownLog(log) }, async ({ err, signal }) => {
    if (err) log.fatal({ error: err }, 'Nobody caught an error: the server ends.');
    else log.info({ signal }, 'The server ends.');
    await end();
  });
  try {
    const store = await toldLater(
      openStore({
        database: config.database,
        connections: config.databaseConnections,
        timeoutMs: config.databaseTimeoutMs,
        onStatement: countStatement,
        onRetry: (reason) => metrics?.retried(reason),
      }),
    );
    opened = metrics ? observeStore(store, metrics) : store;
    running = start({ config, flags, log, metrics, store: opened, signal: ending.signal });
    await running;
  } catch (error) {
    grace.uninstall();
    await opened?.close();
    throw error;
  }
}

/** What went wrong while the server ended. */
const shutdownLog = (log: Log) => ({
  error(told: unknown) {
    if (typeof told === 'string') log.error({}, told);
    else log.error({ error: told }, 'The server did not end as it should.');
  },
});
