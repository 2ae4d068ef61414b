// Verifies one token: its signature by the keys of the site that it names, its times and its claims.
import type { KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import { normaliseId } from '../domain/check.ts';
import { type Actor, type Role, roles } from './actor.ts';
import type { KeyRing, PublicKeys } from './key-ring.ts';
import { jwksAlgorithms } from './keys-file.ts';
import { KeysUnavailable } from './remote-keys.ts';

/** How far the clocks of issuer and server may be apart. */
export const toleranceSeconds = 5;

export type VerifiedToken = {
  readonly actor: Actor;
  /** Seconds since 1970, as the token says it. */
  readonly expiresAt: number;
  /** What the token says about the body, and the secret by which that is checked. */
  readonly binding: { readonly hmac: string; readonly secret: KeyObject } | null;
  /** Whether the keys that verified it are young enough to rely on that. */
  readonly isFresh: () => boolean;
};

/** Why a token is refused, and no more: what exactly was wrong would help who makes tokens up. */
export type TokenFault = 'TOKEN_MALFORMED' | 'TOKEN_EXPIRED' | 'TOKEN_INVALID' | 'KEYS_UNAVAILABLE';

type Signed = { readonly payload: JWTPayload; readonly secret: KeyObject | null; readonly isFresh: () => boolean };

const idOf = (claim: unknown): string | null => (typeof claim === 'string' ? normaliseId(claim) : null);

/** The highest role among the words of a scope. */
function roleOf(scope: unknown): Role | null {
  if (typeof scope !== 'string') return null;
  const words = scope.split(' ');
  return roles.findLast((role) => words.includes(role)) ?? null;
}

/** Reads a token before its signature was verified: nothing of it is to be believed yet. */
function peek(token: string): { readonly algorithm: unknown; readonly siteId: string | null } | null {
  try {
    return { algorithm: decodeProtectedHeader(token).alg, siteId: idOf(decodeJwt(token)['site_id']) };
  } catch {
    return null;
  }
}

/** Tries one secret after the other: while keys rotate, two are in force. */
async function verifyBySecret(token: string, secrets: readonly KeyObject[], options: JWTVerifyOptions): Promise<Signed> {
  let wrong: unknown = new errors.JWSSignatureVerificationFailed();
  for (const secret of secrets)
    try {
      const { payload } = await jwtVerify(token, secret, { ...options, algorithms: ['HS256'] });
      return { payload, secret, isFresh: () => true };
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      wrong = error;
    }
  throw wrong;
}

async function verifyByJwks(token: string, { find, isFresh, ...expected }: PublicKeys, options: JWTVerifyOptions): Promise<Signed> {
  const { issuer, audience } = expected;
  const pinned = { ...options, issuer, audience, algorithms: [...expected.algorithms] };
  const verify = async (key: JWTVerifyGetKey): Promise<Signed> => {
    const { payload } = await jwtVerify(token, key, pinned);
    return { payload, secret: null, isFresh };
  };
  try {
    return await verify(find);
  } catch (several) {
    if (!(several instanceof errors.JWKSMultipleMatchingKeys)) throw several;
    // The token does not name its key and several are of its kind.
    for await (const key of several)
      try {
        return await verify(() => key);
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** What the claims of a verified token come to; null when one is missing or of no use. */
function readClaims({ payload, secret, isFresh }: Signed, expectedSite: string | null): VerifiedToken | null {
  const siteId = idOf(payload['site_id']);
  const name = idOf(payload.sub);
  const role = roleOf(payload['scope']);
  const { exp, hmac } = payload;
  if (siteId === null || siteId !== expectedSite || name === null || role === null || exp === undefined) return null;
  const verified = { actor: { siteId, role, name }, expiresAt: exp, isFresh };
  if (hmac === undefined) return { ...verified, binding: null };
  // The body is bound with the secret that signed the token; who signs with a private key has none in common with the server.
  return typeof hmac === 'string' && secret !== null ? { ...verified, binding: { hmac, secret } } : null;
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof KeysUnavailable) return 'KEYS_UNAVAILABLE';
  return error instanceof errors.JWTExpired ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID';
}

/** Verifies a token at an instant, in milliseconds since 1970. */
export async function verifyToken(token: string, ring: KeyRing, at: number): Promise<VerifiedToken | TokenFault> {
  const claimed = peek(token);
  if (claimed === null) return 'TOKEN_MALFORMED';
  const { secrets, jwks } = ring.keysOf(claimed.siteId);
  const options = { currentDate: new Date(at), clockTolerance: toleranceSeconds, requiredClaims: ['sub', 'exp', 'site_id'] };
  try {
    // The algorithm chooses the kind of key, and each kind takes its own algorithms only: a public key is never tried as a secret.
    if (claimed.algorithm === 'HS256') return readClaims(await verifyBySecret(token, secrets, options), claimed.siteId) ?? 'TOKEN_INVALID';
    if (!jwksAlgorithms.some((algorithm) => algorithm === claimed.algorithm)) return 'TOKEN_INVALID';
    return readClaims(await verifyByJwks(token, jwks, options), claimed.siteId) ?? 'TOKEN_INVALID';
  } catch (error) {
    return faultOf(error);
  }
}
