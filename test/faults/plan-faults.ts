// Faults in plans: what is selected, where pages begin and end, and which variant of an operation is run.
import type { Fault } from './fault.ts';

const tests = ['test/plans/differential.test.ts'];

export const planFaults: readonly Fault[] = [
  {
    name: 'a page says that more follow when none do',
    file: 'src/plans/connection.ts',
    find: 'const hasNext = rows.length >= limit;',
    replace: 'const hasNext = rows.length >= limit - 1;',
    tests,
  },
  {
    name: 'of a field that is selected twice the second is forgotten',
    file: 'src/plans/selection.ts',
    find: 'if (nodes) nodes.push(node);',
    replace: 'if (nodes) continue;',
    tests,
  },
  {
    name: 'what is included is what was included first',
    file: 'src/plans/create-plans.ts',
    find: 'const key = JSON.stringify(values);',
    replace: 'const key = String(values.length);',
    tests,
  },
  {
    name: 'a later page of lines begins at the first line',
    file: 'src/plans/line-item.ts',
    find: 'const begin = Math.max(0, Number(range.after?.[0] ?? 0));',
    replace: 'const begin = 0;',
    tests,
  },
  {
    name: 'text is written as it stands',
    file: 'src/plans/json-text.ts',
    find: '(escaped.test(text) ? JSON.stringify(text) :',
    replace: "(escaped.test('') ? JSON.stringify(text) :",
    tests,
  },
];
