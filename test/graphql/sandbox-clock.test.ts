// The clock of a sandbox: moved ahead, it brings what is due; it never goes back; a product does not have it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { type Answer, openServer } from '../support/server.ts';
import { openWorld, plainProgram, type World } from '../support/world.ts';

const hold = { hold: { type: 'ORDER_DATE', days: 30 }, expiryDays: 365 };

let world: World;
beforeEach(async () => {
  world = await openWorld(hold);
});
afterEach(() => world.close());

const advance = (to: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  world.server.execute('mutation Advance($to: DateTime!) { advanceClock(to: $to) }', { to }, headers);
const now = async (headers: Record<string, string> = {}): Promise<unknown> => (await world.server.execute('{ now }', {}, headers)).data;

describe('moving the clock', () => {
  it('releases held points and lets them expire, each at its instant', async () => {
    await world.order('o-1', [['p', 1, '100']]);
    expect(await world.balances()).toMatchObject({ held: 100, available: 0 });

    expect(await advance('2026-12-24T11:59:59.999Z')).toEqual({ data: { advanceClock: '2026-12-24T11:59:59.999Z' } });
    expect(await world.balances()).toMatchObject({ held: 100, available: 0 });
    expect(await advance('2026-12-24T04:00:00-08:00')).toEqual({ data: { advanceClock: '2026-12-24T12:00:00.000Z' } });
    expect(await world.balances()).toMatchObject({ held: 0, available: 100 });
    expect(await world.lots()).toEqual([
      { order: { orderId: 'o-1' }, remaining: 100, availableAt: '2026-12-24T12:00:00.000Z', expiresAt: '2027-12-24T12:00:00.000Z' },
    ]);
    const order = await world.readOrder('o-1');
    expect(order).toMatchObject({ pointsHeld: 0, pointsReleaseAt: null, version: 1 });
    expect(order?.events.nodes.map(({ type }) => type)).toEqual(['CREATED', 'POINTS_RELEASED']);

    await advance('2027-12-24T11:59:59.999Z');
    expect(await world.balances()).toMatchObject({ available: 100, expired: 0 });
    await advance('2027-12-25T00:00:00Z');
    expect(await world.balances()).toMatchObject({ held: 0, available: 0, expired: 100, lifetime: 100 });
    expect(await world.lots()).toEqual([]);
    const told = (await world.entries()).map(({ type, points, occurredAt, recordedAt }) => [type, points, occurredAt, recordedAt]);
    expect(told).toEqual([
      ['EARN', 100, '2026-11-24T12:00:00.000Z', '2026-11-24T12:00:00.000Z'],
      ['RELEASE', 100, '2026-12-24T12:00:00.000Z', '2026-12-24T12:00:00.000Z'],
      ['EXPIRE', -100, '2027-12-24T12:00:00.000Z', '2027-12-25T00:00:00.000Z'],
    ]);
  });

  it('is seen by what follows in the same operation', async () => {
    await world.setProgram({ ...hold, purchase: { ...plainProgram.purchase, baseRatio: '3' } }, '2027-01-01T00:00:00Z');
    const create = (orderId: string) =>
      `createOrder(input: { orderId: "${orderId}", userId: "ann", lineItems: [{ productId: "p", quantity: 1, unitPrice: 10 }] }) { order { orderDate pointsAwarded pointsReleaseAt member { points { held } } } }`;
    const answer = await world.server.execute(
      `mutation { a: ${create('o-1')} b: advanceClock(to: "2027-02-01T00:00:00Z") c: ${create('o-2')} d: advanceClock(to: "2027-02-02T00:00:00Z") e: ${create('o-2')} }`,
    );
    const order = (orderDate: string, pointsAwarded: number, pointsReleaseAt: string, held: number) => ({
      order: { orderDate, pointsAwarded, pointsReleaseAt, member: { points: { held } } },
    });
    expect(answer).toEqual({
      data: {
        a: order('2026-11-24T12:00:00.000Z', 10, '2026-12-24T12:00:00.000Z', 10),
        b: '2027-02-01T00:00:00.000Z',
        c: order('2027-02-01T00:00:00.000Z', 30, '2027-03-03T00:00:00.000Z', 30),
        d: '2027-02-02T00:00:00.000Z',
        e: order('2027-02-01T00:00:00.000Z', 30, '2027-03-03T00:00:00.000Z', 30),
      },
    });
  });

  it('goes on from there: the server adds its own time, a restart changes nothing', async () => {
    await advance('2030-01-01T00:00:00Z');
    expect(await now()).toEqual({ now: '2030-01-01T00:00:00.000Z' });
    world.setClock('2026-11-24T12:00:05Z');
    expect(await now()).toEqual({ now: '2030-01-01T00:00:05.000Z' });
    await world.restart();
    expect(await now()).toEqual({ now: '2030-01-01T00:00:05.000Z' });
    await world.order('o-1', [['p', 1, '100']]);
    world.setClock('2026-12-24T12:00:05Z');
    await world.settle();
    expect(await world.balances()).toMatchObject({ held: 0, available: 100 });
  });

  it('moves one site and no other', async () => {
    await world.server.setProgram({ ...plainProgram, siteId: 'other' });
    await advance('2030-01-01T00:00:00Z');
    expect(await now({ 'x-site-id': 'other' })).toEqual({ now: '2026-11-24T12:00:00.000Z' });
    expect(await advance('2028-01-01T00:00:00Z', { 'x-site-id': 'other' })).toEqual({ data: { advanceClock: '2028-01-01T00:00:00.000Z' } });
    expect(await now()).toEqual({ now: '2030-01-01T00:00:00.000Z' });
  });

  it('may move by nothing, and to the last instant of the year 9000', async () => {
    expect(await advance('2026-11-24T12:00:00Z')).toEqual({ data: { advanceClock: '2026-11-24T12:00:00.000Z' } });
    expect(await advance('9000-12-31T23:59:59.999Z')).toEqual({ data: { advanceClock: '9000-12-31T23:59:59.999Z' } });
    expect((await world.order('o-1', [['p', 1, '100']])).userErrors).toEqual([]);
    expect(await world.expiring([36_500])).toEqual([{ withinDays: 36_500, points: 0, nextExpiryAt: null }]);
  });

  it.each([
    ['a time that is over', '2026-11-24T11:59:59.999Z'],
    ['a time beyond the year 9000', '9001-01-01T00:00:00Z'],
    ['a time without an offset', '2027-01-01T00:00:00'],
    ['no time at all', 'tomorrow'],
    ['a number', 1_800_000_000_000],
  ])('refuses %s and stays where it is', async (_, to) => {
    await world.order('o-1', [['p', 1, '100']]);
    const before = await world.stored();
    expect(await advance(to)).toMatchObject({
      data: null,
      errors: [{ path: ['advanceClock'], extensions: { code: 'INVALID_INPUT', path: ['to'] } }],
    });
    expect(await now()).toEqual({ now: '2026-11-24T12:00:00.000Z' });
    expect(await world.stored()).toEqual(before);
  });

  it('never goes back, whichever of several moves at once comes first', async () => {
    const days = ['05', '02', '09', '01', '07'].map((day) => `2027-01-${day}T00:00:00.000Z`);
    const answers = await Promise.all(days.map((day) => advance(day)));
    for (const [index, { data, errors }] of answers.entries()) {
      const { advanceClock } = (data ?? {}) as { advanceClock?: string }; // The operation asks for nothing else.
      if (errors) expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
      else expect((advanceClock ?? '') >= (days[index] ?? '')).toBe(true);
    }
    expect(await now()).toEqual({ now: '2027-01-09T00:00:00.000Z' });
    expect(await world.server.store.setClockAhead('demo', 1)).toBe(Date.parse('2027-01-09T00:00:00Z') - Date.parse('2026-11-24T12:00:00Z'));
    expect(await now()).toEqual({ now: '2027-01-09T00:00:00.000Z' });
  });
});

describe('outside a sandbox', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-clock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('there is neither field, and a clock that a sandbox moved is not looked at', async () => {
    const file = join(folder, 'orders.db');
    const sandbox = openServer(undefined, file);
    await sandbox.setProgram(plainProgram);
    await sandbox.execute(
      'mutation { advanceClock(to: "2030-01-01T00:00:00Z") enrollMember(input: { userId: "ann" }) { userErrors { code } } }',
    );
    await sandbox.close();

    const product = openServer(undefined, file, false);
    try {
      const asked = await product.execute('{ now }');
      expect(asked.data).toBeUndefined();
      // The schema is not shown outside a sandbox, so the refusal names no field.
      expect(asked.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
      expect(schema.getQueryType()?.getFields()).not.toHaveProperty('now');
      const moved = await product.execute('mutation { advanceClock(to: "2031-01-01T00:00:00Z") }');
      expect(moved.data).toBeUndefined();
      expect(moved.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
      expect(schema.getMutationType()?.getFields()).not.toHaveProperty('advanceClock');
      product.takeStatements();
      const created = await product.execute(
        'mutation { createOrder(input: { orderId: "o-1", userId: "ann", lineItems: [{ productId: "p", quantity: 1, unitPrice: 10 }] }) { order { orderDate } } }',
      );
      expect(created).toEqual({ data: { createOrder: { order: { orderDate: '2026-11-24T12:00:00.000Z' } } } });
      expect(product.takeStatements().filter((sql) => sql.includes('sandbox'))).toEqual([]);
    } finally {
      await product.close();
    }
  });
});
