// The same requests to two servers alike, one with the front and one without, over real HTTP: what each answers and notes of them.
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createAuthenticator } from '../../src/access/authenticator.ts';
import type { GivenExposure } from '../../src/exposure/exposure.ts';
import type { Way } from '../../src/front/front.ts';
import type { Limits } from '../../src/limits/limits.ts';
import type { AnsweredRequest } from '../../src/observe/request-record.ts';
import { createServer } from '../../src/server.ts';
import { countStatement } from '../../src/store/asker.ts';
import { testDatabase } from '../support/engine.ts';
import { openServer } from '../support/server.ts';
import { testKeys } from '../support/tokens.ts';
import { plainProgram } from '../support/world.ts';

export type Setup = { readonly sandbox: boolean; readonly exposure?: GivenExposure; readonly limits?: Partial<Limits> };
export type Sent = {
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** The first line of the request. */
  readonly target?: string;
};

/** What a request came to: all of its answer but the date, what was noted of it but times, and what was logged as a failure. */
export type Outcome = {
  readonly answer: string;
  readonly noted: readonly (Omit<AnsweredRequest, 'startedAt' | 'durationMs'> | undefined)[];
  readonly failures: readonly object[];
};

const now = Date.parse('2026-11-24T12:00:00Z');

async function open({ sandbox, exposure = {}, limits }: Setup, hasFront: boolean) {
  const database = testDatabase();
  const { store, setProgram, close } = openServer(now, { ...database, open: () => database.open(countStatement) });
  await setProgram(plainProgram);
  const noted: AnsweredRequest[] = [];
  const failures: object[] = [];
  const ways: Way[] = [];
  const log = { error: (details: object) => failures.push(details) };
  const clock = () => now;
  let ids = 0;
  const server = createServer({
    ...{ store, clock, log, sandbox, exposure, ...(limits && { limits }) },
    newId: () => `id-${++ids}`,
    authenticator: createAuthenticator({ keys: testKeys, clock, log }),
    onAnswered: (request) => noted.push(request),
    onTaken: (way) => ways.push(way),
  });
  const http = createHttpServer(hasFront ? server : server.ordinary);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo; // A TCP server has an address of a port.
  return {
    ways,
    async ask(sent: Sent): Promise<Outcome> {
      const answer = await exchange(port, sent);
      return {
        answer: answer.replace(/^date: .*\r\n/im, ''),
        noted: noted.splice(0).map(({ startedAt: _, durationMs: __, ...rest }) => rest),
        failures: failures.splice(0),
      };
    },
    async close(): Promise<void> {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await close();
      await database.remove();
    },
  };
}

/** Sends exactly these bytes and answers all that comes back. */
function exchange(port: number, { body, headers = {}, target = 'POST /graphql' }: Sent): Promise<string> {
  const bytes = Buffer.from(body);
  const head = { host: '127.0.0.1', connection: 'close', 'content-type': 'application/json', 'content-length': bytes.length, ...headers };
  const lines = [`${target} HTTP/1.1`, ...Object.entries(head).map(([name, value]) => `${name}: ${value}`), '', ''];
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(lines.join('\r\n'));
      socket.write(bytes);
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

/** Opens both. `ask` asks one after the other; `ways` says how the front took what it took since the last call. */
export async function openBothWays(setup: Setup) {
  const [fronted, plain] = [await open(setup, true), await open(setup, false)];
  return {
    async ask(sent: Sent): Promise<{ readonly front: Outcome; readonly ordinary: Outcome; readonly ways: readonly Way[] }> {
      const front = await fronted.ask(sent);
      return { front, ordinary: await plain.ask(sent), ways: fronted.ways.splice(0) };
    },
    async close(): Promise<void> {
      await Promise.all([fronted.close(), plain.close()]);
    },
  };
}
