// Puts one fault at a time into a copy of the source and runs the tests, which must turn red. Arguments: words in the names, files or tests of the faults to try.
import { join } from 'node:path';
import { accessFaults } from './access-faults.ts';
import { commandFaults } from './command-faults.ts';
import { copyProject, mistakeIn, withFault } from './copy.ts';
import { engineFaults } from './engine-faults.ts';
import type { Fault } from './fault.ts';
import { planFaults } from './plan-faults.ts';
import { pointsFaults } from './points-faults.ts';
import { postgresFaults } from './postgres-faults.ts';
import { storeFaults } from './store-faults.ts';
import { runSuite, type Verdict } from './suite.ts';

/** Commands of each random history when it is run for one fault; the whole suite runs longer ones. */
const shortHistory = 150;

const wanted = process.argv.slice(2);
const faults = [
  ...pointsFaults,
  ...engineFaults,
  ...commandFaults,
  ...storeFaults,
  ...accessFaults,
  ...postgresFaults,
  ...planFaults,
].filter(
  ({ name, file, tests }) => wanted.length === 0 || wanted.some((word) => [name, file, ...tests].some((text) => text.includes(word))),
);

/** The named tests first, because they are fast; the whole suite has the last word. */
function judge(folder: string, fault: Fault): Verdict {
  return withFault(folder, fault, () => {
    const verdict = runSuite(folder, fault.tests, shortHistory);
    return verdict.kind === 'GREEN' ? runSuite(folder, []) : verdict;
  });
}

function shown(fault: Fault, verdict: Verdict): string {
  switch (verdict.kind) {
    case 'RED':
      return `caught      ${fault.name} (${verdict.file})`;
    case 'GREEN':
      return `NOT CAUGHT  ${fault.name} (${fault.file})`;
    case 'BROKEN':
      return `NOT CAUGHT  ${fault.name} (${fault.file}): no test could judge it\n    ${verdict.why}`;
  }
}

function tryAll(folder: string): number {
  const mistakes = faults.flatMap((fault) => {
    const mistake = mistakeIn(folder, fault);
    return mistake === null ? [] : [`NO FAULT    ${fault.name}: ${mistake}`];
  });
  for (const mistake of mistakes) console.log(mistake);
  if (mistakes.length > 0 || faults.length === 0) return 1;
  const tests = [...new Set(faults.flatMap((fault) => fault.tests))];
  const unfaulted = runSuite(folder, tests, shortHistory);
  if (unfaulted.kind !== 'GREEN') {
    console.log(`The tests are red without a fault: ${unfaulted.kind === 'RED' ? unfaulted.file : unfaulted.why}`);
    return 1;
  }
  let caught = 0;
  for (const fault of faults) {
    const verdict = judge(folder, fault);
    console.log(shown(fault, verdict));
    if (verdict.kind === 'RED') caught += 1;
  }
  console.log(`${caught} of ${faults.length} faults were caught.`);
  return caught === faults.length ? 0 : 1;
}

const { folder, remove } = copyProject(join(import.meta.dirname, '../..'));
try {
  process.exitCode = tryAll(folder);
} finally {
  remove();
}
