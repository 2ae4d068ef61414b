// The public keys behind a JWKS URL: fetched when needed, kept for a while, and fetched anew when a token names a key that is not among them.
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type FetchImplementation, type JWTVerifyGetKey } from 'jose';

/** Thrown when the keys cannot be had: no fault of the caller. */
export class KeysUnavailable extends Error {}

export type JwksTimings = {
  /** How long an answer may take. */
  readonly timeoutMs: number;
  /** How long keys are trusted before they are fetched again. */
  readonly maxAgeMs: number;
  /** How soon after a fetch a token with an unknown key may cause the next one. */
  readonly cooldownMs: number;
  /** How soon after a failure the next fetch is tried. */
  readonly retryMs: number;
};

export const jwksTimings: JwksTimings = { timeoutMs: 3_000, maxAgeMs: 600_000, cooldownMs: 30_000, retryMs: 5_000 };

export type RemoteKeys = {
  readonly find: JWTVerifyGetKey;
  /** Whether the keys are young enough to be trusted without another look. */
  readonly isFresh: () => boolean;
};

type RemoteKeysParts = {
  readonly url: string;
  readonly timings: JwksTimings;
  /** Called when other keys were fetched than before. */
  readonly onChange: () => void;
  readonly onFailure: (url: string, error: unknown) => void;
};

/** What says that the keys are there and the token is at fault. */
const isFaultOfToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys || error instanceof errors.JOSENotSupported;

/** Creates the keys of one URL. Nothing is fetched before the first token asks for a key. */
export function createRemoteKeys({ url, timings, onChange, onFailure }: RemoteKeysParts): RemoteKeys {
  let lastKeys: string | null = null;
  let failedAt = Number.NEGATIVE_INFINITY;

  const fetchKeys: FetchImplementation = async (address, options) => {
    // The library fetches again for each token while it has no keys; a host that is down is spared that.
    if (performance.now() < failedAt + timings.retryMs) throw new KeysUnavailable('The last attempt failed a moment ago.');
    try {
      const response = await fetch(address, options);
      if (!response.ok) throw new KeysUnavailable(`Status ${response.status}.`);
      const keys = await response.text();
      // Throws when it is no JWKS: that is a failure like any other.
      createLocalJWKSet(JSON.parse(keys));
      if (lastKeys !== null && lastKeys !== keys) onChange();
      lastKeys = keys;
      return new Response(keys);
    } catch (error) {
      failedAt = performance.now();
      onFailure(url, error);
      throw error;
    }
  };

  const { timeoutMs: timeoutDuration, maxAgeMs: cacheMaxAge, cooldownMs: cooldownDuration } = timings;
  const keys = createRemoteJWKSet(new URL(url), { timeoutDuration, cacheMaxAge, cooldownDuration, [customFetch]: fetchKeys });
  return {
    isFresh: () => keys.fresh,
    async find(header, token) {
      try {
        return await keys(header, token);
      } catch (error) {
        throw isFaultOfToken(error) ? error : new KeysUnavailable('The keys could not be fetched.', { cause: error });
      }
    },
  };
}
