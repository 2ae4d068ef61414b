// Checks leases of background work: their fences count from 1.
import { sql } from 'drizzle-orm';
import { found, type Snapshot, select } from '../store/snapshot.ts';

/** Every lease whose fence its first holder cannot have had. */
export async function* leaseViolations(snapshot: Snapshot): AsyncGenerator<string> {
  const leases = select(
    snapshot.engine,
    { siteId: sql<string>`site_id`, name: sql<string>`name`, fence: sql<number>`fence` },
    sql`from leases where fence < 1 order by site_id, name`,
  );
  for (const { siteId, name, fence } of await found(snapshot, leases))
    yield `Site ${siteId}, lease of ${name}: fence is ${fence}, expected 1 or more.`;
}
