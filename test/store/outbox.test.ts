// The outbox: what was committed stands in it once, numbered without a gap for each member, with the entries that it posted.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../support/engine.ts';
import { openServer } from '../support/server.ts';
import { openWorld, plainProgram, type World } from '../support/world.ts';

const start = Date.parse('2026-06-01T12:00:00Z');
const day = (number: number): string => new Date(start + number * 86_400_000).toISOString();

let world: World;
beforeEach(async () => {
  world = await openWorld({ hold: { type: 'ORDER_DATE', days: 10 }, expiryDays: 20, secondaryMembers: { earnForPrimary: true } }, day(0));
});
afterEach(async () => {
  await expectWhole();
  await world.close();
});

type Row = Readonly<Record<string, unknown>>;
const rowsOf = (sql: string): Promise<readonly Row[]> => world.query(sql);

/** What holds of every outbox from which nothing was removed. */
async function expectWhole(): Promise<void> {
  const [events, members, entries, orderEvents] = await Promise.all([
    rowsOf('select * from outbox order by site_id, member_id, number'),
    rowsOf('select id, outbox_count from members'),
    rowsOf('select member_id, sequence, order_id, event_sequence from points_entries order by member_id, sequence'),
    rowsOf(
      'select e.order_id, e.sequence, o.credited_to_id from order_events e join orders o on o.site_id = e.site_id and o.id = e.order_id',
    ),
  ]);
  for (const { id, outbox_count: count } of members) {
    const own = events.filter((event) => event['member_id'] === id);
    expect(own.map(({ number }) => number)).toEqual(Array.from({ length: Number(count) }, (_, index) => index + 1));
    const times = own.map((event) => Number(event['recorded_at']));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    // Events that posted entries follow each other as their entries do.
    const begins = own.flatMap((event) => (event['first_entry'] === null ? [] : [Number(event['first_entry'])]));
    expect(begins).toEqual(begins.toSorted((one, other) => one - other));
  }
  const named = (member: unknown, order: unknown, event: unknown): string => `${member} ${order} ${event}`;
  // One of each event of an order, for whom the order is credited to, and one of each expiry.
  const ofOrders = events.filter(({ type }) => type === 'ORDER');
  expect(ofOrders.map((event) => named(event['member_id'], event['order_id'], event['event_sequence'])).toSorted()).toEqual(
    orderEvents.map((event) => named(event['credited_to_id'], event['order_id'], event['sequence'])).toSorted(),
  );
  const posted = events.filter(({ type }) => type === 'ORDER' || type === 'POINTS_EXPIRED');
  expect(posted.filter(({ type }) => type === 'POINTS_EXPIRED')).toHaveLength(
    entries.filter((entry) => entry['event_sequence'] === null).length,
  );
  const seen = posted.map((event) => {
    const own = entries.filter(
      (entry) =>
        entry['member_id'] === event['member_id'] &&
        entry['order_id'] === event['order_id'] &&
        entry['event_sequence'] === event['event_sequence'] &&
        (event['type'] === 'ORDER' || entry['sequence'] === event['first_entry']),
    );
    expect([event['first_entry'], event['last_entry']]).toEqual([own[0]?.['sequence'] ?? null, own.at(-1)?.['sequence'] ?? null]);
    return own.length;
  });
  // Every entry is of one event.
  expect(seen.reduce((sum, count) => sum + count, 0)).toBe(entries.length);
}

/** The events of a member since the last look, in words: what, of which order, how many entries. */
const lookedAt = new Map<string, number>();
beforeEach(() => lookedAt.clear());
async function news(userId = 'ann'): Promise<readonly string[]> {
  const rows = await rowsOf(`select b.number, b.type, o.order_id as name, e.type as event, b.first_entry, b.last_entry from outbox b
    join members m on m.site_id = b.site_id and m.id = b.member_id
    left join orders o on o.site_id = b.site_id and o.id = b.order_id
    left join order_events e on e.site_id = b.site_id and e.order_id = b.order_id and e.sequence = b.event_sequence
    where m.user_id = '${userId}' order by b.number`);
  const known = lookedAt.get(userId) ?? 0;
  lookedAt.set(userId, rows.length);
  return rows.slice(known).map(({ type, name, event, first_entry: from, last_entry: to }) => {
    const entries = from === null ? [] : [from === to ? `${from}` : `${from}-${to}`];
    return [event ?? type, ...(name === null ? [] : [name]), ...entries].join(' ');
  });
}

