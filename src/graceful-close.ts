// Closes an HTTP server without dropping a request that it has accepted.
import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

export type CloseTimings = {
  /** How long a connection that waits for its next request is kept for it. */
  readonly idleMs: number;
  /** After this, what is not answered yet is cut off. */
  readonly deadlineMs: number;
};

/** So that a whole shutdown, with the requests at hand and the database after them, takes less than five seconds. */
const closeTimings: CloseTimings = { idleMs: 1_000, deadlineMs: 4_000 };

export type GracefulServer = {
  readonly isClosing: () => boolean;
  /** Answers how many requests were cut off. */
  readonly close: () => Promise<number>;
};

const lookAgainMs = 50;

/** Watches a server from before it listens, so that it knows all connections and the answers that are outstanding. */
export function closeGracefully(http: Server, { idleMs, deadlineMs }: CloseTimings = closeTimings): GracefulServer {
  const sockets = new Set<Socket>();
  const outstanding = new Set<ServerResponse>();
  let closing = false;
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  http.prependListener('request', (_request, response) => {
    outstanding.add(response);
    response.once('close', () => outstanding.delete(response));
    if (closing) response.setHeader('connection', 'close');
  });

  /** Ends connections on which nothing is under way, also those on which there never was anything. */
  function endIdle(): void {
    http.closeIdleConnections();
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  }

  return {
    isClosing: () => closing,
    async close() {
      const started = performance.now();
      let open = true;
      // http's own `close` would end idle connections at once, also one on which a request is just arriving.
      NetServer.prototype.close.call(http, () => {
        open = false;
      });
      closing = true;
      for (const response of outstanding) if (!response.headersSent) response.setHeader('connection', 'close');
      for (let passed = 0; open && passed < deadlineMs; passed = performance.now() - started) {
        if (passed >= idleMs) endIdle();
        await setTimeout(lookAgainMs);
      }
      const cut = outstanding.size;
      http.closeAllConnections();
      return cut;
    },
  };
}
