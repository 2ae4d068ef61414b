// Seeds for the command line: what was filled in is told in a line.
import { v7 } from 'uuid';
import type { Store } from '../store/store.ts';
import { seedDemo } from './seed.ts';

/** Fills an empty database with the demo, and says whether it did. */
export async function seed(store: Store): Promise<void> {
  const seeded = await seedDemo(store, { now: Date.now(), newId: v7 });
  console.log(
    seeded ? `Seeded: ${seeded.members} members and ${seeded.orders} orders.` : 'Not seeded: the database has a program already.',
  );
}
