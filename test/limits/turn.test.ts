// Fields that are resolved side by side share the time of their request.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { beginTurn } from '../../src/limits/turn.ts';
import { openServer } from '../support/server.ts';

/** Keeps the process busy, as a statement does. */
function work(milliseconds: number): void {
  for (const begun = performance.now(); performance.now() - begun < milliseconds; );
}

async function besideEachOther(operationTimeoutMs: number, statements: number) {
  const server = openServer();
  let done = 0;
  const slow = {
    ...server.store,
    reads: {
      ...server.store.reads,
      sites: async () => {
        done += 1;
        work(20);
        return [];
      },
    },
  };
  const { store, end } = beginTurn(slow, { operationTimeoutMs, turnMs: 25 });
  let letIn = 0;
  let isOver = false;
  const others = (async () => {
    for (; !isOver; letIn += 1) await setImmediate();
  })();
  const outcomes = await Promise.allSettled(Array.from({ length: statements }, () => store.reads.sites()));
  isOver = true;
  await others;
  end();
  await server.close();
  return { done, letIn, given: outcomes.filter(({ status }) => status === 'rejected').length };
}

describe('fields side by side', () => {
  test('let others in between their statements', async () => {
    const { done, letIn, given } = await besideEachOther(60_000, 40);
    expect({ done, given }).toEqual({ done: 40, given: 0 });
    expect(letIn).toBeGreaterThan(8);
  });

  test('are given up when the time is over', async () => {
    const { done, given } = await besideEachOther(200, 200);
    expect(done).toBeLessThan(100);
    expect(given).toBe(200 - done);
  });
});
