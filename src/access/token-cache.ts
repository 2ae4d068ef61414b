// Keeps verified tokens for a while, because to verify one costs more than a query.
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { toleranceSeconds, type VerifiedToken } from './verify-token.ts';

export type TokenCache = {
  /** The token as it was verified; null when it is not known, or its keys must be looked at again. */
  readonly find: (token: string) => VerifiedToken | null;
  readonly keep: (token: string, verified: VerifiedToken) => void;
  readonly clear: () => void;
  readonly size: () => number;
};

/** Whether a token has expired by an instant, in milliseconds since 1970. */
export const isExpired = ({ expiresAt }: VerifiedToken, at: number): boolean => expiresAt <= Math.floor(at / 1_000) - toleranceSeconds;

/** Creates a cache of at most so many tokens, by their hash; the one not used for longest makes room. */
export function createTokenCache(limit: number): TokenCache {
  const kept = new LRUCache<string, VerifiedToken>({ max: limit });
  const keyOf = (token: string): string => hash('sha256', token, 'base64');
  return {
    find(token) {
      const key = keyOf(token);
      const verified = kept.get(key);
      if (verified === undefined) return null;
      if (verified.isFresh()) return verified;
      kept.delete(key);
      return null;
    },
    keep(token, verified) {
      kept.set(keyOf(token), verified);
    },
    clear: () => kept.clear(),
    size: () => kept.size,
  };
}
