// Draws bulk calls: rows of their own, repeated rows, rows with another order's id, rows that fail.
import type { BulkOrderUpdate, Command, CreateOrderInput, UpdateOrderInput } from '../oracle/command.ts';
import type { Draw } from './draw.ts';
import { drawAdd, drawCorrect, drawUpdate } from './draw-change.ts';
import { drawCreate } from './draw-order.ts';

const policy = ({ random }: Draw) => random.pick([{ errorPolicy: 'REJECT_ALL' }, { errorPolicy: 'REJECT_FAILED' }, {}] as const);

function withBadCreate(draw: Draw, rows: readonly CreateOrderInput[]): CreateOrderInput[] {
  const { random } = draw;
  const row = random.pick(rows);
  const bad = random.weighted<() => CreateOrderInput>([
    [2, () => row],
    [1, () => ({ ...row, lineItems: row.lineItems.map((line) => ({ ...line, quantity: line.quantity + 1 })) })],
    [1, () => ({ ...drawCreate(draw), userId: 'nobody' })],
    [1, () => ({ ...drawCreate(draw), lineItems: [] })],
  ])();
  return [...rows, bad];
}

export function drawBulkCreate(draw: Draw): Command {
  const { random } = draw;
  const rows = Array.from({ length: random.int(1, 4) }, () => drawCreate(draw));
  const orders = random.chance(0.5) ? withBadCreate(draw, rows) : rows;
  return { kind: 'bulkCreateOrders', input: { orders, ...policy(draw) } };
}

function drawRow(draw: Draw): BulkOrderUpdate[] {
  const update = () => drawUpdate(draw);
  const kind = draw.random.weighted([
    [5, 'update'],
    [2, 'add'],
    [3, 'correct'],
  ] as const);
  if (kind === 'update') return wrap(update(), (input) => ({ update: input }));
  if (kind === 'add') return wrap(drawAdd(draw), (input) => ({ add: input }));
  return wrap(drawCorrect(draw), (input) => ({ correct: input }));
}

const wrap = <T>(input: T | null, row: (input: T) => BulkOrderUpdate): BulkOrderUpdate[] => (input === null ? [] : [row(input)]);

/** A row of an order that does not exist, or the first row once more, or its key for something else. */
function badRow(draw: Draw, rows: readonly BulkOrderUpdate[]): BulkOrderUpdate[] {
  const { random } = draw;
  const repeated = rows.find((row): row is { update: UpdateOrderInput } => 'update' in row);
  const unknown: BulkOrderUpdate = {
    update: { orderId: 'no-such-order', action: 'SHIP', allLineItems: true, idempotencyKey: draw.key() },
  };
  if (repeated === undefined) return [unknown];
  return [random.pick([unknown, repeated, repeated, { update: { ...repeated.update, reason: 'something else' } }])];
}

export function drawBulkUpdate(draw: Draw): Command | null {
  const { random } = draw;
  const rows = Array.from({ length: random.int(1, 5) }, () => drawRow(draw)).flat();
  if (rows.length === 0) return null;
  const updates = random.chance(0.4) ? [...rows, ...badRow(draw, rows)] : rows;
  return { kind: 'bulkUpdateOrders', input: { updates, ...policy(draw) } };
}

/** Both ends of the limit of rows; the long one rarely, as it is a large request. */
export function drawBulkOverLimit(draw: Draw): Command {
  const { random } = draw;
  if (random.chance(0.5)) return { kind: 'bulkCreateOrders', input: { orders: [] } };
  const row = (index: number): BulkOrderUpdate => ({
    update: { orderId: 'no-such-order', action: 'SHIP', allLineItems: true, idempotencyKey: `row-${index}` },
  });
  return {
    kind: 'bulkUpdateOrders',
    input: { updates: random.chance(0.8) ? [] : Array.from({ length: 1_001 }, (_, index) => row(index)) },
  };
}
