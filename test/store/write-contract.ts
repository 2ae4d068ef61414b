// The contract of what the store writes: batches, dry runs, members, settlement, leases, clocks and what is forgotten.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Change } from '../../src/domain/change.ts';
import type { OrderState } from '../../src/domain/order-command.ts';
import type { Store } from '../../src/store/store.ts';
import type { TestDatabase } from '../support/engine.ts';
import { plainProgram } from '../support/world.ts';
import {
  accepts,
  enroll,
  entryRow,
  eventRow,
  largest,
  longAgo,
  lotRow,
  memberRow,
  now,
  orderRow,
  refusal,
  scopeOf,
  site,
  workOf,
  write,
} from './contract-rows.ts';

const ann = memberRow('ann');
const order = orderRow('o1', ann.id);
const created = (id: string): readonly Change[] => [{ kind: 'ORDER_CREATED', order: { ...order, id, orderId: id } }];
const work = (id: string) => workOf(created(id), order, ann);
const refused = { scope: scopeOf(), decide: () => ({ kind: 'REFUSED', refusal }) as const };
const kinds = (outcomes: readonly { readonly kind: string }[]): readonly string[] => outcomes.map(({ kind }) => kind);

export function writeContract(open: () => TestDatabase): void {
  let database: TestDatabase;
  let store: Store;
  const ids = async (...some: readonly string[]) => (await store.reads.ordersById(site, some)).map(({ id }) => id).toSorted();
  beforeAll(async () => {
    database = open();
    store = database.open();
    const file = JSON.stringify({ ...plainProgram, siteId: site });
    await store.commitProgram(site, () => ({
      kind: 'ACCEPTED',
      changes: [{ kind: 'PROGRAM_ADDED', version: 1, effectiveFrom: longAgo, file, actor: 'tests', createdAt: now }],
      result: { program: null as never, added: true }, // Nobody looks at it.
    }));
    await enroll(store, ann);
    await write(store, order, ann, [{ kind: 'ORDER_CREATED', order }]);
  });
  afterAll(async () => {
    await store.close();
    await database.remove();
  });

  it('keeps the good ones of a batch under EACH, and none under ALL', async () => {
    expect(kinds(await store.commit([work('e1'), refused, work('e2')], 'EACH'))).toEqual(['ACCEPTED', 'REFUSED', 'ACCEPTED']);
    expect(kinds(await store.commit([work('a1'), refused, work('a2')], 'ALL'))).toEqual(['SKIPPED', 'REFUSED', 'SKIPPED']);
    expect(kinds(await store.commit([work('b1'), work('b2')], 'ALL'))).toEqual(['ACCEPTED', 'ACCEPTED']);
    expect(await ids('e1', 'e2', 'a1', 'a2', 'b1', 'b2')).toEqual(['b1', 'b2', 'e1', 'e2']);
  });

  it('shows a later command what an earlier one did, in slices and in a whole', async () => {
    for (const policy of ['EACH', 'ALL'] as const) {
      const seen: (string | undefined)[] = [];
      const batch = Array.from({ length: 60 }, (_, index) => ({
        scope: scopeOf({ orderId: index === 0 ? null : `${policy}${index - 1}`, userId: ann.userId }),
        decide: (state: OrderState) => {
          seen[index] = state.order?.id;
          return accepts(created(`${policy}${index}`), order, ann);
        },
      }));
      expect(new Set(kinds(await store.commit(batch, policy)))).toEqual(new Set(['ACCEPTED']));
      expect(seen).toEqual(batch.map((_, index) => (index === 0 ? undefined : `${policy}${index - 1}`)));
    }
  });

  it('writes nothing in a dry run, and shows what would have been', async () => {
    const before = await database.digest();
    const event = eventRow('dry', 1);
    const changes: readonly Change[] = [
      { kind: 'ORDER_CREATED', order: { ...order, id: 'dry', orderId: 'dry' } },
      { kind: 'EVENT_RECORDED', event },
    ];
    const [outcome] = await store.commit([workOf(changes, { ...order, id: 'dry' }, ann)], 'EACH', { dryRun: true });
    expect(outcome).toMatchObject({
      kind: 'ACCEPTED',
      preview: { events: [event], entries: [], adjustments: [], lots: [], periodSpendMinor: 0 },
    });
    expect(await database.digest()).toEqual(before);
  });

  it('undoes all of what a broken decision began', async () => {
    const before = await database.digest();
    const twice = workOf([...created('twice'), ...created('twice')], order, ann);
    await expect(store.commit([work('before'), twice], 'ALL')).rejects.toThrow();
    const stale: Change = { kind: 'ORDER_CHANGED', order: { ...order, version: 9 }, previousVersion: 8 };
    await expect(write(store, order, ann, [...created('stale'), stale])).rejects.toThrow('touched 0 rows');
    const staleBalances: Change = { kind: 'BALANCES_CHANGED', member: { ...ann, revision: 9 }, previousRevision: 8 };
    await expect(write(store, order, ann, [...created('stale'), staleBalances])).rejects.toThrow('touched 0 rows');
    await expect(write(store, order, ann, [{ kind: 'ORDER_CREATED', order: orderRow('lost', 'nobody') }])).rejects.toThrow();
    expect(await database.digest()).toEqual(before);
  });

  it('reads what a decision on an order stands on', async () => {
    const found = await store.reads.orderState(scopeOf({ orderId: order.orderId, userId: ann.userId, spendAt: () => now, takes: () => 5 }));
    expect(found).toMatchObject({
      order,
      buyer: ann,
      credited: ann,
      primary: null,
      lots: [],
      redemption: [],
      lines: [],
      answer: null,
      periodSpendMinor: 0,
    });
    expect(await store.reads.orderState(scopeOf({ orderId: 'none', userId: 'nobody' }))).toMatchObject({
      order: null,
      buyer: null,
      credited: null,
    });
  });

  it('decides on members as they are, and refuses without a trace', async () => {
    const secondary = memberRow('sec');
    await enroll(store, secondary);
    const link = { id: 'l', siteId: site, primaryId: ann.id, secondaryId: secondary.id, startedAt: now, endedAt: null };
    const scope = { siteId: site, userId: secondary.userId, primaryUserId: ann.userId };
    await store.commitMember(scope, (state) => {
      expect(state).toMatchObject({
        member: secondary,
        primary: ann,
        linkAsSecondary: null,
        hasSecondaries: false,
        primaryIsSecondary: false,
      });
      return { kind: 'ACCEPTED', changes: [{ kind: 'MEMBER_LINKED', link }], result: { member: secondary } };
    });
    const before = await database.digest();
    const answer = await store.commitMember(scope, (state) => {
      expect(state.linkAsSecondary).toMatchObject(link);
      return { kind: 'REFUSED', refusal };
    });
    expect(answer).toEqual({ kind: 'REFUSED', refusal });
    expect(await database.digest()).toEqual(before);
  });

  it('keeps an answer under its key, and forgets it in time', async () => {
    const record = {
      key: 'clé “😀”',
      content: 'c',
      orderId: order.id,
      pointsAwarded: largest,
      pointsRemoved: 0,
      adjustmentId: null,
      recordedAt: longAgo,
    };
    await write(store, order, ann, [{ kind: 'ANSWER_RECORDED', answer: record }]);
    const answerOf = async () => (await store.reads.orderState(scopeOf({ key: record.key }))).answer;
    expect(await answerOf()).toMatchObject(record);
    const outbox = Number.MIN_SAFE_INTEGER;
    expect(await store.forget(site, { answers: longAgo, outbox }, 10)).toEqual({ answers: 0, outbox: 0 });
    expect(await store.forget('none', { answers: largest, outbox: largest }, 10)).toEqual({ answers: 0, outbox: 0 });
    expect(await store.forget(site, { answers: longAgo + 1, outbox }, 10)).toEqual({ answers: 1, outbox: 0 });
    expect(await answerOf()).toBeNull();
    expect((await store.forget(site, { answers: 0, outbox: largest }, 1)).outbox).toBe(1);
  });

  it('settles what is due, once', async () => {
    const bob = memberRow('bob', { available: 5, lifetime: 5, entryCount: 1, dueAt: longAgo + 1 });
    const own = orderRow('bobs', bob.id);
    await enroll(store, bob);
    const lot = lotRow(bob.id, 1, own.id, { expiresAt: longAgo + 1, availableAt: longAgo });
    const entry = entryRow(bob.id, 1, own.id);
    await write(store, own, bob, [
      { kind: 'ORDER_CREATED', order: own },
      { kind: 'EVENT_RECORDED', event: eventRow(own.id, 1) },
      { kind: 'ENTRY_POSTED', entry },
      { kind: 'LOT_ADDED', lot },
    ]);
    await store.settle(site, bob.id, longAgo);
    expect(await store.reads.membersById(site, [bob.id])).toMatchObject([{ available: 5 }]);
    await store.settle(site, bob.id, now);
    await store.settle(site, bob.id, now);
    expect(await store.reads.membersById(site, [bob.id])).toMatchObject([{ available: 0, expired: 5, dueAt: null, entryCount: 2 }]);
    expect(await store.reads.lotsByKey(site, [{ memberId: bob.id, sequence: 1 }])).toMatchObject([{ remaining: 0, expired: 5 }]);
  });

  it('gives a lease to one at a time', async () => {
    const take = (holder: string, forMs = 60_000) => store.takeLease(site, 'work', holder, forMs);
    const lease = await take('one');
    expect(lease).toEqual({ siteId: site, name: 'work', holder: 'one', fence: 1 });
    expect([await take('other'), await take('one'), await store.takeLease(site, 'else', 'other', 1_000)]).toMatchObject([
      null,
      { fence: 1 },
      { fence: 1 },
    ]);
    if (lease) await store.endLease(lease);
    expect(await take('other')).toMatchObject({ holder: 'other', fence: 2 });
    await expect(store.settle(site, ann.id, now, lease)).rejects.toMatchObject({ name: 'LeaseLost' });
    await expect(store.forget(site, { answers: now, outbox: now }, 1, lease)).rejects.toMatchObject({ name: 'LeaseLost' });
  });

  it('moves the clock of a site ahead, never back', async () => {
    expect(await store.reads.clockAhead(site)).toBe(0);
    expect([await store.setClockAhead(site, 5_000), await store.setClockAhead(site, 4_000), await store.setClockAhead('else', 1)]).toEqual([
      5_000, 5_000, 1,
    ]);
    expect([await store.reads.clockAhead(site), await store.reads.clockAhead('else')]).toEqual([5_000, 1]);
  });

  it('is ready', async () => {
    expect(await store.isReady()).toBe(true);
  });
}
