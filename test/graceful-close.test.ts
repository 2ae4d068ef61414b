// Closing an HTTP server: what becomes of connections that wait, that were never used, and whose request takes too long.
import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type CloseTimings, closeGracefully, type GracefulServer } from '../src/graceful-close.ts';

const long = 60_000;
let http: Server;
let agent: Agent;
afterEach(() => {
  agent.destroy();
  http.closeAllConnections();
});

/** Answers /now at once, and everything else when the test does. */
async function open(timings: CloseTimings): Promise<{ readonly graceful: GracefulServer; readonly port: number }> {
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  http = createServer(({ url }, response) => {
    if (url === '/now') response.end('done');
  });
  const graceful = closeGracefully(http, timings);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo; // A TCP server has an address with a port.
  return { graceful, port };
}

function ask(port: number, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ port, path, agent, host: '127.0.0.1' }, (answer) => {
      answer.resume().on('end', () => resolve(answer));
    }).on('error', reject);
  });
}

it('answers one more request on a connection that waits, and then ends it', async () => {
  const { graceful, port } = await open({ idleMs: long, deadlineMs: long });
  expect((await ask(port, '/now')).headers.connection).toBe('keep-alive');
  const closed = graceful.close();
  expect(graceful.isClosing()).toBe(true);
  // The agent holds the connection of before: nobody listens for a new one.
  expect((await ask(port, '/now')).headers.connection).toBe('close');
  expect(await closed).toBe(0);
  await expect(ask(port, '/now')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('says so in an answer that is outstanding when closing begins', async () => {
  const { graceful, port } = await open({ idleMs: long, deadlineMs: long });
  const answer = ask(port, '/later');
  const [, response] = await once(http, 'request');
  const closed = graceful.close();
  response.end('done');
  expect((await answer).headers.connection).toBe('close');
  expect(await closed).toBe(0);
});

it('ends connections on which nothing was ever sent, and those that wait for too long', async () => {
  const { graceful, port } = await open({ idleMs: 0, deadlineMs: long });
  const unused = connect(port, '127.0.0.1');
  await once(http, 'connection');
  await ask(port, '/now');
  expect(await graceful.close()).toBe(0);
  if (!unused.closed) await once(unused, 'close');
});

it('cuts off what takes longer than there is time, and says how much', async () => {
  const { graceful, port } = await open({ idleMs: 0, deadlineMs: 100 });
  const failed = ask(port, '/never').catch((error: { readonly code: string }) => error.code);
  await once(http, 'request');
  expect(await graceful.close()).toBe(1);
  expect(await failed).toBe('ECONNRESET');
});
