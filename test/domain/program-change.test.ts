// Setting a program: what is in force already is not appended again, and a version that is yet to come stays.
import { expect, test } from 'vitest';
import { type Program, programAt, programOf } from '../../src/domain/program.ts';
import { setProgram } from '../../src/domain/program-change.ts';

const file = (baseRatio: string) => ({ siteId: 'demo', name: 'Plain', currencyCode: 'USD', timeZone: 'UTC', purchase: { baseRatio } });
const day = 86_400_000;

/** Applies files as `program set` does, each at a day, with the day from which it holds. */
function apply(steps: readonly { readonly ratio: string; readonly at: number; readonly from?: number }[]): readonly Program[] {
  const programs: Program[] = [];
  for (const { ratio, at, from } of steps) {
    const command = { siteId: 'demo', file: file(ratio), from: from === undefined ? null : from * day, at: at * day, actor: 'test' };
    const decision = setProgram({ programs, hasOrders: true }, command);
    if (decision.kind === 'REFUSED') throw new Error(JSON.stringify(decision.refusal));
    const { program, added } = decision.result;
    if (added) programs.push(programOf(file(ratio), program.version, program.effectiveFrom));
  }
  return programs;
}

test('a restart with the file in force leaves a scheduled version alone', () => {
  const programs = apply([
    { ratio: '1', at: 1 },
    { ratio: '2', at: 2, from: 10 },
    { ratio: '1', at: 3 },
  ]);
  expect(programs.map(({ baseRatio }) => baseRatio)).toEqual(['1', '2']);
  expect(programAt(programs, 12 * day).baseRatio).toBe('2');
});

test('a file that equals a scheduled version holds from now when it is set now', () => {
  const programs = apply([
    { ratio: '1', at: 1 },
    { ratio: '2', at: 2, from: 10 },
    { ratio: '2', at: 3 },
  ]);
  expect(programAt(programs, 3 * day).baseRatio).toBe('2');
  expect(programAt(programs, 2 * day).baseRatio).toBe('1');
});
