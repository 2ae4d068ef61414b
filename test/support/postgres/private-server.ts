// A PostgreSQL server of a test's own, which the test may kill.
import { withClient } from './client.ts';
import { startCluster } from './cluster.ts';

export type PrivateServer = {
  /** Where its empty database is; the same after a restart. */
  readonly url: string;
  readonly port: number;
  /** Ends all other client connections, from the server's side. Answers how many there were. */
  readonly terminateBackends: () => Promise<number>;
  /** Kills its first process with SIGKILL and waits until that and all its children are gone. */
  readonly kill: () => Promise<void>;
  /** Starts it again after `kill` and waits until it takes connections. */
  readonly restart: () => Promise<void>;
  /** Ends it, if it still runs, and removes its files. */
  readonly stop: () => Promise<void>;
};

/** What it acknowledged is on the disk, as with a server in service. */
const settings = { fsync: 'on', synchronous_commit: 'on', shared_buffers: '32MB', max_connections: '200' };

/** Starts a server and waits until it takes connections. TEST_DATABASE_URL does not matter to it: nobody's server is killed. */
export async function startPrivateServer(): Promise<PrivateServer> {
  const { url, port, kill, start, stop } = await startCluster(settings);
  return {
    url,
    port,
    terminateBackends: () =>
      withClient(url, async (client) => {
        const others = `select pg_terminate_backend(pid) from pg_stat_activity
          where backend_type = 'client backend' and pid <> pg_backend_pid()`;
        return (await client.query(others)).rows.length;
      }),
    kill: () => kill('SIGKILL'),
    restart: start,
    stop,
  };
}
