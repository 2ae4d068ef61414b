// Connections to PostgreSQL: a pool that hands out none that is known to be broken, one more to ask whether the database is there, and an end that waits for nobody.
import { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type ClientConfig, Pool, type PoolClient } from 'pg';
import { ConnectFailed, failureOf, reasonOf } from './postgres-failure.ts';
import { OutcomeUnknown } from './store-error.ts';

/** How long the question whether the database is there may take. */
const readinessMs = 2_000;
/** How long an end waits for what is under way. */
const closingMs = 1_000;

export type Connections = {
  /** Does something with a connection that is to be had within so many milliseconds. One that was lost on it is not used again. */
  use<Result>(withinMs: number, action: (client: PoolClient) => Promise<Result>): Promise<Result>;
  /** Asks the database on a connection apart from the others, which may all be taken while it is well; null when it does not answer soon. */
  probe(text: string, values: readonly unknown[]): Promise<number | null>;
  close(): Promise<void>;
};

/** Makes connections of these settings, at most so many. */
export function createConnections(settings: ClientConfig, most: number): Connections {
  const sockets = new Set<Socket>();
  const stream = (): Socket => {
    const socket = new Socket();
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  };
  const pool = openPool({ ...settings, stream }, most);
  const aside = openPool({ ...settings, stream, connectionTimeoutMillis: readinessMs, query_timeout: readinessMs }, 1);
  let probing: Promise<number | null> | null = null;
  let closing: Promise<void> | null = null;

  return {
    async use(withinMs, action) {
      const client = await connect(pool, withinMs);
      let broken: Error | undefined;
      try {
        return await action(client);
      } catch (error) {
        if (error instanceof OutcomeUnknown || failureOf(error).kind === 'LOST') broken = error as Error; // Both are errors.
        throw error;
      } finally {
        // What was left in the middle of a transaction is nothing for the next one.
        client.release(broken ?? client.getTransactionStatus() !== 'I');
      }
    },
    async probe(text, values) {
      // However many ask at once, the database is asked once.
      probing ??= askAside(text, values).finally(() => {
        probing = null;
      });
      return probing;
    },
    async close() {
      closing ??= end();
      return closing;
    },
  };

  async function askAside(text: string, values: readonly unknown[]): Promise<number | null> {
    const asked = aside.query<{ found: number }>(text, [...values]).then(({ rows }) => rows[0]?.found ?? null);
    return Promise.race([asked, wait(readinessMs, null, { ref: false })]).catch(() => null);
  }

  async function end(): Promise<void> {
    await Promise.race([Promise.all([pool.end(), aside.end()]), wait(closingMs, undefined, { ref: false })]);
    // The goodbye of a connection that hangs would be waited for until the system gives it up.
    for (const socket of sockets) socket.destroy();
  }
}

function openPool(settings: ClientConfig, max: number): Pool {
  const pool = new Pool({ ...settings, max });
  // A connection that breaks fails what is asked on it, and is dropped from the pool. Without listeners it would also end the process:
  // with one from its beginning there is no moment in which nobody listens.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** A connection that is free, or new. */
async function connect(pool: Pool, withinMs: number): Promise<PoolClient> {
  const connecting = pool.connect();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), withinMs);
  });
  try {
    const client = await Promise.race([connecting, late]);
    if (client) return client;
  } catch (error) {
    throw new ConnectFailed(reasonOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
  // It may still come, for somebody else.
  connecting.then((client) => client.release()).catch(() => undefined);
  throw new ConnectFailed('There was no connection within the time.');
}
