// A look on SQLite sees one moment, and is given up when it holds others up.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { TookTooLong } from '../../src/store/store-error.ts';

let store: Store;
beforeEach(() => {
  store = openSqlite({ database: ':memory:' });
});
afterEach(() => store.close());

const hold = (milliseconds: number): void => {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
};

it('is given up before its next statement, and the next one is asked as ever', () => {
  expect(() =>
    store.look(function* slow() {
      yield* store.chosen.programs('demo');
      hold(250);
      return yield* store.chosen.programs('demo');
    }),
  ).toThrow(TookTooLong);
  expect(store.look(() => store.chosen.programs('demo'))).toEqual([]);
});

it('that is nearly over is not thrown away', () => {
  const answer = store.look(function* slow() {
    const programs = yield* store.chosen.programs('demo');
    hold(250);
    return programs;
  });
  expect(answer).toEqual([]);
});
