// The PostgreSQL servers and the network of the tests do what the tests rely on.
import { once } from 'node:events';
import { connect } from 'node:net';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { withClient } from './postgres/client.ts';
import { freshDatabase } from './postgres/fresh-database.ts';
import { type PrivateServer, startPrivateServer } from './postgres/private-server.ts';
import { startProxy, type TcpProxy } from './postgres/proxy.ts';

const ask = (url: string, sql: string): Promise<readonly unknown[]> =>
  withClient(url, async (client) => (await client.query({ text: sql, rowMode: 'array' })).rows.map(([first]) => first));

/** A client that stays connected until the test ends, and the error with which it lost its connection. */
async function connectClient(url: string): Promise<{ readonly client: Client; readonly lost: Promise<Error> }> {
  const client = new Client({ connectionString: url });
  const lost = new Promise<Error>((resolve) => client.on('error', resolve));
  await client.connect();
  onTestFinished(() => client.end());
  return { client, lost };
}

describe('a fresh database', () => {
  test('is empty, of its own and gone when it is dropped, also with a client in it', async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
    await ask(one.url, 'create table things (id integer primary key)');
    expect(await ask(other.url, "select tablename from pg_tables where schemaname = 'public'")).toEqual([]);
    const { lost } = await connectClient(one.url);
    await Promise.all([one.drop(), other.drop()]);
    expect(await lost).toMatchObject({ code: '57P01' });
    await expect(ask(one.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
  });
});

describe('a private server', () => {
  let server: PrivateServer;
  beforeAll(async () => {
    server = await startPrivateServer();
    await ask(server.url, 'create table things (id integer primary key)');
  });
  afterAll(() => server.stop());

  test('ends the connections of its clients and takes new ones', async () => {
    const clients = await Promise.all([connectClient(server.url), connectClient(server.url)]);
    expect(await server.terminateBackends()).toBe(2);
    for (const { lost } of clients) expect(await lost).toMatchObject({ code: '57P01' });
    expect(await ask(server.url, 'select 1')).toEqual([1]);
  });

  test('comes back from a kill with what it acknowledged and without what was never committed', async () => {
    const { client, lost } = await connectClient(server.url);
    await client.query('insert into things values (1)');
    await client.query('begin');
    await client.query('insert into things values (2)');
    await server.kill();
    await lost;
    await expect(ask(server.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    expect(await ask(server.url, 'select id from things')).toEqual([1]);
  });

  test('comes back from a kill in the midst of a statement that does not look up until it is done', async () => {
    const { client } = await connectClient(server.url);
    const counted = client
      .query('select count(*) from generate_series(1, 6000000) as n where sqrt(n) > 0')
      .catch((error: unknown) => error);
    const running =
      "select count(*)::integer from pg_stat_activity where state = 'active' and query like '%sqrt%' and pid <> pg_backend_pid()";
    while ((await ask(server.url, running))[0] !== 1);
    await server.kill();
    // It would refuse while a process of the old one lived.
    await server.restart();
    expect(await ask(server.url, 'select 1')).toEqual([1]);
    await counted; // It may even have been answered.
  });

  test('waits for the disk at each commit', async () => {
    const settings = ['fsync', 'synchronous_commit', 'full_page_writes'];
    for (const setting of settings) expect(await ask(server.url, `show ${setting}`)).toEqual(['on']);
  });
});

describe('a proxy', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let proxy: TcpProxy;
  const url = (): string => {
    const through = new URL(database.url);
    through.host = `127.0.0.1:${proxy.port}`;
    return through.href;
  };
  beforeAll(async () => {
    database = await freshDatabase();
    const { hostname, port } = new URL(database.url);
    proxy = await startProxy(Number(port || 5432), hostname);
  });
  afterAll(async () => {
    await proxy.close();
    await database.drop();
  });

  test('holds questions back while it stalls, of old connections and of new ones, until it resumes', async () => {
    await ask(database.url, 'create table questions (id integer primary key)');
    const { client } = await connectClient(url());
    proxy.stall();
    let answered = 0;
    const count = (): void => {
      answered += 1;
    };
    const answers = [
      client.query('insert into questions values (1)').then(count),
      ask(url(), 'insert into questions values (2)').then(count),
    ];
    // The server itself answers meanwhile; whatever the proxy let through would have come first.
    for (let turn = 0; turn < 10; turn += 1) expect(await ask(database.url, 'select id from questions')).toEqual([]);
    expect(answered).toBe(0);
    await proxy.resume();
    await Promise.all(answers);
    expect(await ask(database.url, 'select id from questions order by id')).toEqual([1, 2]);
  });

  test('holds an answer back whose question the server has had', async () => {
    const { client } = await connectClient(url());
    await ask(database.url, 'create table answers (id integer primary key)');
    const blocker = await connectClient(database.url);
    await blocker.client.query('begin; lock table answers');
    let answered = false;
    const answer = client.query('insert into answers values (1)').then(() => {
      answered = true;
    });
    const waiting = "select count(*)::integer from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    while ((await ask(database.url, waiting))[0] !== 1);
    proxy.stall();
    await blocker.client.query('commit');
    while ((await ask(database.url, 'select id from answers')).length === 0);
    expect(answered).toBe(false);
    await proxy.resume();
    await answer;
  });

  test('breaks the connections, and takes new ones', async () => {
    const { lost } = await connectClient(url());
    proxy.cut();
    expect(await lost).toBeInstanceOf(Error);
    expect(await ask(url(), 'select 1')).toEqual([1]);
  });

  test('refuses new connections, keeps those that stand, and takes new ones again', async () => {
    await ask(database.url, 'create table notes (note text)');
    const { client } = await connectClient(url());
    proxy.refuse();
    await expect(ask(url(), 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await proxy.resume();
    expect(await ask(url(), 'select 1')).toEqual([1]);
    await client.query("insert into notes values ('once')");
    expect((await client.query('select note from notes')).rows).toEqual([{ note: 'once' }]);
  });

  test('breaks a connection that it cannot carry on', async () => {
    const unreachable = await startProxy(1);
    const socket = connect(unreachable.port, '127.0.0.1');
    await once(socket, 'close');
    await unreachable.close();
  });
});
