// A TCP proxy in front of a server, which cuts the network between the two in the ways in which networks fail.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { findFreePort } from './free-port.ts';

export type TcpProxy = {
  readonly port: number;
  /** Forwards nothing in either direction and closes nothing: connections, also new ones, hang. */
  readonly stall: () => void;
  /** Everything works again: forwards what was held back, and takes new connections. */
  readonly resume: () => Promise<void>;
  /** Breaks all connections. New ones are taken. */
  readonly cut: () => void;
  /** Refuses new connections until `resume`. Those that stand are kept. */
  readonly refuse: () => void;
  /** Breaks all connections and ends. */
  readonly close: () => Promise<void>;
};

type Pair = { readonly join: () => void; readonly part: () => void; readonly destroy: () => void };

/** Both halves of a connection, parted. `isHeld`: a network that forwards nothing tells of no end, either. */
function pairOf(client: Socket, server: Socket, isHeld: () => boolean, onEnd: () => void): Pair {
  const destroy = (): void => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) {
    socket.on('error', () => {}); // The event "close" follows.
    socket.once('close', (failed) => {
      if (failed && !isHeld()) destroy();
      if (client.destroyed && server.destroyed) onEnd();
    });
  }
  return {
    join() {
      if (client.destroyed || server.destroyed) destroy();
      else client.pipe(server).pipe(client);
    },
    part() {
      client.unpipe(server).pause();
      server.unpipe(client).pause();
    },
    destroy,
  };
}

const listen = async (listener: Server, port: number): Promise<void> => {
  listener.listen(port, '127.0.0.1');
  await once(listener, 'listening');
};

/** Starts a proxy on this machine in front of a port, of this machine unless another is named. */
export async function startProxy(targetPort: number, targetHost = '127.0.0.1'): Promise<TcpProxy> {
  const port = await findFreePort();
  const pairs = new Set<Pair>();
  let held = false;
  const listener = createServer({ pauseOnConnect: true }, (client) => {
    const server = connect(targetPort, targetHost);
    const isHeld = (): boolean => held;
    const pair = pairOf(client, server, isHeld, () => pairs.delete(pair));
    pairs.add(pair);
    if (!held) pair.join();
  });
  const cut = (): void => {
    for (const pair of pairs) pair.destroy();
  };
  await listen(listener, port);
  return {
    port,
    stall() {
      held = true;
      for (const pair of pairs) pair.part();
    },
    async resume() {
      if (held) for (const pair of pairs) pair.join();
      held = false;
      if (!listener.listening) await listen(listener, port);
    },
    cut,
    refuse() {
      listener.close();
    },
    async close() {
      const closed = listener.listening ? once(listener, 'close') : undefined;
      listener.close();
      cut();
      await closed;
    },
  };
}
