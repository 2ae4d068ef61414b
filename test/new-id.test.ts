// New ids: UUIDs of version 7 that are all different, and in the order in which they were made.
import { validate, version } from 'uuid';
import { expect, test } from 'vitest';
import { newId } from '../src/new-id.ts';

test('are UUIDs of version 7 with the time, different and in order, also where many are made within a millisecond', () => {
  const before = Date.now();
  const ids = Array.from({ length: 20_000 }, newId);
  expect(ids.filter((id) => !validate(id) || version(id) !== 7)).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  const times = ids.map((id) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
  expect(times[0]).toBeGreaterThanOrEqual(before);
  expect(times.at(-1)).toBeLessThanOrEqual(Date.now());
  // Of those of one millisecond, what cannot be guessed is not the same either.
  expect(new Set(ids.map((id) => id.slice(-6))).size).toBeGreaterThan(19_900);
});
