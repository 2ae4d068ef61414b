// Bulk calls: each row its own command with its own outcome.
import { type InputPath, type Refusal, refuse } from '../domain/refusal.ts';
import type { CommitOutcome, OrderWork } from '../store/store.ts';
import { builder } from './builder.ts';
import type { GatewayContext } from './context.ts';
import { hasExactlyOne } from './one-of.ts';
import { answerOf } from './order/command.ts';
import { AddToOrderInput, CorrectOrderInput, CreateOrderInput, UpdateOrderInput } from './order/inputs.ts';
import { orderScope } from './order/scope.ts';
import { Order } from './order/type.ts';
import { addWork, correctWork, createWork, updateWork } from './order/works.ts';
import { UserError } from './user-error.ts';

const maximumRows = 1_000;

const BulkErrorPolicy = builder.enumType('BulkErrorPolicy', {
  description: 'What becomes of the good rows when others are refused.',
  values: {
    REJECT_ALL: { description: 'All rows are written, or none.' },
    REJECT_FAILED: { description: 'The good rows are written.' },
  } as const,
});

const rowStatuses = {
  CREATED: 'Written.',
  UPDATED: 'Written.',
  UNCHANGED: 'It was so already; nothing was written.',
  FAILED: 'Refused; nothing was written.',
  SKIPPED: 'Good in itself, but not written because another row was refused.',
} as const;
type RowStatus = keyof typeof rowStatuses;

const BulkRowStatus = builder.enumType('BulkRowStatus', {
  description: 'What became of a row.',
  values: Object.fromEntries(Object.entries(rowStatuses).map(([status, description]) => [status, { description }])) as Record<
    RowStatus,
    { description: string }
  >, // One value a status.
});

const BulkCreateOrdersInput = builder.inputType('BulkCreateOrdersInput', {
  description: 'Orders to be created.',
  fields: (t) => ({
    orders: t.field({ type: [CreateOrderInput], required: true, description: '1 to 1,000 orders.' }),
    errorPolicy: t.field({
      type: BulkErrorPolicy,
      required: true,
      defaultValue: 'REJECT_FAILED',
      description: 'What becomes of the good rows when others are refused.',
    }),
  }),
});

const BulkOrderUpdate = builder.inputType('BulkOrderUpdate', {
  description: 'One change to one order: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    update: t.field({ type: UpdateOrderInput, description: 'A shipment, return or cancellation.' }),
    add: t.field({ type: AddToOrderInput, description: 'An addition.' }),
    correct: t.field({ type: CorrectOrderInput, description: 'A correction.' }),
  }),
});

const BulkUpdateOrdersInput = builder.inputType('BulkUpdateOrdersInput', {
  description: 'Changes to orders. Rows of one order apply in their order.',
  fields: (t) => ({
    updates: t.field({ type: [BulkOrderUpdate], required: true, description: '1 to 1,000 changes.' }),
    errorPolicy: t.field({
      type: BulkErrorPolicy,
      required: true,
      defaultValue: 'REJECT_FAILED',
      description: 'What becomes of the good rows when others are refused.',
    }),
  }),
});

type Row = {
  readonly index: number;
  readonly orderId: string;
  readonly status: RowStatus;
  readonly internalId: string | null;
  readonly userErrors: readonly Refusal[];
};
type BulkAnswer = { readonly rows: readonly Row[]; readonly userErrors: readonly Refusal[] };

const BulkRow = builder.objectRef<Row>('BulkRow').implement({
  description: 'What became of one row.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its place in the call, from 0.' }),
    orderId: t.exposeID('orderId', { description: "The caller's order id." }),
    status: t.field({ type: BulkRowStatus, description: 'What became of it.', resolve: ({ status }) => status }),
    order: t.field({
      type: Order,
      nullable: true,
      description: 'The order after the whole call; null when the row was not carried out.',
      resolve: ({ internalId }, _, { loaders }) => (internalId === null ? null : loaders.order().load(internalId)),
    }),
    userErrors: t.field({
      type: [UserError],
      description: "Why it was refused; paths are from the call's input.",
      resolve: ({ userErrors }) => userErrors,
    }),
  }),
});

const counted =
  (status: RowStatus) =>
  ({ rows }: BulkAnswer): number =>
    rows.filter((row) => row.status === status).length;

