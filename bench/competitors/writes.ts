// The writes of every competitor: the same rows as the gateway writes for such a command, with figures worked out as simply as the bench's program allows.
import type Database from 'better-sqlite3';
import { v7 } from 'uuid';
import { type LineRow, type MemberRow, type OrderRow, type Reads, siteId } from './rows.ts';

export type CreateOrderInput = {
  readonly orderId: string;
  readonly userId: string;
  readonly lineItems: readonly {
    readonly productId: string;
    readonly name: string;
    readonly quantity: number;
    readonly unitPrice: string;
  }[];
};
export type UpdateOrderInput = {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly lineItems: readonly { readonly lineItem: { readonly productId: string }; readonly quantity: number }[];
};
/** An order after a command, with whose balance moved. */
export type Written = { readonly order: OrderRow; readonly lines: readonly LineRow[]; readonly member: MemberRow };

const actor = 'bench';
const dayMs = 86_400_000;
/** The frozen rule of a line under the bench's program. */
const rule =
  '{"programVersion":1,"tier":null,"rounding":"FLOOR","pointsBase":"UNIT_PRICE","pointsScale":0,"currencyDigits":2,"barred":null,"flat":null,"factors":[{"kind":"BASE","label":"Bench","ratio":"1"}]}';
/** In place of the digest by which a repeat is recognised: as long as that. */
const digest = 'x'.repeat(43);
/** A status times sixteen, and what is still open: see the columns of orders. */
const workflows = { shipped: 38, partiallyReturned: 54, returned: 64 } as const;

const insertOrder = `insert into orders (site_id, id, order_id, member_id, credited_to_id, primary_id, order_date, created_shipped, program_version,
    adjustment_ratio, adjustment_rounding, total_minor, discount_minor, coupons, adjustment_minor, adjustment_points, adjusted_points, points_awarded,
    points_removed, held_points, created_lines, retained_points, current_total_minor, spend_minor, workflow, version, event_count, line_count, content,
    created_at, updated_at)
  values ('${siteId}', @id, @orderId, @memberId, @memberId, @primaryId, @at, 1, 1, '1', 'FLOOR', @totalMinor, 0, '[]', 0, 0, 0, @points, 0, 0, @lineCount,
    @points, @totalMinor, @totalMinor, ${workflows.shipped}, 1, 1, @lineCount, '${digest}', @at, @at)`;
const insertLine = `insert into line_items (site_id, order_id, position, product_id, quantity, shipped, cancelled, returned, unit_price_minor, discount_minor,
    discount_share_minor, name, auto_delivery, first_shipped_at, last_shipped_at, accepted_at, matured, waiting, points_awarded, points_removed, rule, order_date)
  values ('${siteId}', @orderId, @position, @productId, @quantity, @quantity, 0, 0, @unitPriceMinor, 0, 0, @name, 0, @at, @at, @at, @quantity, '[]', @points, 0,
    '${rule}', @at)`;
const setOrderSpend = `insert into order_spend values ('${siteId}', @memberId, @orderDate, @orderId, @spendMinor)
  on conflict (site_id, member_id, order_date, order_id) do update set spend_minor = excluded.spend_minor`;
const addDaySpend = `insert into member_spend_days values ('${siteId}', @memberId, @day, @byMinor)
  on conflict (site_id, member_id, day) do update set spend_minor = spend_minor + excluded.spend_minor`;
const moveMember = `update members set available = available + @points, lifetime = lifetime + @earned, total_spend_minor = total_spend_minor + @byMinor,
    entry_count = entry_count + @entries, revision = revision + 1, outbox_count = outbox_count + 1, updated_at = @at
  where site_id = '${siteId}' and id = @memberId returning available, entry_count as entryCount, outbox_count as outboxCount`;
