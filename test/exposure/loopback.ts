// A server on a free port of this machine, as open as said, and its answers as any client of HTTP sees them.
import { createServer as createHttpServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 } from 'uuid';
import { createAuthenticator } from '../../src/access/authenticator.ts';
import type { GivenExposure } from '../../src/exposure/exposure.ts';
import type { Way } from '../../src/front/front.ts';
import { createServer } from '../../src/server.ts';
import { openServer } from '../support/server.ts';
import { testKeys } from '../support/tokens.ts';
import { plainProgram } from '../support/world.ts';

export type Loopback = {
  readonly url: string;
  readonly failures: readonly object[];
  /** How the front took what it took. */
  readonly ways: readonly Way[];
  readonly close: () => Promise<void>;
};

/** Outside a sandbox, requests need tokens of test/support/tokens.ts. What fails unexpectedly is kept in `failures`. */
export async function openLoopback({
  sandbox,
  exposure = {},
}: {
  readonly sandbox: boolean;
  readonly exposure?: GivenExposure;
}): Promise<Loopback> {
  const { store, setProgram, close } = openServer();
  await setProgram(plainProgram);
  const failures: object[] = [];
  const ways: Way[] = [];
  const onTaken = (way: Way) => ways.push(way);
  const log = { error: (details: object) => failures.push(details) };
  const authenticator = createAuthenticator({ keys: testKeys, clock: Date.now, log });
  const http = createHttpServer(createServer({ store, clock: Date.now, newId: v7, log, sandbox, exposure, authenticator, onTaken }));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo; // A TCP server has an address of a port.
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    failures,
    ways,
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await close();
    },
  };
}

export type Told = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };
/** Headers by name; a header may be sent several times. */
export type SentHeaders = Readonly<Record<string, string | readonly string[]>>;

/** Sends exactly these headers and no others of its own, unlike `fetch`, but those that HTTP needs. */
export function send(url: string, method: string, headers: SentHeaders, body: string | null = null): Promise<Told> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    asking.on('error', reject);
    for (const [name, value] of Object.entries(headers)) asking.setHeader(name, value);
    asking.end(body ?? undefined);
  });
}

/** The code of the one error of an answer; its whole text if it is no such answer. */
export function codeOf({ text }: Told): string {
  try {
    const { errors } = JSON.parse(text);
    return errors.length === 1 && typeof errors[0].message === 'string' ? errors[0].extensions.code : text;
  } catch {
    return text;
  }
}