const BulkOrdersPayload = builder.objectRef<BulkAnswer>('BulkOrdersPayload').implement({
  description: 'What became of a bulk call.',
  fields: (t) => ({
    rows: t.field({ type: [BulkRow], description: 'One result per row, in the order of the input.', resolve: ({ rows }) => rows }),
    created: t.int({ description: 'How many rows are CREATED.', resolve: counted('CREATED') }),
    updated: t.int({ description: 'How many rows are UPDATED.', resolve: counted('UPDATED') }),
    unchanged: t.int({ description: 'How many rows are UNCHANGED.', resolve: counted('UNCHANGED') }),
    failed: t.int({ description: 'How many rows are FAILED.', resolve: counted('FAILED') }),
    skipped: t.int({ description: 'How many rows are SKIPPED.', resolve: counted('SKIPPED') }),
    userErrors: t.field({
      type: [UserError],
      description: 'Why the call as a whole was refused: BULK_LIMIT.',
      resolve: ({ userErrors }) => userErrors,
    }),
  }),
});

type BulkCall = {
  readonly orderIds: readonly string[];
  readonly works: readonly OrderWork[];
  readonly done: 'CREATED' | 'UPDATED';
  readonly errorPolicy: 'REJECT_ALL' | 'REJECT_FAILED';
  readonly dryRun: boolean;
};

async function runBulk(context: GatewayContext, { orderIds, works, done, errorPolicy, dryRun }: BulkCall): Promise<BulkAnswer> {
  const outcomes = await context.store.commit(works, errorPolicy === 'REJECT_ALL' ? 'ALL' : 'EACH', { dryRun });
  context.loaders.forget();
  const rows = outcomes.map((outcome, index): Row => {
    const { order, userErrors } = answerOf(context, outcome);
    return { index, orderId: orderIds[index] ?? '', status: statusOf(outcome, done), internalId: order?.id ?? null, userErrors };
  });
  return { rows, userErrors: [] };
}

function statusOf(outcome: CommitOutcome, done: 'CREATED' | 'UPDATED'): RowStatus {
  switch (outcome.kind) {
    case 'ACCEPTED':
      return outcome.result.changed ? done : 'UNCHANGED';
    case 'REFUSED':
      return 'FAILED';
    case 'SKIPPED':
      return 'SKIPPED';
  }
}

/** The answer to a call of no rows or too many; null for one that may run. */
function overLimit(count: number, path: InputPath): BulkAnswer | null {
  if (count >= 1 && count <= maximumRows) return null;
  return { rows: [], userErrors: [refuse('BULK_LIMIT', path, `Expected 1 to ${maximumRows} rows, not ${count}.`)] };
}

function updateRow(context: GatewayContext, row: typeof BulkOrderUpdate.$inferInput, path: InputPath): OrderWork {
  if (hasExactlyOne(row)) {
    if (row.update) return updateWork(context, row.update, [...path, 'update']);
    if (row.add) return addWork(context, row.add, [...path, 'add']);
    if (row.correct) return correctWork(context, row.correct, [...path, 'correct']);
  }
  const refusal = refuse('INVALID_INPUT', path, 'Expected exactly one of update, add and correct.');
  return { scope: orderScope(context, { orderId: '' }), decide: () => ({ kind: 'REFUSED', refusal }) };
}

builder.mutationField('bulkCreateOrders', (t) =>
  t.field({
    type: BulkOrdersPayload,
    description: 'Creates up to 1,000 orders; a repeated row is UNCHANGED. Mirrors POST /bulkpostorder.',
    args: {
      input: t.arg({ type: BulkCreateOrdersInput, required: true, description: 'The orders.' }),
      dryRun: t.arg.boolean({
        required: true,
        defaultValue: false,
        description: 'Answer the same, with throw-away ids, and write nothing.',
      }),
    },
    resolve: (_, { input: { orders, errorPolicy }, dryRun }, context) =>
      overLimit(orders.length, ['input', 'orders']) ??
      runBulk(context, {
        orderIds: orders.map(({ orderId }) => orderId.trim()),
        works: orders.map((order, index) => createWork(context, order, ['input', 'orders', String(index)])),
        done: 'CREATED',
        errorPolicy,
        dryRun,
      }),
  }),
);

builder.mutationField('bulkUpdateOrders', (t) =>
  t.field({
    type: BulkOrdersPayload,
    description: 'Up to 1,000 shipments, returns, cancellations, additions and corrections. Mirrors PATCH /bulkpatchorder.',
    args: {
      input: t.arg({ type: BulkUpdateOrdersInput, required: true, description: 'The changes.' }),
      dryRun: t.arg.boolean({
        required: true,
        defaultValue: false,
        description: 'Answer the same, with throw-away ids, and write nothing.',
      }),
    },
    resolve: (_, { input: { updates, errorPolicy }, dryRun }, context) =>
      overLimit(updates.length, ['input', 'updates']) ??
      runBulk(context, {
        orderIds: updates.map(({ update, add, correct }) => (update ?? add ?? correct)?.orderId.trim() ?? ''),
        works: updates.map((row, index) => updateRow(context, row, ['input', 'updates', String(index)])),
        done: 'UPDATED',
        errorPolicy,
        dryRun,
      }),
  }),
);
