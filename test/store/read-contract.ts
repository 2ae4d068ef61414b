// The contract of the store's reads: what each answers, on whichever engine it runs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/change.ts';
import type { LineItem } from '../../src/domain/line-item.ts';
import type { Order } from '../../src/domain/order.ts';
import { type ListKind, type OrderSort, orderSorts, type PageCursor, type Store } from '../../src/store/store.ts';
import type { TestDatabase } from '../support/engine.ts';
import { plainProgram } from '../support/world.ts';
import {
  adjustments,
  bytes,
  day,
  entries,
  events,
  filters,
  first,
  lines,
  links,
  listed,
  lots,
  main,
  memberFilters,
  members,
  orders,
  other,
  placed,
} from './contract-data.ts';
import { enroll, largest, lineRow, longAgo, now, oddIds, site, write } from './contract-rows.ts';

async function fill(store: Store): Promise<void> {
  for (const siteId of [site, other]) {
    const file = JSON.stringify({ ...plainProgram, siteId, name: 'Naïve “😀”' });
    for (const version of [1, 2, 3])
      await store.commitProgram(siteId, ({ programs }) => {
        const change: Change = { kind: 'PROGRAM_ADDED', version, effectiveFrom: longAgo + version, file, actor: 'tests', createdAt: now };
        expect(programs).toHaveLength(version - 1);
        return { kind: 'ACCEPTED', changes: [change], result: { program: programs[0] as never, added: true } }; // Nobody looks at it.
      });
  }
  for (const member of [...members, { ...main, siteId: other, userId: 'elsewhere' }]) await enroll(store, member);
  for (const { order, line } of placed)
    await write(store, order, main, [
      { kind: 'ORDER_CREATED', order },
      { kind: 'LINE_ADDED', line },
    ]);
  const elsewhere = { ...first, siteId: other };
  await write(store, elsewhere, main, [
    { kind: 'ORDER_CREATED', order: elsewhere },
    { kind: 'LINE_ADDED', line: lineRow(first.id, 1) },
  ]);
  const last: readonly LineItem[] = [2, 3].map((position) =>
    lineRow(first.id, position, { lineKey: `key ${position}`, waiting: [{ quantity: 1, dueAt: longAgo }], unitPriceMinor: largest }),
  );
  lines.push(...last);
  await write(store, first, main, [
    { kind: 'ORDER_CHANGED', order: { ...first, version: 2 }, previousVersion: 1 },
    ...last.map((line): Change => ({ kind: 'LINE_ADDED', line })),
    ...events.map((event): Change => ({ kind: 'EVENT_RECORDED', event })),
    ...entries.map((entry): Change => ({ kind: 'ENTRY_POSTED', entry })),
    ...lots.map((lot): Change => ({ kind: 'LOT_ADDED', lot })),
    ...adjustments.map((adjustment): Change => ({ kind: 'ADJUSTMENT_RECORDED', adjustment })),
    ...links.map((link): Change => ({ kind: 'MEMBER_LINKED', link })),
    { kind: 'SPEND_MOVED', memberId: main.id, orderId: first.id, orderDate: now, spendMinor: 70, byMinor: 70 },
    { kind: 'SPEND_MOVED', memberId: main.id, orderId: orders[7]?.id ?? '', orderDate: longAgo, spendMinor: 900, byMinor: 900 },
  ]); // biome-ignore format: one change a line
}

/** Everything of a list, in pages of three. */
async function walk<Row>(
  read: (after: PageCursor | null) => Promise<readonly Row[]>,
  cursorOf: (row: Row) => PageCursor,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (let after: PageCursor | null = null; ; ) {
    const page = await read(after);
    expect(page.length).toBeLessThanOrEqual(3);
    found.push(...page);
    if (page.length < 3) return found;
    after = cursorOf(page[2] as Row); // It has three.
  }
}

