// One connection to PostgreSQL for as long as a piece of work takes.
import { Client } from 'pg';

/** Connects, runs and disconnects. */
export async function withClient<Result>(url: string, run: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url });
  // A connection that is lost would end the process if nobody listened; the statement under way fails anyhow.
  client.on('error', () => {});
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}
