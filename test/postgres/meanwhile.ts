// What others do while a command waits for a lock.
import { withClient } from '../support/postgres/client.ts';

/** Waits until so many of the database's processes wait for a lock. */
export async function untilWaiting(url: string, processes = 1): Promise<void> {
  await withClient(url, async (client) => {
    const text = `select count(*)::int as n from pg_stat_activity
      where wait_event_type = 'Lock' and datname = current_database()`;
    while ((await client.query<{ n: number }>(text)).rows[0]?.n !== processes) await new Promise((resolve) => setTimeout(resolve, 5));
  });
}

type Taken = {
  /** What is done while it waits for the rows. */
  readonly meanwhile: () => Promise<unknown>;
};

/** Sends something while somebody else has the rows that a query takes, does something when it waits for them, and lets it go on. */
export async function whileTaken<Result>(url: string, query: string, send: () => Promise<Result>, { meanwhile }: Taken): Promise<Result> {
  const sending = await withClient(url, async (client) => {
    await client.query('begin');
    await client.query(query);
    const sent = send();
    await untilWaiting(url);
    await meanwhile();
    await client.query('rollback');
    return { sent };
  });
  return sending.sent;
}
