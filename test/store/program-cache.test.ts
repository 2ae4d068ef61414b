// Versions of a program are parsed once, but one that was lost with its transaction is not taken for the next of its number.
import { expect, it } from 'vitest';
import { prepareReads } from '../../src/store/reads.ts';
import { sqliteEngine } from '../../src/store/sqlite.ts';
import { plainProgram } from '../support/world.ts';

const fileOf = (currencyCode: string): string => JSON.stringify({ ...plainProgram, currencyCode });

it('knows a version by when it was added, too', () => {
  const reads = prepareReads(sqliteEngine);
  /** Answers the list of versions, then the file if it is asked for. */
  function read(createdAt: number, currencyCode: string): { readonly currency: string | undefined; readonly asked: number } {
    const question = reads.programs('demo');
    question.next();
    let step = question.next({ rows: [[1, 0, createdAt]], touched: 0 });
    let asked = 1;
    for (; !step.done; asked += 1) step = question.next({ rows: [[fileOf(currencyCode)]], touched: 0 });
    return { currency: step.value[0]?.currencyCode, asked };
  }
  expect(read(5, 'USD')).toEqual({ currency: 'USD', asked: 2 });
  expect(read(5, 'not asked for again')).toEqual({ currency: 'USD', asked: 1 });
  expect(read(9, 'EUR')).toEqual({ currency: 'EUR', asked: 2 });
});
