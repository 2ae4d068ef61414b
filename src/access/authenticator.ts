// Tells who sent a request by its Authorization header.
import type { Actor } from './actor.ts';
import { createKeyRing, type KeyRing } from './key-ring.ts';
import type { KeySettings } from './keys-file.ts';
import { createRemoteKeys, type JwksTimings, jwksTimings, type RemoteKeys } from './remote-keys.ts';
import { createTokenCache, isExpired } from './token-cache.ts';
import { type TokenFault, type VerifiedToken, verifyToken } from './verify-token.ts';

/** Where the keys come from. They may change at any time. */
export type KeySource = { readonly settings: () => KeySettings; readonly onChange: (listener: () => void) => void };

type AccessLog = { readonly error: (details: object, message: string) => void };

type Authentication =
  | { readonly kind: 'KNOWN'; readonly actor: Actor; readonly binding: VerifiedToken['binding'] }
  | { readonly kind: 'REFUSED'; readonly reason: TokenFault | 'TOKEN_MISSING' };

export type Authenticator = {
  readonly authenticate: (authorization: string | null) => Promise<Authentication>;
  /** Who sent a token that was verified before, is in force, and is not bound to a body; null for all others, which may be good as well. */
  readonly knownActor: (authorization: string) => Actor | null;
  /** How many verified tokens are kept. */
  readonly cachedTokens: () => number;
};

type AuthenticatorParts = {
  readonly keys: KeySource;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly log: AccessLog;
  readonly maximumCachedTokens?: number;
  readonly timings?: JwksTimings;
};

/** Keys that stay as they are. */
export const fixedKeys = (settings: KeySettings): KeySource => ({ settings: () => settings, onChange: () => {} });

const headerLength = 8_192;
const bearer = /^Bearer +([\w.~+/=-]+) *$/i;

/** The token of an Authorization header. */
function tokenOf(authorization: string | null): { readonly token: string } | 'TOKEN_MISSING' | 'TOKEN_MALFORMED' {
  if (authorization === null || authorization === '') return 'TOKEN_MISSING';
  const token = authorization.length > headerLength ? undefined : bearer.exec(authorization)?.[1];
  return token === undefined ? 'TOKEN_MALFORMED' : { token };
}

/** The public keys by their URL: those of before are kept when other settings change. */
function createRemoteKeyStore(create: (url: string) => RemoteKeys): { readonly choose: () => (url: string) => RemoteKeys } {
  let current = new Map<string, RemoteKeys>();
  return {
    choose() {
      const before = current;
      const chosen = new Map<string, RemoteKeys>();
      current = chosen;
      return (url) => {
        const keys = chosen.get(url) ?? before.get(url) ?? create(url);
        chosen.set(url, keys);
        return keys;
      };
    },
  };
}

/** Creates an authenticator. A token that was verified is not verified again until it expires or keys change. */
export function createAuthenticator(parts: AuthenticatorParts): Authenticator {
  const { keys, clock, log, maximumCachedTokens = 10_000, timings = jwksTimings } = parts;
  const cache = createTokenCache(maximumCachedTokens);
  let generation = 0;
  const forget = (): void => {
    generation += 1;
    cache.clear();
  };
  const onFailure = (url: string, error: unknown): void => log.error({ url, error }, 'The keys of a JWKS could not be fetched.');
  const remoteKeys = createRemoteKeyStore((url) => createRemoteKeys({ url, timings, onChange: forget, onFailure }));
  const takeKeys = (): KeyRing => createKeyRing(keys.settings(), remoteKeys.choose());
  let ring = takeKeys();
  keys.onChange(() => {
    ring = takeKeys();
    forget();
  });

  async function verify(token: string): Promise<VerifiedToken | TokenFault> {
    const kept = cache.find(token);
    if (kept) return isExpired(kept, clock()) ? 'TOKEN_EXPIRED' : kept;
    const begun = generation;
    const verified = await verifyToken(token, ring, clock());
    // Keys that changed meanwhile may have taken the one that verified it out of force.
    if (typeof verified === 'object' && begun === generation) cache.keep(token, verified);
    return verified;
  }

  return {
    cachedTokens: cache.size,
    knownActor(authorization) {
      const given = tokenOf(authorization);
      const kept = typeof given === 'string' ? null : cache.find(given.token);
      return kept && kept.binding === null && !isExpired(kept, clock()) ? kept.actor : null;
    },
    async authenticate(authorization) {
      const given = tokenOf(authorization);
      if (typeof given === 'string') return { kind: 'REFUSED', reason: given };
      const verified = await verify(given.token);
      if (typeof verified === 'string') return { kind: 'REFUSED', reason: verified };
      return { kind: 'KNOWN', actor: verified.actor, binding: verified.binding };
    },
  };
}