const sortValues = { ORDER_DATE: 'orderDate', UPDATED_AT: 'updatedAt', TOTAL: 'totalMinor' } as const;
function inOrder(
  sort: OrderSort,
  some: readonly Order[],
): { readonly ids: readonly string[]; readonly cursorOf: (order: Order) => PageCursor } {
  const column = sortValues[sort.replace(/_(ASC|DESC)$/, '') as keyof typeof sortValues]; // Every sort is one of these with a direction.
  const direction = sort.endsWith('_ASC') ? 1 : -1;
  const sorted = some.toSorted((one, another) => direction * (one[column] - another[column] || bytes(one.id, another.id)));
  return { ids: sorted.map(({ id }) => id), cursorOf: (order) => [order[column], order.id] };
}

export function readContract(open: () => TestDatabase): void {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = open();
    store = database.open();
    await fill(store);
  });
  afterAll(async () => {
    await store.close();
    await database.remove();
  });

  it('has odd ids in the order of their bytes', () => {
    expect(oddIds.toSorted(bytes)).toEqual(oddIds);
  });

  describe('by id and key', () => {
    it('finds what there is, of its own site only, and leaves out what there is not', async () => {
      const { reads } = store;
      const byId = (rows: readonly { readonly id: string }[]) => rows.toSorted((one, another) => bytes(one.id, another.id));
      const expected = byId([...members]).map((member) => ({ ...member }));
      expect(byId(await reads.membersById(site, [...members.map(({ id }) => id), 'none']))).toMatchObject(expected);
      expect(byId(await reads.membersByUserId(site, members.map(({ userId }) => userId)))).toMatchObject(expected);
      const some = orders.slice(1, 20);
      expect(byId(await reads.ordersById(site, some.map(({ id }) => id)))).toMatchObject(byId([...some]));
      expect(byId(await reads.ordersByOrderId(site, some.map(({ orderId }) => orderId)))).toMatchObject(byId([...some]));
      expect(await reads.ordersById(other, [first.id])).toMatchObject([{ ...first, siteId: other }]);
      expect(await reads.ordersById('none', [first.id])).toEqual([]);
      expect(await reads.membersById(site, [])).toEqual([]);
    }); // biome-ignore format: one question a line

    it('finds rows by their place', async () => {
      const { reads } = store;
      expect(await reads.linesByKey(site, [{ orderId: first.id, position: 3 }, { orderId: first.id, position: 4 }])).toMatchObject([lines.at(-1)]);
      expect(await reads.entriesByKey(site, [{ memberId: main.id, sequence: 1 }, { memberId: 'none', sequence: 2 }])).toMatchObject([entries[0]]);
      expect(await reads.lotsByKey(site, [{ memberId: main.id, sequence: 4 }])).toMatchObject([lots[3]]);
      expect(await reads.eventsByKey(site, [{ orderId: first.id, sequence: 2 }])).toMatchObject([events[1]]);
      expect(await reads.entriesOfEvents(site, [{ orderId: first.id, sequence: 2 }])).toMatchObject(entries.filter(({ eventSequence }) => eventSequence === 2));
      expect(await reads.adjustmentsById(site, ['😀', 'none'])).toMatchObject([adjustments[3]]);
      expect(await reads.entriesByKey(other, [{ memberId: main.id, sequence: 1 }])).toEqual([]);
    }); // biome-ignore format: one question a line

    it('finds links that stand, and secondary members that ever were', async () => {
      const found = await store.reads.linksOfSecondaries(site, ['a', 'é', 'none']);
      expect(found.toSorted((one, another) => bytes(one.id, another.id))).toMatchObject([links[0], links[2]]);
      expect(await store.reads.linksOfSecondaries(site, ['z'])).toEqual([]);
      expect((await store.reads.secondariesEver(site, main.id)).toSorted(bytes)).toEqual(['Z', 'a', 'z', 'é', '😀']);
    });
  });

  it('reads versions of the program, newest first', async () => {
    const { reads } = store;
    expect((await reads.programs(site)).map(({ version, effectiveFrom }) => [version, effectiveFrom])).toEqual([1, 2, 3].map((number) => [number, longAgo + number]));
    expect((await reads.programVersions(site, { after: null, limit: 2 })).map(({ version }) => version)).toEqual([3, 2]);
    expect((await reads.programVersions(site, { after: [2, 2], limit: 2 })).map(({ version }) => version)).toEqual([1]);
    expect(await reads.programVersionsByNumber(site, [2, 9])).toMatchObject([{ version: 2, effectiveFrom: longAgo + 2, file: expect.stringContaining('Naïve “😀”') }]);
    expect([await reads.countProgramVersions(site), await reads.countProgramVersions('none')]).toEqual([3, 0]);
    expect((await reads.sites()).toSorted(bytes)).toEqual([site, other].toSorted(bytes));
  }); // biome-ignore format: one question a line

  it('sums what expires, what is due and what was spent', async () => {
    const { reads } = store;
    expect(await reads.expiring(site, [main.id, 'a'], now)).toEqual(new Map([[main.id, { points: 4 + 3 + 2, nextExpiryAt: now - 2 * day }]]));
    expect(await reads.expiring(site, [main.id], now - 3 * day)).toEqual(new Map());
    expect([await reads.dueMembers(site, longAgo, 5), await reads.dueMembers(site, longAgo - 1, 5)]).toEqual([[main.id], []]);
    const spend = async (after: number | null, upTo: number) => (await reads.periodSpend(site, [main.id], after, upTo)).get(main.id) ?? 0;
    expect([await spend(null, now), await spend(longAgo - 1, now), await spend(longAgo, now), await spend(null, now - 1), await spend(now, now)]).toEqual([970, 970, 70, 900, 0]);
    expect(await spend(null, largest)).toBe(970);
  }); // biome-ignore format: one question a line

  describe.each(Object.entries(listed))('the list %s', (name, { parent, rows, cursorOf }) => {
    const kind = name as ListKind; // The entries are those of its kinds.
    it('comes in pages, and is counted', async () => {
      const read = async (after: PageCursor | null) =>
        (await store.reads.list(site, kind, [parent, 'none'], { after, limit: 3 })).get(parent) ?? [];
      expect(await walk<unknown>(read, cursorOf as (row: unknown) => PageCursor)).toMatchObject(rows); // Each list has its own cursors.
      expect(await store.reads.countList(site, kind, [parent, 'none'])).toEqual(new Map([[parent, rows.length]]));
      expect((await store.reads.list('none', kind, [parent], { after: null, limit: 3 })).get(parent) ?? []).toEqual([]);
    });
  });

  describe.each(filters)('orders by %s', (_, criteria, holds) => {
    const expected = orders.filter(holds);
    it('are found in every order, page by page', async () => {
      for (const sort of orderSorts) {
        const { ids, cursorOf } = inOrder(sort, expected);
        const found = await walk((after) => store.reads.orders(site, criteria, sort, { after, limit: 3 }), cursorOf);
        expect(found.map(({ id }) => id), sort).toEqual(ids);
        const ofMain = inOrder(sort, expected.filter(({ memberId }) => memberId === main.id));
        const read = async (after: PageCursor | null) =>
          (await store.reads.ordersOfMembers(site, [main.id, 'a'], criteria, sort, { after, limit: 3 })).get(main.id) ?? [];
        expect((await walk(read, cursorOf)).map(({ id }) => id), sort).toEqual(ofMain.ids);
      }
    }); // biome-ignore format: one question a line

    it('are counted', async () => {
      expect(await store.reads.countOrders(site, criteria)).toBe(expected.length);
      const ofMain = expected.filter(({ memberId }) => memberId === main.id).length;
      expect((await store.reads.countOrdersOfMembers(site, [main.id], criteria)).get(main.id) ?? 0).toBe(ofMain);
    });
  });

  it.each(memberFilters)('members by %s', async (_, criteria, holds) => {
    const expected = members.filter(holds).toSorted((one, another) => bytes(one.userId, another.userId));
    const read = (after: PageCursor | null) => store.reads.members(site, criteria, { after, limit: 3 });
    expect(await walk(read, ({ userId }) => [userId, userId])).toMatchObject(expected);
    expect(await store.reads.countMembers(site, criteria)).toBe(expected.length);
  });
}
