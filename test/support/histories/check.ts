// Holds what the server answers and what it shows afterwards against the oracle.
import type { Command } from '../oracle/command.ts';
import type { Decision } from '../oracle/decide.ts';
import { memberView, orderView } from '../oracle/views.ts';
import type { World } from '../oracle/world.ts';
import { firstDifference, isRecord, lineIdsOf, withPositions } from './compare.ts';
import { type Request, readRequest, requestOf } from './documents.ts';
import type { HistoryTarget } from './harness.ts';

export type Moment = { readonly target: HistoryTarget; readonly world: World; readonly now: number; readonly label: string };

const ordersPerRead = 8;
const membersPerRead = 16;

function fail({ label }: Moment, path: string, expected: unknown, actual: unknown): never {
  const shown = (value: unknown) => JSON.stringify(value) ?? 'undefined';
  throw new Error(`${label}\n  path:     ${path}\n  expected: ${shown(expected)}\n  actual:   ${shown(actual)}`);
}

async function dataOf(moment: Moment, { document, variables }: Request): Promise<Readonly<Record<string, unknown>>> {
  const { data, errors } = await moment.target.execute(document, variables);
  if (!isRecord(data) || (errors?.length ?? 0) > 0) return fail(moment, 'errors', undefined, errors ?? data);
  return data;
}

/** Learns the ids that the server gave to the lines of an order. */
function learnLines({ world }: Moment, orderId: string, order: unknown): void {
  if (!isRecord(order)) return;
  for (const [position, lineId] of lineIdsOf(order).entries()) world.lineIds.set(lineId, { orderId, position });
}

/**
 * What of an expected payload is compared. Lots are listed as they are stored, which a dry run does not change; and where no
 * sweep runs, what no accepted command has touched is not settled yet.
 */
function comparable({ payload, verdict, dryRun }: Decision, command: Command, swept: boolean): object {
  const { member, order, ...rest } = payload as { readonly member?: object; readonly order?: object }; // Payloads are objects of fields.
  const ofOrder = command.kind.endsWith('Order') || command.kind === 'adjustSpend';
  const settledNow = swept || (ofOrder && verdict === 'accepted');
  if (member === undefined) return payload;
  if (!settledNow) return rest;
  const { lots: _lots, ...stored } = member as { readonly lots?: unknown };
  return { ...payload, ...(order === undefined ? {} : { order }), member: dryRun ? withoutExpiring(stored) : member };
}

function withoutExpiring(member: object): object {
  const { points, ...rest } = member as { readonly points?: object };
  const { expiring: _expiring, ...balances } = (points ?? {}) as { readonly expiring?: unknown };
  return { ...rest, points: balances };
}

/** Says what the server refused, because a payload that was not expected is best explained by it. */
function withRefusals(moment: Moment, payload: unknown): Moment {
  const refusals = isRecord(payload) ? payload['userErrors'] : null;
  return { ...moment, label: `${moment.label}\n  refusals: ${JSON.stringify(refusals)}` };
}

export async function compareAnswer(moment: Moment, command: Command, decision: Decision, swept: boolean): Promise<void> {
  const { payload } = await dataOf(moment, requestOf(command));
  const actual = isRecord(payload) ? { ...payload, order: withPositions(payload['order']) } : payload;
  const difference = firstDifference(comparable(decision, command, swept), actual, ['payload']);
  if (difference !== null) fail(withRefusals(moment, payload), difference.path, difference.expected, difference.actual);
  const [orderId] = decision.orderIds;
  if (!decision.dryRun && orderId !== undefined && isRecord(payload)) learnLines(moment, orderId, payload['order']);
}

/** Reads orders and members and compares them. */
export async function check(moment: Moment, orderIds: readonly string[], userIds: readonly string[]): Promise<void> {
  if (orderIds.length + userIds.length === 0) return;
  const { world, now } = moment;
  const data = await dataOf(moment, readRequest(orderIds, userIds));
  const expected = [
    ...orderIds.map((orderId, index) => ({ name: `order${index}`, id: orderId, view: orderView(world, orderId) })),
    ...userIds.map((userId, index) => ({ name: `member${index}`, id: userId, view: memberView(world, userId, now) })),
  ];
  for (const { name, id, view } of expected) {
    const actual = data[name];
    const difference = firstDifference(view, 'orderId' in view ? withPositions(actual) : actual, [id]);
    if (difference !== null) fail(moment, difference.path, difference.expected, difference.actual);
    if ('orderId' in view) learnLines(moment, id, actual);
  }
}

const chunks = <T>(values: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) => values.slice(index * size, (index + 1) * size));

export async function checkAll(moment: Moment): Promise<void> {
  for (const orderIds of chunks([...moment.world.orders.keys()], ordersPerRead)) await check(moment, orderIds, []);
  for (const userIds of chunks([...moment.world.members.keys()], membersPerRead)) await check(moment, [], userIds);
}
