// The random histories of a group of programs as a test suite. fast-check draws the numbers that the steps are made of, and shortens
// a history that fails. HISTORY_COMMANDS and HISTORY_SEED make longer and other runs.
import fc from 'fast-check';
import { afterAll, describe, expect, inject, it } from 'vitest';
import type { ProgramFile } from '../oracle/program.ts';
import { openHistoryTarget } from './harness.ts';
import { programsWith } from './programs.ts';
import { type History, HistoryFailed, playHistory, startMs } from './run-history.ts';
import { acceptedShare, merge, type Tally, table, unmetCodes, unmetTerms } from './tally.ts';

/** PostgreSQL gets a shorter run: what it adds is how rows are read and written, not other rules. */
const steps = Number(process.env['HISTORY_COMMANDS'] ?? (inject('engine') === 'postgres' ? '20' : '850'));
const seed = Number(process.env['HISTORY_SEED'] ?? '20261124');
/** Shorter runs are for looking at one mistake; they cannot meet everything. */
const enoughSteps = 800;
const shorteningMs = 30_000;

/** A number is as good as any other: only leaving out steps makes a history simpler. */
const number = fc.noShrink(fc.noBias(fc.integer({ min: 0, max: 2 ** 31 - 1 })));

async function run(history: History, tally?: Tally): Promise<void> {
  const target = openHistoryTarget(startMs);
  try {
    await playHistory(target, history, tally);
  } finally {
    await target.close();
  }
}

/** Leaves out steps for as long as the history still fails, and throws what is left of it. */
async function shortened(history: History): Promise<void> {
  const property = fc.asyncProperty(fc.array(number, { maxLength: history.numbers.length, size: 'max' }), (numbers) =>
    run({ ...history, numbers }),
  );
  const examples: [number[]][] = [[[...history.numbers]]];
  await fc.assert(property, { seed, numRuns: 1, examples, interruptAfterTimeLimit: shorteningMs, markInterruptAsFailure: true });
}

async function judge(program: ProgramFile, index: number, tally: Tally): Promise<void> {
  const numbers = fc.sample(number, { seed: seed + index, numRuns: steps });
  const history = { program, numbers, swept: index % 2 === 0 };
  try {
    await run(history, tally);
  } catch (error) {
    if (!(error instanceof HistoryFailed)) throw error;
    // The first failure is told as well: there may not have been time enough to shorten anything.
    await shortened({ ...history, numbers: numbers.slice(0, error.index + 1) }).catch((shorter: Error) => {
      throw new Error(`seed ${seed}: ${error.message}\n\n${shorter.message}`, { cause: shorter });
    });
    throw error;
  }
}

export function describeHistories(expires: boolean): void {
  describe(`random histories, seed ${seed}`, () => {
    const programs = programsWith(expires);
    const tallies: Tally[] = [];

    afterAll(() => {
      console.log(`seed ${seed}\n${table(merge(tallies))}`);
    });

    it.each(programs.map((program, index) => ({ program, index, name: program.name })))(
      'agrees with the oracle: $name',
      async ({ program, index }) => {
        const tally = merge([]);
        await judge(program, index + (expires ? programs.length : 0), tally);
        tallies.push(tally);
      },
      Math.max(180_000, steps * 100 + shorteningMs),
    );

    it.runIf(steps >= enoughSteps)('accepts over half of the commands and meets everything that can happen', () => {
      const all = merge(tallies);
      expect(steps * programs.length).toBeGreaterThanOrEqual(10_000);
      expect(unmetCodes(all)).toEqual([]);
      expect(unmetTerms(all, expires)).toEqual([]);
      expect(acceptedShare(all)).toBeGreaterThan(0.5);
    });
  });
}
