// Random histories against the real server, judged by the oracle. HISTORY_COMMANDS and HISTORY_SEED make longer and other runs.
import { afterAll, describe, expect, it } from 'vitest';
import { openHistoryTarget } from './support/histories/harness.ts';
import { programs } from './support/histories/programs.ts';
import { runHistory } from './support/histories/run-history.ts';
import { acceptedShare, merge, type Tally, table, unmetCodes } from './support/histories/tally.ts';

const commands = Number(process.env['HISTORY_COMMANDS'] ?? '500');
const firstSeed = Number(process.env['HISTORY_SEED'] ?? '20261124');
/** Shorter runs are for looking at one mistake; they cannot meet every refusal. */
const enoughCommands = 400;

describe('random histories', () => {
  const tallies: Tally[] = [];

  afterAll(() => {
    console.log(table(merge(tallies)));
  });

  it.each(programs.map((program, index) => ({ program, seed: firstSeed + index })))(
    'agrees with the oracle: $program.name, seed $seed',
    async ({ program, seed }) => {
      const target = await openHistoryTarget();
      try {
        tallies.push(await runHistory({ ...target, program, seed, commands }));
      } finally {
        await target.close();
      }
    },
    Math.max(120_000, commands * 100),
  );

  it.runIf(commands >= enoughCommands)('accepts over half of the commands and meets every refusal that can be met', () => {
    const all = merge(tallies);
    expect(unmetCodes(all)).toEqual([]);
    expect(acceptedShare(all)).toBeGreaterThan(0.5);
  });
});
