// What is begun anew: deadlocks, serialization failures, keys that somebody else wrote and connections that were lost, with a bound, and counted.
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/observe/metrics.ts';
import { postgresDriver, postgresEngine } from '../../src/store/postgres.ts';
import { failureOf } from '../../src/store/postgres-failure.ts';
import { touch } from '../../src/store/statement.ts';
import { DatabaseUnavailable } from '../../src/store/store-error.ts';
import { withClient } from '../support/postgres/client.ts';
import { type FreshDatabase, migratedDatabase } from '../support/postgres/fresh-database.ts';
import { enrolment, type Gateway, openGateway, orderOf, outcomeOf, type Sendable, setPlainProgram } from './gateway.ts';
import { untilWaiting, whileTaken } from './meanwhile.ts';

let database: FreshDatabase;
const gateways: Gateway[] = [];

/** Opens a gateway whose connections have the settings. */
function open(settings: Readonly<Record<string, string>> = {}): Gateway {
  const url = new URL(database.url);
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`);
  if (options.length > 0) url.searchParams.set('options', options.join(' '));
  const gateway = openGateway({ url: url.href, timeoutMs: 60_000 });
  gateways.push(gateway);
  return gateway;
}

beforeEach(async () => {
  database = await migratedDatabase();
  const gateway = open();
  await setPlainProgram(gateway);
  for (const userId of ['ann', 'bob']) await gateway.send(enrolment(userId));
});
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
  await database.drop();
});

it('begins a command anew that is caught in a deadlock', async () => {
  const line = { productId: 'p', quantity: 1, unitPrice: '1' };
  const both: Sendable = {
    kind: 'bulkCreateOrders',
    input: { orders: ['ann', 'bob'].map((userId) => ({ orderId: `of-${userId}`, userId, lineItems: [line] })) },
  };
  // It looks for deadlocks long before the other one does, and after that has closed the circle.
  const gateway = open({ deadlock_timeout: '3s' });
  const answer = await withClient(database.url, async (client) => {
    await client.query("begin; set local deadlock_timeout = '60s'");
    await client.query("select 1 from members where user_id = 'bob' for update");
    const sent = gateway.send(both);
    await untilWaiting(database.url);
    await client.query("select 1 from members where user_id = 'ann' for update");
    await client.query('rollback');
    return sent;
  });
  expect(outcomeOf(answer)).toBe('DONE');
  expect(gateway.retries).toEqual(['deadlock']);
});

it('begins a command anew whose transaction cannot be put in a row with others', async () => {
  // A sharded or a stricter server says so of itself; this one says it once, of the first order.
  await withClient(database.url, (client) =>
    client.query(`create sequence beginnings;
      create function refuse_once() returns trigger language plpgsql as $$ begin
        if nextval('beginnings') = 1 then raise exception 'could not serialize access' using errcode = '40001'; end if;
        return new;
      end $$;
      create trigger refuse_once before insert on orders for each row execute function refuse_once()`),
  );
  const gateway = open({});
  const answer = await gateway.send({
    kind: 'createOrder',
    input: { orderId: 'of-a-second-beginning', userId: 'ann', lineItems: [{ productId: 'p', quantity: 1, unitPrice: '1' }] },
  });
  await withClient(database.url, (client) =>
    client.query('drop trigger refuse_once on orders; drop function refuse_once; drop sequence beginnings'),
  );
  expect(outcomeOf(answer)).toBe('DONE');
  expect(gateway.retries).toEqual(['serialization_failure']);
});

it('needs no new beginning where the database would isolate transactions more than they need', async () => {
  const gateway = open({ default_transaction_isolation: 'repeatable read' });
  const change = () =>
    withClient(database.url, (client) => client.query("update members set outbox_count = outbox_count where user_id = 'bob'"));
  // The change of the other member comes after what the command sees, and before it has come to lock that member.
  const bulk: Sendable = {
    kind: 'bulkCreateOrders',
    input: {
      orders: ['ann', 'bob'].map((userId) => ({
        orderId: `isolated-${userId}`,
        userId,
        lineItems: [{ productId: 'p', quantity: 1, unitPrice: '1' }],
      })),
    },
  };
  const answer = await whileTaken(database.url, "select 1 from members where user_id = 'ann' for update", () => gateway.send(bulk), {
    meanwhile: change,
  });
  expect(outcomeOf(answer)).toBe('DONE');
  expect(gateway.retries).toEqual([]);
});

it('begins a command anew whose key somebody else wrote meanwhile', async () => {
  const gateway = open();
  const answer = await withClient(database.url, async (client) => {
    await client.query('begin');
    const { rows } = await client.query("select * from members where user_id = 'ann'");
    const columns = Object.keys(rows[0]);
    const values = columns.map((name) => (name === 'id' ? "'other'" : name === 'user_id' ? "'eve'" : `"${name}"`));
    await client.query(`insert into members (${columns.map((name) => `"${name}"`)}) select ${values} from members where user_id = 'ann'`);
    const sent = gateway.send(enrolment('eve'));
    await untilWaiting(database.url);
    await client.query('commit');
    return sent;
  });
  expect(outcomeOf(answer)).toBe('MEMBER_ALREADY_EXISTS');
  expect(gateway.retries).toEqual(['unique_violation']);
});

it('begins a command anew whose connection is ended before it is committed', async () => {
  const gateway = open();
  const end = async (): Promise<void> => {
    await withClient(database.url, (client) =>
      client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      ),
    );
    await untilWaiting(database.url);
  };
  const answer = await whileTaken(
    database.url,
    "select 1 from members where user_id = 'ann' for update",
    () => gateway.send(orderOf('one', 'ann')),
    {
      meanwhile: end,
    },
  );
  expect(outcomeOf(answer)).toBe('DONE');
  expect(gateway.retries).toEqual(['terminated']);
});

describe('what fails again and again', () => {
  const failing = (code: string) => postgresEngine.write(sql.raw(`do $$ begin raise exception using errcode = '${code}'; end $$`));
  async function attempt(code: string) {
    const metrics = createMetrics();
    const driver = postgresDriver({ url: database.url, timeoutMs: 60_000, onRetry: metrics.retried });
    const statement = failing(code);
    const asked = async () =>
      driver.transact(
        () => touch(statement, {}),
        () => true,
      );
    const error: unknown = await asked().catch((thrown: unknown) => thrown);
    await driver.close();
    return { error, counted: /gateway_transaction_retries_total\{reason="(\w+)"\} (\d+)/.exec(await metrics.print())?.slice(1) };
  }

  it.each([
    ['40001', 'serialization_failure'],
    ['40P01', 'deadlock'],
  ])('is given up after 20 attempts when others come in between: %s', async (code, reason) => {
    const { error, counted } = await attempt(code);
    expect(error).toBeInstanceOf(DatabaseUnavailable);
    expect(counted).toEqual([reason, '19']);
  });

  it('is a bug when a key is taken each time', async () => {
    const { error, counted } = await attempt('23505');
    expect(error).toMatchObject({ code: '23505' });
    expect(counted).toEqual(['unique_violation', '19']);
  });

  it('is not tried again when it is a bug', async () => {
    const { error, counted } = await attempt('P0001');
    expect([failureOf(error).kind, counted]).toEqual(['BUG', undefined]);
  });
});
