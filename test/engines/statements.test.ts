// Every statement that the store can make carries its site, for each table that it names, so that a sharded database can run it in one place.
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareChosenReads } from '../../src/store/chosen-reads.ts';
import { prepareLeases } from '../../src/store/leases.ts';
import { prepareLocks } from '../../src/store/locks.ts';
import { postgresEngine } from '../../src/store/postgres.ts';
import { prepareReads } from '../../src/store/reads.ts';
import type { Asking, Engine, Statement } from '../../src/store/statement.ts';
import { type MemberCriteria, type OrderCriteria, orderSorts } from '../../src/store/store.ts';
import { prepareClock, prepareWrites } from '../../src/store/writes.ts';
import { type FreshDatabase, migratedDatabase } from '../support/postgres/fresh-database.ts';
import { type Access, accessesOf, siteParameter } from '../support/site-conditions.ts';

/** An engine that remembers what it makes. */
function remembering(made: Set<string>): Engine {
  const kept = <Row>(statement: Statement<Row>): Statement<Row> => {
    made.add(statement.sql);
    return statement;
  };
  return {
    words: postgresEngine.words,
    rows: (query, options) => kept(postgresEngine.rows(query, options)),
    cells: (query) => kept(postgresEngine.cells(query)),
    rowsOf: (query, fields) => kept(postgresEngine.rowsOf(query, fields)),
    write: (query) => kept(postgresEngine.write(query)),
  };
}

const orderCriteria: Required<OrderCriteria> = {
  orderIds: ['x'], memberIds: ['x'], primaryId: 'x', visibleTo: 'x', statuses: ['OPEN'], actions: ['SHIP'], held: true, productIds: ['x'], storeIds: ['x'],
  sources: ['x'], orderDate: { from: 1, before: 2 }, updatedAt: { from: 1, before: 2 }, total: { from: 1, to: 2 },
}; // biome-ignore format: a list of words
const memberCriteria: Required<MemberCriteria> = {
  ids: ['x'], userIds: ['x'], email: 'x', namePrefix: 'x', statuses: ['ACTIVE'], spend: { ranges: [{ from: 1, below: null }], after: 1, upTo: 2 },
}; // biome-ignore format: a list of words

/** None of the criteria, each, each two of them, and all. */
function choices<Criteria extends object>(all: Criteria): readonly Partial<Criteria>[] {
  const entries = Object.entries(all);
  const pairs = entries.flatMap((one, index) => entries.slice(index).map((other) => Object.fromEntries([one, other])));
  return [{}, ...pairs, all] as Partial<Criteria>[]; // Each is made of entries of the criteria.
}

const begin = (question: Asking<unknown>): unknown => question.next();

/** Makes all statements. Those of a search are made when their shape is asked for. */
function allStatements(): readonly string[] {
  const made = new Set<string>();
  const engine = remembering(made);
  const rows = prepareReads(engine);
  prepareWrites(engine);
  prepareClock(engine);
  prepareLeases(engine);
  prepareLocks(engine, rows);
  const chosen = prepareChosenReads(engine);
  for (const read of [chosen.ordersById, chosen.ordersByOrderId, chosen.membersById, chosen.membersByUserId, chosen.secondariesOf])
    for (const keys of [['x'], ['x', 'y']]) begin(read(['id'])('a', keys));
  for (const keys of [['x'], ['x', 'y']]) begin(chosen.linesOfOrders(['position'])('a', keys, 0, 1));
  const chosenOrders = chosen.orders(['id', 'memberId']);
  for (const after of [null, [1, 'x']] as const) {
    for (const criteria of choices(orderCriteria)) {
      for (const sort of orderSorts) {
        begin(rows.orders.page('a', criteria, sort, { after, limit: 1 }));
        begin(rows.orders.pagePerMember('a', ['x'], criteria, sort, { after, limit: 1 }));
        begin(chosenOrders.page('a', criteria, sort, { after, limit: 1 }));
        for (const ids of [['x'], ['x', 'y']]) begin(chosenOrders.ofMembers('a', ids, criteria, sort, { after, limit: 1 }));
      }
      begin(rows.orders.count('a', criteria));
      begin(rows.orders.countPerMember('a', ['x'], criteria));
    }
    for (const criteria of choices(memberCriteria)) begin(rows.members.page('a', criteria, { after, limit: 1 }));
  }
  return [...made];
}

const statements = allStatements();
let database: FreshDatabase;
let client: Client;
beforeAll(async () => {
  database = await migratedDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Names of tables that a statement reads or writes for no site in particular. */
const unbound = (accesses: readonly Access[]): readonly string[] =>
  accesses.filter((access) => siteParameter(access) === null).map(({ name }) => name);

describe('the statements of the store', () => {
  it('are many', () => {
    expect(statements.length).toBeGreaterThan(1_000);
  });

  it('carry their site for each table, but for the list of sites', async () => {
    const broken: string[] = [];
    for (const sql of statements) {
      const accesses = await accessesOf(client, sql);
      const names = accesses.length === 0 ? ['no table'] : unbound(accesses);
      if (names.length > 0) broken.push(`${names.join()}: ${sql.slice(0, 80)}`);
    }
    expect(broken).toEqual(['programs: select distinct "site_id" from "programs" where "programs"."site_id" > $1']);
  });
});

describe('a table without its site is found', () => {
  it.each([
    ['alone', 'select id from orders where order_id = $1', ['orders']],
    ['under another name', 'select c.id from orders c where c.id = $1', ['c']],
    [
      'in a subquery',
      'select id from orders where site_id = $1 and exists (select 1 from line_items p where p.order_id = orders.id)',
      ['p'],
    ],
    ['in a join', 'select 1 from orders o join members m on m.id = o.member_id where o.site_id = $1 and m.revision = $2', ['m']],
    ['that is updated', 'update members set held = 0 where id = $1', ['members']],
    ['that is deleted from', 'delete from answers where key = $1', ['answers']],
    ['that is given another site', "insert into sandbox_clocks (site_id, ahead_ms) values ('a', $1)", ['sandbox_clocks']],
    ['that is compared with a range', 'select id from orders where site_id > $1', ['orders']],
    ['none of them', 'select o.id from orders o join members m on m.site_id = o.site_id and m.id = o.member_id where o.site_id = $1', []],
  ])('%s', async (_, sql, names) => {
    expect(unbound(await accessesOf(client, sql))).toEqual(names);
  });
});
