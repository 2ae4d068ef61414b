// The budget of each client by the minute: a bucket that fills evenly, and that requests draw from.

import { LRUCache } from 'lru-cache';
import type { Client } from './client.ts';

type Bucket = { level: number; at: number };

export type Budget = {
  /** Seconds until a client can pay for a cost; 0 when it can now. A cost above the whole budget waits for a full one. */
  readonly secondsUntil: (client: Client, cost: number) => number;
  /** Draws two costs, one after the other, if the budget has both of them now; answers what remains then, null when it does not have them. */
  readonly drawBoth: (client: Client, first: number, second: number) => number | null;
  /** Draws from the budget, below nothing if need be, and answers what remains, 0 at least. A cost below nothing gives back. */
  readonly draw: (client: Client, cost: number) => number;
};

type BudgetOptions = {
  /** Of a client with an ordinary share. */
  readonly perMinute: number;
  /** How many clients are remembered: of more, those seen last. */
  readonly clients: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
};

/** Creates the budgets of all clients. Each begins with a full minute. */
export function createBudget({ perMinute, clients, clock }: BudgetOptions): Budget {
  const buckets = new LRUCache<string, Bucket>({ max: clients });
  const minuteOf = ({ share }: Client): number => perMinute * share;

  function bucketOf(client: Client): Bucket {
    const now = clock();
    const whole = minuteOf(client);
    const bucket = buckets.get(client.name) ?? { level: whole, at: now };
    bucket.level = Math.min(whole, bucket.level + (Math.max(0, now - bucket.at) * whole) / 60_000);
    bucket.at = now;
    buckets.set(client.name, bucket);
    return bucket;
  }

  const missing = (level: number, whole: number, cost: number): number => Math.min(cost, whole) - level;

  return {
    secondsUntil(client, cost) {
      const whole = minuteOf(client);
      const short = missing(bucketOf(client).level, whole, cost);
      return short <= 0 ? 0 : Math.ceil((short * 60) / whole);
    },
    drawBoth(client, first, second) {
      const whole = minuteOf(client);
      const bucket = bucketOf(client);
      const between = Math.max(bucket.level - first, -whole);
      if (missing(bucket.level, whole, first) > 0 || missing(between, whole, second) > 0) return null;
      bucket.level = Math.max(between - second, -whole);
      return Math.max(0, Math.floor(bucket.level));
    },
    draw(client, cost) {
      const bucket = bucketOf(client);
      // A client that is refused again and again would else wait for longer and longer.
      bucket.level = Math.max(bucket.level - cost, -minuteOf(client));
      return Math.max(0, Math.floor(bucket.level));
    },
  };
}
