// An issuer of tokens for tests: key pairs of its own, and a server on loopback that publishes their public halves.
import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SigningKey = {
  readonly algorithm: 'RS256' | 'ES256';
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
};

/** Makes a key pair under a name. */
export function makeKey(algorithm: 'RS256' | 'ES256', kid: string): SigningKey {
  const pair =
    algorithm === 'RS256' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { algorithm, kid, ...pair };
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token signed with a private key. */
export function signByKey({ algorithm, kid, privateKey }: SigningKey, claims: object, header: object = {}): string {
  const signed = `${encode({ alg: algorithm, kid, ...header })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

export type JwksServer = {
  readonly url: string;
  /** How often the keys were asked for. */
  readonly asked: () => number;
  /** What is answered from now on: keys, or a status or text instead of them; "silence" never answers. */
  answer(keys: readonly SigningKey[] | number | string): void;
  close(): Promise<void>;
};

const jwkOf = ({ kid, algorithm, publicKey }: SigningKey): JsonWebKey => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  alg: algorithm,
  use: 'sig',
});

/** Starts to publish keys. */
export async function startJwks(keys: readonly SigningKey[]): Promise<JwksServer> {
  let answer: readonly SigningKey[] | number | string = keys;
  let asked = 0;
  const http = createServer((_request, response) => {
    asked += 1;
    if (answer === 'silence') return;
    if (typeof answer === 'number') response.writeHead(answer).end();
    else response.end(typeof answer === 'string' ? answer : JSON.stringify({ keys: answer.map(jwkOf) }));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo; // A TCP server has an address of a port.
  return {
    url: `http://127.0.0.1:${port}/keys`,
    asked: () => asked,
    answer(given) {
      answer = given;
    },
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
