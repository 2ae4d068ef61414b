// The doctor: reads a database and reports every sum and derived column that is wrong; it changes nothing.
import { clockViolations } from './doctor/clock.ts';
import { dueViolations } from './doctor/due.ts';
import { keyViolations } from './doctor/foreign-key.ts';
import { leaseViolations } from './doctor/lease.ts';
import { lotViolations } from './doctor/lot.ts';
import { memberViolations } from './doctor/member.ts';
import { linkViolations } from './doctor/member-link.ts';
import { orderViolations } from './doctor/order.ts';
import { outboxViolations } from './doctor/outbox.ts';
import { spendViolations } from './doctor/spend.ts';
import { withSnapshot } from './store/open-snapshot.ts';
import type { Snapshot } from './store/snapshot.ts';

/** All but the first are the same for every engine. */
const checks: Readonly<Record<string, (snapshot: Snapshot) => AsyncIterable<string>>> = {
  database: (snapshot) => snapshot.faults(),
  keys: keyViolations,
  clocks: clockViolations,
  members: memberViolations,
  links: linkViolations,
  lots: lotViolations,
  orders: orderViolations,
  due: dueViolations,
  spend: spendViolations,
  outbox: outboxViolations,
  leases: leaseViolations,
};

async function examine(snapshot: Snapshot): Promise<readonly string[]> {
  const violations: string[] = [];
  for (const [name, check] of Object.entries(checks))
    try {
      for await (const violation of check(snapshot)) violations.push(violation);
    } catch (error) {
      await snapshot.recover(error);
      // A check that cannot go on has found something too.
      violations.push(`Check of ${name}: could not be read: ${error instanceof Error ? error.message : String(error)}.`);
    }
  return violations;
}

/**
 * Every violation in a database, one line each, with the ids it concerns; none when all is right.
 * Throws when there is no database of ours at the address.
 */
export const diagnose = (database: string): Promise<readonly string[]> => withSnapshot(database, examine);
