// Bulk calls: each row is a command of its own; REJECT_ALL writes all rows or none.
import type { BulkCommand, BulkOrderUpdate, OrderCommand } from './command.ts';
import { runOrderCommand } from './decide-order.ts';
import type { Scene } from './effect.ts';
import { Refused, refuseIf, type UserError, userErrorOf } from './refusal.ts';
import type { World } from './world.ts';

const maximumRows = 1_000;

type RowStatus = 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'FAILED' | 'SKIPPED';
export type Row = {
  readonly index: number;
  readonly orderId: string;
  readonly status: RowStatus;
  readonly userErrors: readonly UserError[];
};

function rowCommand(update: BulkOrderUpdate): OrderCommand {
  if ('update' in update) return { kind: 'updateOrder', input: update.update };
  return 'add' in update ? { kind: 'addToOrder', input: update.add } : { kind: 'correctOrder', input: update.correct };
}

export const rowCommands = (command: BulkCommand): OrderCommand[] =>
  command.kind === 'bulkCreateOrders'
    ? command.input.orders.map((input) => ({ kind: 'createOrder', input }))
    : command.input.updates.map(rowCommand);

export function runBulk({ world, now }: Scene, command: BulkCommand): { readonly world: World; readonly rows: readonly Row[] } {
  const commands = rowCommands(command);
  refuseIf(commands.length < 1 || commands.length > maximumRows, 'BULK_LIMIT');
  const done = command.kind === 'bulkCreateOrders' ? 'CREATED' : 'UPDATED';
  let after = world;
  const rows = commands.map((row, index): Row => {
    const named = { index, orderId: row.input.orderId.trim() };
    try {
      const effect = runOrderCommand({ world: after, now }, row);
      after = effect.world;
      return { ...named, status: effect.verdict === 'accepted' ? done : 'UNCHANGED', userErrors: [] };
    } catch (error) {
      if (error instanceof Refused) return { ...named, status: 'FAILED', userErrors: [userErrorOf(error)] };
      throw error;
    }
  });
  const reject = command.input.errorPolicy === 'REJECT_ALL' && rows.some((row) => row.status === 'FAILED');
  if (!reject) return { world: after, rows };
  return { world, rows: rows.map((row) => (row.status === 'FAILED' ? undoneConflict(world, row) : { ...row, status: 'SKIPPED' })) };
}

/** An order in the way that was undone with the call is no longer there to be shown. */
function undoneConflict(world: World, row: Row): Row {
  const isThere = world.orders.has(row.orderId);
  return { ...row, userErrors: row.userErrors.map((error) => ('order' in error && !isThere ? { ...error, order: null } : error)) };
}