describe('the outbox', () => {
  it('has one event for each thing that was done to an order', async () => {
    expect(await news()).toEqual(['MEMBER_ENROLLED']);
    await world.order('o-1', [
      ['p', 4, '10'],
      ['q', 1, '5'],
    ]);
    expect(await news()).toEqual(['CREATED o-1 1-2']);
    await world.ship('o-1', [['p', 3]]);
    expect(await news()).toEqual(['SHIPPED o-1']);
    await world.return('o-1', [['p', 1]]);
    expect(await news()).toEqual(['RETURNED o-1 3']);
    await world.cancel('o-1', [['q', 1]]);
    expect(await news()).toEqual(['CANCELLED o-1 4']);
    await world.add('o-1', [['r', 1, '7']]);
    expect(await news()).toEqual(['LINES_ADDED o-1 5']);
    await world.correct('o-1', 'r', { unitPrice: '8' });
    expect(await news()).toEqual(['CORRECTED o-1 6']);
    await world.adjust('o-1', 'CREDIT', '3');
    expect(await news()).toEqual([expect.stringMatching(/^SPEND_ADJUSTED o-1 7/)]);
  });

  it('has nothing of what was refused, tried, or done before', async () => {
    await world.order('o-1', [['p', 4, '10']]);
    await world.return('o-1', [['p', 1]], { idempotencyKey: 'none' });
    await world.cancel('o-1', [['p', 1]], { idempotencyKey: 'k' });
    expect(await news()).toEqual(['MEMBER_ENROLLED', 'CREATED o-1 1', 'CANCELLED o-1 2']);
    expect(await world.cancel('o-1', [['p', 1]], { idempotencyKey: 'k' })).toMatchObject({ replayed: true });
    expect(await world.order('o-1', [['p', 4, '10']])).toMatchObject({ replayed: true });
    expect(await world.order('o-1', [['p', 5, '10']])).toMatchObject({ userErrors: [{ code: 'ORDER_ID_CONFLICT' }] });
    expect(await world.cancel('o-1', [['p', 9]])).toMatchObject({ userErrors: [{ code: 'QUANTITY_EXCEEDED' }] });
    expect((await world.member('ann')).userErrors).toHaveLength(1);
    const [input, line] = [
      { orderId: 'o-2', userId: 'ann' },
      { productId: 'p', quantity: 1, unitPrice: '10' },
    ];
    expect(await world.send('createOrder', { ...input, lineItems: [line] }, true)).toMatchObject({ userErrors: [] });
    expect(await world.bulkCreate([{ ...input, lineItems: [line] }], undefined, true)).toMatchObject({ created: 1 });
    expect(await news()).toEqual([]);
  });

  it('has the accepted rows of a bulk call, and none of one that is refused as a whole', async () => {
    const order = (orderId: string, userId = 'ann') => ({ orderId, userId, lineItems: [{ productId: 'p', quantity: 1, unitPrice: '10' }] });
    await world.member('bob');
    await news();
    await news('bob');
    const rows = [order('a'), order('x', 'nobody'), order('b', 'bob'), order('c'), order('a')];
    expect(await world.bulkCreate(rows)).toMatchObject({ created: 3, failed: 1 });
    expect(await news()).toEqual(['CREATED a 1', 'CREATED c 2']);
    expect(await news('bob')).toEqual(['CREATED b 1']);
    expect(await world.bulkCreate([order('d'), order('y', 'nobody')], 'REJECT_ALL')).toMatchObject({ created: 0, skipped: 1 });
    expect([await news(), await news('bob')]).toEqual([[], []]);
    expect(await world.bulkCreate([order('d'), order('e', 'bob')], 'REJECT_ALL')).toMatchObject({ created: 2 });
    expect([await news(), await news('bob')]).toEqual([['CREATED d 3'], ['CREATED e 2']]);
  });

  it('has releases and expiries in the order in which they were settled', async () => {
    for (const number of [0, 15, 25]) {
      world.setClock(day(number));
      await world.order(`o-${number}`, [['p', 1, '10']]);
    }
    // What is due is settled before a command: the first was released on day 10.
    expect(await news()).toEqual([
      'MEMBER_ENROLLED',
      'CREATED o-0 1',
      'POINTS_RELEASED o-0 2',
      'CREATED o-15 3',
      'POINTS_RELEASED o-15 4',
      'CREATED o-25 5',
    ]);
    // The first expires on day 30, before the third is released on day 35; the second expires on day 45.
    world.setClock(day(50));
    await world.settle();
    expect(await news()).toEqual(['POINTS_EXPIRED o-0 6', 'POINTS_RELEASED o-25 7', 'POINTS_EXPIRED o-15 8']);
  });

  it('tells an expiry in the midst of a return after the return, whose entries stand on both sides', async () => {
    await world.order('o-1', [['p', 1, '100']]);
    world.setClock(day(12));
    await world.order('g', [['gift', 1, '50']], { redeemPoints: 40, status: 'SHIPPED' });
    world.setClock(day(33));
    await world.settle();
    await news();
    // What it gives back has expired on day 30.
    await world.return('g', 'all');
    expect(await news()).toEqual(['RETURNED g 7-9', 'POINTS_EXPIRED o-1 8']);
  });

  it('keeps what came due when the command that found it is refused', async () => {
    await world.order('o-1', [['p', 1, '10']]);
    await news();
    world.setClock(day(12));
    const cancel = { orderId: 'o-1', action: 'CANCEL', allLineItems: true, idempotencyKey: 'k' };
    const unknown = { orderId: 'nobody', action: 'CANCEL', allLineItems: true, idempotencyKey: 'l' };
    expect(await world.bulkUpdate([{ update: cancel }, { update: unknown }], 'REJECT_ALL')).toMatchObject({ updated: 0, skipped: 1 });
    expect(await news()).toEqual(['POINTS_RELEASED o-1 2']);
  });

  it('says nothing when a member was only looked after: what was to be released is cancelled already', async () => {
    await world.order('o-1', [['p', 1, '10']]);
    await world.cancel('o-1', 'all');
    await news();
    const dueAt = () => rowsOf('select due_at from members');
    expect(await dueAt()).toEqual([{ due_at: start + 10 * 86_400_000 }]);
    world.setClock(day(12));
    await world.settle();
    expect(await dueAt()).toEqual([{ due_at: null }]);
    expect(await news()).toEqual([]);
  });

  it('has what was done to members, each as their own', async () => {
    await world.member('bob');
    await world.changeMember('bob', { firstName: 'Bob' });
    const link = (primaryUserId: string, secondaryUserId: string) =>
      world.server.execute(
        'mutation Link($input: LinkSecondaryMemberInput!) { linkSecondaryMember(input: $input) { userErrors { code } } }',
        { input: { primaryUserId, secondaryUserId } },
      );
    await link('ann', 'bob');
    await link('ann', 'bob');
    await link('bob', 'ann');
    expect(await news('bob')).toEqual(['MEMBER_ENROLLED', 'MEMBER_CHANGED', 'MEMBER_LINKED']);
    // The primary member earns: the order is an event of hers, and names its buyer.
    await world.order('o-1', [['p', 1, '10']], { userId: 'bob' });
    expect([await news(), await news('bob')]).toEqual([['MEMBER_ENROLLED', 'CREATED o-1 1'], []]);
    await world.unlink('bob');
    await world.member('eve', { primaryUserId: 'ann' });
    expect(await news('bob')).toEqual(['MEMBER_UNLINKED']);
    expect(await news('eve')).toEqual(['MEMBER_ENROLLED', 'MEMBER_LINKED']);
    expect(await news()).toEqual([]);
  });

  it('never goes back in time, though the clocks of two servers differ', async () => {
    world.setClock(day(5));
    await world.order('o-1', [['p', 1, '10']]);
    world.setClock(day(4));
    await world.order('o-2', [['p', 1, '10']]);
    const times = (await rowsOf('select recorded_at from outbox order by number')).map((row) => row['recorded_at']);
    expect(times).toEqual([day(0), day(5), day(5)].map(Date.parse));
  });
});

