// The world of the access tests: two sites with the same user ids and order ids and different data, on one server.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settleDue } from '../../../src/settlement.ts';
import { openGuardedServer, type TestServer } from '../server.ts';
import { createModel, type Model } from './model.ts';
import { readRows } from './rows.ts';
import { chapters, presentTime } from './story.ts';
import { createTeller } from './teller.ts';
import { casts } from './viewers.ts';

export type AccessWorld = {
  readonly server: TestServer;
  readonly model: Model;
  readonly file: string;
  readonly close: () => Promise<void>;
};

/** What one unit of a site's story costs, so that no two amounts of the sites are alike. */
const dollarsOf: Readonly<Record<string, number>> = { demo: 1, other: 7 };

/** What a request may cost is no question here. */
const most = Number.MAX_SAFE_INTEGER;
const unlimited = {
  bodyBytes: 10_000_000,
  tokens: most,
  fields: most,
  repeats: most,
  cost: most,
  costPerMinute: most,
  operationTimeoutMs: 100_000,
};

export async function openAccessWorld(): Promise<AccessWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'orders-access-'));
  const file = join(folder, 'orders.db');
  const server = openGuardedServer({ database: file, limits: unlimited });
  const tellers = Object.entries(casts).map(([siteId, cast]) => ({
    siteId,
    cast,
    teller: createTeller(server, siteId, dollarsOf[siteId] ?? 1),
  }));
  for (const { at, tell } of [...chapters, { at: presentTime, tell: async () => {} }]) {
    server.setClock(Date.parse(at));
    for (const { siteId, ...stage } of tellers) {
      await settleDue(server.store, siteId, Date.parse(at));
      await tell(stage);
    }
  }
  const told = tellers.map(({ teller }) => teller.told());
  const model = createModel(
    {
      members: told.flatMap(({ members }) => members),
      links: told.flatMap(({ links }) => links),
      linksNow: told.flatMap(({ linksNow }) => linksNow),
      orders: told.flatMap(({ orders }) => orders),
    },
    readRows(file),
  );
  return {
    server,
    model,
    file,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
