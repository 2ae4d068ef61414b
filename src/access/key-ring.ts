// The keys of every site, ready to verify with, and a decoy for sites that have none.
import { createSecretKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { type JwksAlgorithm, type JwksSettings, jwksAlgorithms, type KeySettings } from './keys-file.ts';
import type { RemoteKeys } from './remote-keys.ts';

/** The keys of one issuer that are reached by their JWKS, and what its tokens must say. */
export type PublicKeys = {
  readonly find: JWTVerifyGetKey;
  readonly isFresh: () => boolean;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly JwksAlgorithm[];
};

type SiteKeys = { readonly secrets: readonly KeyObject[]; readonly jwks: PublicKeys };
export type KeyRing = { readonly keysOf: (siteId: string | null) => SiteKeys };

/**
 * Keys that have signed nothing and that nobody has. A token of a site without keys is verified with them, so that neither
 * the answer nor the work tells whether there is such a site.
 */
function createDecoy(): SiteKeys {
  // No prime product: a signature by it cannot be made, and checking one takes as long as with a real key.
  const modulus = randomBytes(256);
  modulus[0] = 0xff;
  modulus[255] = 0xff;
  const find = createLocalJWKSet({
    keys: [
      { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' },
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
    ],
  });
  return {
    secrets: [createSecretKey(randomBytes(32))],
    jwks: {
      // The decoy has one key of each kind, whichever the token names.
      find: ({ alg = '' } = { alg: '' }) => find({ alg }),
      isFresh: () => false,
      issuer: randomBytes(16).toString('hex'),
      audience: randomBytes(16).toString('hex'),
      algorithms: jwksAlgorithms,
    },
  };
}

const decoy = createDecoy();

/** Makes the keys of the settings ready; `remoteKeys` answers the public keys of a URL. */
export function createKeyRing(settings: KeySettings, remoteKeys: (url: string) => RemoteKeys): KeyRing {
  const publicKeys = ({ url, ...expected }: JwksSettings): PublicKeys => ({ ...remoteKeys(url), ...expected });
  const sites = new Map<string, SiteKeys>();
  for (const [siteId, { secrets, jwks }] of settings)
    sites.set(siteId, {
      secrets: secrets.length === 0 ? decoy.secrets : secrets.map((secret) => createSecretKey(Buffer.from(secret))),
      jwks: jwks === undefined ? decoy.jwks : publicKeys(jwks),
    });
  return { keysOf: (siteId) => (siteId === null ? decoy : (sites.get(siteId) ?? decoy)) };
}