const insertEvent = `insert into order_events values ('${siteId}', @orderId, @sequence, @type, '${actor}', null, @at, @at, @lines)`;
const insertLot = `insert into points_lots values ('${siteId}', @memberId, @sequence, @orderId, @points, @points, 0, @at, ${Number.MAX_SAFE_INTEGER})`;
const insertEntry = `insert into points_entries (site_id, member_id, sequence, order_id, position, event_sequence, type, points, available, held, debt, uncollected,
    available_after, held_after, debt_after, actor, occurred_at, recorded_at)
  values ('${siteId}', @memberId, @sequence, @orderId, @position, @eventSequence, @type, @points, @points, 0, 0, 0, @after, 0, 0, '${actor}', @at, @at)`;
const insertOutbox = `insert into outbox values ('${siteId}', @memberId, @number, 'ORDER', @orderId, @eventSequence, @firstEntry, @lastEntry, @at)`;
const returnOfOrder = `update orders set points_removed = points_removed + @points, retained_points = retained_points - @points,
    current_total_minor = current_total_minor - @byMinor, spend_minor = spend_minor - @byMinor, workflow = @workflow, version = version + 1,
    event_count = event_count + 1, updated_at = @at
  where site_id = '${siteId}' and id = @orderId returning spend_minor as spendMinor, event_count as eventSequence`;
const returnOfLine = `update line_items set returned = returned + @quantity, matured = matured - @quantity, points_removed = points_removed + @points
  where site_id = '${siteId}' and order_id = @orderId and position = @position`;
const takeFromLot = `update points_lots set remaining = remaining - @points where site_id = '${siteId}' and member_id = @memberId and sequence = @sequence`;
const insertAnswer = `insert into answers values ('${siteId}', @key, '${digest}', @orderId, 0, @points, null, @at)`;

type Moved = { readonly available: number; readonly entryCount: number; readonly outboxCount: number };

function found<Row>(row: Row | undefined, what: string): Row {
  if (row === undefined) throw new Error(`There is no ${what}.`);
  return row;
}

const priceOf = (text: string): number => Math.round(Number(text) * 100);
/** One point a dollar; prices are whole dollars. */
const pointsOf = (quantity: number, unitPriceMinor: number): number => Math.floor((quantity * unitPriceMinor) / 100);