it('leaves no gap, and no number twice, when many commands for one member come at once through two servers', async () => {
  const database = testDatabase();
  const servers = [openServer(start, database), openServer(start, database)];
  try {
    await servers[0]?.setProgram(plainProgram);
    const send = (index: number, operation: string) => servers[index % 2]?.execute(`mutation { ${operation} { userErrors { code } } }`);
    await send(0, 'enrollMember(input: { userId: "ann" })');
    const line = '{ productId: "p", quantity: 1, unitPrice: "10" }';
    const commands = Array.from({ length: 40 }, (_, index) =>
      index % 4 === 3
        ? `updateMember(input: { userId: "ann", firstName: "Ann ${index}" })`
        : `createOrder(input: { orderId: "o-${index}", userId: "ann", lineItems: [${line}] })`,
    );
    const answers = await Promise.all(commands.map((command, index) => send(index, command)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toHaveProperty('size', 2);
    const rows = await database.query('select number, type, first_entry from outbox order by number');
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 41 }, (_, index) => index + 1));
    expect(await database.query('select outbox_count from members')).toEqual([{ outbox_count: 41 }]);
    const entries = rows.flatMap((row) => (row['type'] === 'ORDER' ? [row['first_entry']] : []));
    expect(entries).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  } finally {
    for (const server of servers) await server.close();
    await database.remove();
  }
});
