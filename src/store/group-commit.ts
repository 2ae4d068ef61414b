// Group commit: what waits to be written is written in one transaction, each piece of work under a savepoint of its own, and
// acknowledged after the one commit, which is what takes the time: it waits for the disk.
import type Database from 'better-sqlite3';
import { forAsker } from './asker.ts';

/**
 * After how many milliseconds of work a group is committed; what comes later waits for the next one, and others get their turn. About
 * as long as a slice of a bulk call: so many commands are in it that their part of the wait for the disk is small.
 */
const groupMs = 20;

/** A piece of work in a group. */
type Work = {
  /** Does it, and says whether what it wrote is kept. */
  readonly run: () => boolean;
  readonly acknowledge: () => void;
  readonly fail: (error: unknown) => void;
};

export type GroupCommit = {
  /** Runs work in the order of arrival and answers when it is safe. What throws is undone alone, and its neighbours are not touched. */
  transact<Result>(run: () => Result, keep: (result: Result) => boolean): Promise<Result>;
  /** When nothing waits any more. */
  idle(): Promise<void>;
};

export function groupCommits(connection: Database.Database): GroupCommit {
  const prepared = (sql: string): (() => void) => {
    const statement = connection.prepare(sql);
    return () => void statement.run();
  };
  const [begin, commit, rollback] = [prepared('begin immediate'), prepared('commit'), prepared('rollback')];
  const [save, release, undo] = [prepared('savepoint work'), prepared('release work'), prepared('rollback to work')];
  const waiting: Work[] = [];
  let drained: Promise<void> | null = null;

  /** Runs one piece of work. Throws when the whole transaction is lost with it. */
  function runOne(work: Work): boolean {
    save();
    try {
      if (!work.run()) undo();
      release();
      return true;
    } catch (error) {
      // Some failures of the disk end the transaction: then nothing of the group was done.
      if (!connection.inTransaction) throw error;
      undo();
      release();
      work.fail(error);
      return false;
    }
  }

  /** Runs work that nobody waits beside: its transaction is its savepoint, which spares a copy of each page that it writes to. */
  function runAlone(work: Work): void {
    try {
      begin();
      if (work.run()) commit();
      else rollback();
    } catch (error) {
      work.fail(error);
      if (connection.inTransaction) rollback();
      return;
    }
    work.acknowledge();
  }

  /** Runs what waits until there is nothing more or the time is up, commits, and acknowledges. */
  function runGroup(): void {
    const started: Work[] = [];
    const done: Work[] = [];
    try {
      begin();
      const until = performance.now() + groupMs;
      do {
        const work = waiting.shift();
        if (!work) break;
        started.push(work);
        if (runOne(work)) done.push(work);
      } while (performance.now() < until);
      commit();
    } catch (error) {
      // Those that have failed already have been told so, which is not told again.
      for (const work of started.length > 0 ? started : waiting.splice(0)) work.fail(error);
      if (connection.inTransaction) rollback();
      return;
    }
    for (const work of done) work.acknowledge();
  }

  async function drain(): Promise<void> {
    try {
      while (waiting.length > 0) {
        // All that comes in the same turn of the event loop is written together.
        await new Promise((resolve) => setImmediate(resolve));
        const [first, second] = waiting;
        if (first && !second) {
          waiting.length = 0;
          runAlone(first);
        } else runGroup();
      }
    } catch (error) {
      // Not even a rollback was possible: whoever waits is told, and who comes next tries again.
      for (const work of waiting.splice(0)) work.fail(error);
    } finally {
      drained = null;
    }
  }

  return {
    transact: <Result>(run: () => Result, keep: (result: Result) => boolean) =>
      new Promise<Result>((resolve, reject) => {
        let result: Result;
        waiting.push({
          // What it runs is counted for the request that it is of, not for the one that the group began with.
          run: forAsker(() => {
            result = run();
            return keep(result);
          }),
          acknowledge: () => resolve(result),
          fail: reject,
        });
        drained ??= drain();
      }),
    idle: async () => drained ?? undefined,
  };
}
