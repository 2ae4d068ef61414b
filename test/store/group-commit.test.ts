// Group commit: what comes together is committed together, and each piece of work is still on its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askedBy, countStatement } from '../../src/store/asker.ts';
import { type GroupCommit, groupCommits } from '../../src/store/group-commit.ts';

let folder: string;
let connection: Database.Database;
let reader: Database.Database;
let group: GroupCommit;
let statements: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'group-'));
  const file = join(folder, 'group.db');
  statements = [];
  connection = new Database(file, { verbose: (sql) => statements.push(String(sql)) });
  connection.pragma('journal_mode = WAL');
  connection.pragma('foreign_keys = ON');
  connection.exec(
    'create table parents (id integer primary key); create table rows (n integer primary key, parent integer references parents (id))',
  );
  reader = new Database(file, { readonly: true });
  group = groupCommits(connection);
});
afterEach(() => {
  reader.close();
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

const insert = (n: number) => (): number => {
  connection.prepare('insert into rows (n) values (?)').run(n);
  return n;
};
const kept = (): boolean => true;
const stored = (): readonly unknown[] => reader.prepare('select n from rows order by n').pluck().all();
const commits = (): number => statements.filter((sql) => sql === 'commit').length;
const busy = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

it('commits what comes together once, in the order of arrival, and answers each', async () => {
  const order: number[] = [];
  const works = Array.from({ length: 20 }, (_, n) =>
    group.transact(() => {
      order.push(n);
      return insert(n)();
    }, kept),
  );
  expect(stored()).toEqual([]);
  expect(await Promise.all(works)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
  expect(commits()).toBe(1);
  expect(stored()).toHaveLength(20);
});

it('answers nobody before the commit', async () => {
  let isAnswered = false;
  const first = group.transact(insert(1), kept).then(() => {
    isAnswered = true;
    return stored();
  });
  const second = group.transact(() => {
    expect(isAnswered).toBe(false);
    return insert(2)();
  }, kept);
  await second;
  expect(await first).toEqual([1, 2]);
});

it('undoes what throws, and nothing beside it', async () => {
  const works = [
    group.transact(insert(1), kept),
    group.transact(() => {
      insert(2)();
      throw new Error('a bug');
    }, kept),
    group.transact(insert(1), kept),
    group.transact(insert(3), kept),
  ];
  const ended = await Promise.allSettled(works);
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(ended[1]).toMatchObject({ reason: { message: 'a bug' } });
  expect(ended[2]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } });
  expect(stored()).toEqual([1, 3]);
  expect(commits()).toBe(1);
});

it('undoes what is not kept, but answers it', async () => {
  const works = [group.transact(insert(1), kept), group.transact(insert(2), () => false), group.transact(insert(3), kept)];
  expect(await Promise.all(works)).toEqual([1, 2, 3]);
  expect(stored()).toEqual([1, 3]);
});

it('needs no savepoint for what nobody waits beside, and undoes it all the same', async () => {
  const broken = (): void => {
    insert(1)();
    throw new Error('a bug');
  };
  await expect(group.transact(broken, kept)).rejects.toThrow('a bug');
  expect(await group.transact(insert(2), () => false)).toBe(2);
  expect(stored()).toEqual([]);
  expect(await group.transact(insert(3), kept)).toBe(3);
  expect(stored()).toEqual([3]);
  expect(statements.filter((sql) => sql.includes('savepoint'))).toEqual([]);
});

it('tells everybody when the commit itself fails, and goes on afterwards', async () => {
  const orphan = (): void => {
    connection.pragma('defer_foreign_keys = ON');
    connection.prepare('insert into rows (n, parent) values (2, 7)').run();
  };
  const ended = await Promise.allSettled([group.transact(insert(1), kept), group.transact(orphan, kept), group.transact(insert(3), kept)]);
  expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(stored()).toEqual([]);
  await group.transact(insert(4), kept);
  expect(stored()).toEqual([4]);
});

it('tells everybody when the transaction cannot begin', async () => {
  connection.pragma('busy_timeout = 20');
  const other = new Database(connection.name);
  other.exec('begin immediate');
  const ended = await Promise.allSettled([group.transact(insert(1), kept), group.transact(insert(2), kept)]);
  expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  other.exec('rollback');
  other.close();
  expect(await group.transact(insert(3), kept)).toBe(3);
});

it('commits what takes long before it goes on, so that nobody waits for all', async () => {
  const slow = (n: number) => () => {
    busy(21);
    return insert(n)();
  };
  const first = group.transact(slow(1), kept).then(stored);
  const second = group.transact(slow(2), kept).then(stored);
  expect([await first, await second]).toEqual([[1], [1, 2]]);
  expect(commits()).toBe(2);
});

it('is idle when nothing waits any more', async () => {
  await group.idle();
  const work = group.transact(insert(1), kept);
  await group.idle();
  expect(stored()).toEqual([1]);
  await work;
});

it('runs work for whom it is of, not for whom the group began with', async () => {
  const askers = [1, 2, 3].map((statements) => ({ statements }));
  const works = askers.map((asker, index) =>
    askedBy(asker, () =>
      group.transact(() => {
        for (let n = 0; n < index; n += 1) countStatement();
      }, kept),
    ),
  );
  await Promise.all(works);
  expect(askers.map(({ statements }) => statements)).toEqual([1, 3, 5]);
});

it('tells everybody when the database is gone, and who comes later as well', async () => {
  const gone = (): void => void connection.close();
  const ended = await Promise.allSettled([group.transact(insert(1), kept), group.transact(gone, kept), group.transact(insert(3), kept)]);
  expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await group.idle();
  await expect(group.transact(insert(4), kept)).rejects.toThrow('not open');
});
