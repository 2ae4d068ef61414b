// A TCP proxy in front of PostgreSQL that loses a connection exactly while a transaction is being committed.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { findFreePort } from '../support/postgres/free-port.ts';

/** Where the connection is lost: before the server hears of the commit, or before the client hears that it was done. */
export type Loss = 'request' | 'answer';

export type CommitProxy = {
  readonly url: string;
  /** Loses so many connections at the next commits that are under way. */
  readonly loseNext: (loss: Loss, count?: number) => void;
  /** How many are still to be lost. */
  readonly outstanding: () => number;
  readonly close: () => Promise<void>;
};

/** The message of the simple query "commit", as the protocol has it. */
const request = Buffer.from([...Buffer.from('Q'), 0, 0, 0, 11, ...Buffer.from('commit\0')]);
/** The message of a command that is complete: "COMMIT". */
const answer = Buffer.from([...Buffer.from('C'), 0, 0, 0, 11, ...Buffer.from('COMMIT\0')]);

/** Starts a proxy in front of the server of a database. */
export async function startCommitProxy(databaseUrl: string): Promise<CommitProxy> {
  const target = new URL(databaseUrl);
  const port = await findFreePort();
  const sockets = new Set<Socket>();
  let losses: readonly Loss[] = [];
  const listener = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    const lose = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined); // The event "close" follows.
      socket.on('close', () => {
        sockets.delete(socket);
        lose();
      });
    }
    let awaited = false;
    client.on('data', (chunk) => {
      if (!chunk.includes(request)) return server.write(chunk);
      const [loss, ...later] = losses;
      if (loss === undefined) return server.write(chunk);
      losses = later;
      if (loss === 'request') return lose();
      awaited = true;
      return server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (awaited && chunk.includes(answer)) return lose();
      return client.write(chunk);
    });
  });
  listener.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    loseNext(loss, count = 1) {
      losses = Array(count).fill(loss);
    },
    outstanding: () => losses.length,
    async close() {
      listener.close();
      for (const socket of sockets) socket.destroy();
      await once(listener, 'close');
    },
  };
}