export function prepareWrites(connection: Database.Database, reads: Reads) {
  const run = (sql: string) => connection.prepare<[object]>(sql);
  const get = <Row>(sql: string) => connection.prepare<[object], Row>(sql);
  const [order, line, event, lot] = [run(insertOrder), run(insertLine), run(insertEvent), run(insertLot)];
  const [entry, outbox, answer] = [run(insertEntry), run(insertOutbox), run(insertAnswer)];
  const [orderSpend, daySpend] = [run(setOrderSpend), run(addDaySpend)];
  const member = get<Moved>(moveMember);
  const [returnOrder, returnLine, fromLot] = [
    get<{ spendMinor: number; eventSequence: number }>(returnOfOrder),
    run(returnOfLine),
    run(takeFromLot),
  ];
  const primaryOf = connection
    .prepare<[string], string>(`select primary_id from member_links where site_id = '${siteId}' and secondary_id = ? and ended_at is null`)
    .pluck();
  const lotOf = connection
    .prepare<[string], number>(`select sequence from points_lots where site_id = '${siteId}' and order_id = ? order by sequence limit 1`)
    .pluck();

  function createOrder({ orderId, userId, lineItems }: CreateOrderInput): Written {
    const at = Date.now();
    const id = v7();
    const buyer = found(reads.memberByUserId(userId), `member ${userId}`);
    const lines = lineItems.map(({ productId, name, quantity, unitPrice }, index): LineRow => {
      const unitPriceMinor = priceOf(unitPrice);
      const pointsAwarded = pointsOf(quantity, unitPriceMinor);
      return { orderId: id, position: index + 1, productId, name, quantity, returned: 0, unitPriceMinor, pointsAwarded, pointsRemoved: 0 };
    });
    const totalMinor = lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0);
    const points = lines.reduce((sum, { pointsAwarded }) => sum + pointsAwarded, 0);
    const shared = { memberId: buyer.id, orderId: id, at, points };
    order.run({ ...shared, id, orderId, primaryId: primaryOf.get(buyer.id) ?? null, totalMinor, lineCount: lines.length });
    for (const row of lines) line.run({ ...row, points: row.pointsAwarded, at });
    orderSpend.run({ ...shared, orderDate: at, spendMinor: totalMinor });
    daySpend.run({ ...shared, day: Math.floor(at / dayMs), byMinor: totalMinor });
    const moved = found(member.get({ ...shared, earned: points, byMinor: totalMinor, entries: lines.length }), 'member');
    const sold = JSON.stringify(lines.map(({ position, quantity }) => ({ position, quantity })));
    event.run({ ...shared, sequence: 1, type: 'CREATED', lines: sold });
    const firstEntry = moved.entryCount - lines.length + 1;
    lot.run({ ...shared, sequence: firstEntry });
    let after = moved.available - points;
    for (const { position, pointsAwarded } of lines) {
      after += pointsAwarded;
      entry.run({ ...shared, position, points: pointsAwarded, sequence: firstEntry + position - 1, eventSequence: 1, type: 'EARN', after });
    }
    outbox.run({ ...shared, number: moved.outboxCount, eventSequence: 1, firstEntry, lastEntry: moved.entryCount });
    const figures = { totalMinor, pointsAwarded: points, pointsRemoved: 0, workflow: workflows.shipped, version: 1 };
    return {
      order: { id, orderId, memberId: buyer.id, orderDate: at, ...figures },
      lines,
      member: { ...buyer, available: moved.available },
    };
  }

  /** A return of some quantity of one line. */
  function updateOrder({ orderId, idempotencyKey, lineItems: [taken] }: UpdateOrderInput): Written {
    const at = Date.now();
    const before = found(reads.orderByOrderId(orderId), `order ${orderId}`);
    const lines = reads.linesOfOrder(before.id);
    const credited = found(reads.memberById(before.memberId), 'member');
    const returned = found(
      lines.find(({ productId }) => productId === taken?.lineItem.productId),
      'such line',
    );
    const quantity = taken?.quantity ?? 0;
    const points = pointsOf(quantity, returned.unitPriceMinor);
    const byMinor = quantity * returned.unitPriceMinor;
    const shared = { memberId: credited.id, orderId: before.id, position: returned.position, quantity, points, at };
    const left = lines.reduce((sum, row) => sum + row.quantity - row.returned, 0) - quantity;
    const workflow = left === 0 ? workflows.returned : workflows.partiallyReturned;
    const { spendMinor, eventSequence } = found(returnOrder.get({ ...shared, byMinor, workflow }), 'order');
    returnLine.run(shared);
    orderSpend.run({ ...shared, orderDate: before.orderDate, spendMinor });
    daySpend.run({ ...shared, day: Math.floor(before.orderDate / dayMs), byMinor: -byMinor });
    const moved = found(member.get({ ...shared, points: -points, earned: 0, byMinor: -byMinor, entries: 1 }), 'member');
    event.run({ ...shared, sequence: eventSequence, type: 'RETURNED', lines: JSON.stringify([{ position: returned.position, quantity }]) });
    fromLot.run({ ...shared, sequence: lotOf.get(before.id) });
    const sequence = moved.entryCount;
    entry.run({ ...shared, points: -points, sequence, eventSequence, type: 'RETURN', after: moved.available });
    answer.run({ ...shared, key: idempotencyKey });
    outbox.run({ ...shared, number: moved.outboxCount, eventSequence, firstEntry: sequence, lastEntry: sequence });
    return {
      order: { ...before, pointsRemoved: before.pointsRemoved + points, workflow, version: before.version + 1 },
      lines: lines.map((row) =>
        row === returned ? { ...row, returned: row.returned + quantity, pointsRemoved: row.pointsRemoved + points } : row,
      ),
      member: { ...credited, available: moved.available },
    };
  }

  return {
    createOrder: connection.transaction(createOrder).immediate,
    updateOrder: connection.transaction(updateOrder).immediate,
    /** All rows in one transaction. */
    bulkCreateOrders: connection.transaction((orders: readonly CreateOrderInput[]) => orders.map(createOrder)).immediate,
  };
}

export type Writes = ReturnType<typeof prepareWrites>;
