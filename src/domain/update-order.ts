// updateOrder: ships, returns or cancels some quantities of some lines, or all that can be.

import type { OrderEventType, PointsEntryType } from './change.ts';
import { maximumQuantity, startCheck } from './check.ts';
import { clockToleranceMs, formatInstant, type Instant } from './instant.ts';
import { type LineItem, openQuantity, returnableQuantity } from './line-item.ts';
import { type LineSelector, selectLine } from './line-selection.ts';
import { maximumLines } from './new-lines.ts';
import {
  answeredBefore,
  type CommandFrame,
  currentProgram,
  findOrder,
  guardTransition,
  type KnownOrder,
  type OrderDecision,
  type OrderState,
  refused,
} from './order-command.ts';
import { post } from './posting.ts';
import { type InputPath, type Refusal, refuse, refuseQuantity } from './refusal.ts';

type UpdateAction = 'SHIP' | 'RETURN' | 'CANCEL';

export type UpdateOrderInput = {
  readonly orderId: string;
  readonly action: UpdateAction;
  readonly lineItems?: readonly { readonly lineItem: LineSelector; readonly quantity: number }[] | null | undefined;
  readonly allLineItems: boolean;
  readonly occurredAt?: string | null | undefined;
  readonly reason?: string | null | undefined;
  readonly idempotencyKey: string;
  readonly expectedVersion?: number | null | undefined;
};

const eventTypes = { SHIP: 'SHIPPED', RETURN: 'RETURNED', CANCEL: 'CANCELLED' } as const satisfies Record<UpdateAction, OrderEventType>;
const entryTypes = { SHIP: 'EARN', RETURN: 'RETURN', CANCEL: 'CANCEL' } as const satisfies Record<UpdateAction, PointsEntryType>;

/** What an action can still take of a line. */
const takeable = (line: LineItem, action: UpdateAction): number => (action === 'RETURN' ? returnableQuantity(line) : openQuantity(line));

/** Quantities to take, by the position of the line. */
type Taking = ReadonlyMap<number, number>;
type Taken = { readonly taking: Taking } | { readonly refusal: Refusal };

/** Decides updateOrder. A refusal writes nothing, not even for the lines that could be taken. */
export function updateOrder(state: OrderState, frame: CommandFrame, input: UpdateOrderInput): OrderDecision {
  const check = startCheck(frame.path, currentProgram(state, frame).currencyDigits);
  const key = check.id(['idempotencyKey'], input.idempotencyKey);
  const answered = check.fault() ? null : answeredBefore(state, frame);
  if (answered) return answered;
  check.id(['orderId'], input.orderId);
  const occurredAt = check.instant(['occurredAt'], input.occurredAt);
  const reason = check.text(['reason'], input.reason);
  const fault = check.fault() ?? guardSelection(frame.path, input);
  if (fault) return refused(fault);
  const found = findOrder(state, frame, input.expectedVersion);
  if ('refusal' in found) return refused(found.refusal);
  const { order, lines } = found.known;
  const transition = guardTransition(order, input.action, [...frame.path, 'action']);
  if (transition) return refused(transition);
  const latest = frame.at + clockToleranceMs;
  if (occurredAt !== null && (occurredAt < order.orderDate || occurredAt > latest)) return refused(outOfRange(frame.path, order.orderDate));
  const taken = takeLines(found.known, frame.path, input);
  if ('refusal' in taken) return refused(taken.refusal);
  const earliest = earliestDate(found.known, input.action, taken.taking);
  const date = occurredAt ?? Math.max(frame.at, earliest);
  if (date < earliest || date > latest) return refused(outOfRange(frame.path, earliest));
  return post({
    state,
    frame,
    step: 'MOVED',
    before: { order, lines },
    order,
    lines: lines.map((line) => acted(line, input.action, taken.taking.get(line.position) ?? 0, date)),
    credited: found.known.credited,
    entryType: entryTypes[input.action],
    event: {
      type: eventTypes[input.action],
      reason,
      occurredAt: date,
      lines: [...taken.taking].map(([position, quantity]) => ({ position, quantity })),
    },
    key,
    pathOf: () => [...frame.path, 'lineItems'],
  });
}

function guardSelection(path: InputPath, { lineItems, allLineItems }: UpdateOrderInput): Refusal | null {
  const given = lineItems !== null && lineItems !== undefined;
  if (given === allLineItems) return refuse('INVALID_INPUT', [...path, 'lineItems'], 'Expected either lineItems or allLineItems: true.');
  if (given && (lineItems.length === 0 || lineItems.length > maximumLines))
    return refuse('INVALID_INPUT', [...path, 'lineItems'], `Expected 1 to ${maximumLines} lines, not ${lineItems.length}.`);
  return null;
}

function takeLines({ order, lines }: KnownOrder, path: InputPath, { action, lineItems }: UpdateOrderInput): Taken {
  if (!lineItems)
    return {
      taking: new Map(lines.map((line) => [line.position, takeable(line, action)] as const).filter(([, quantity]) => quantity > 0)),
    };
  const taking = new Map<number, number>();
  for (const [index, { lineItem, quantity }] of lineItems.entries()) {
    const at = [...path, 'lineItems', String(index)];
    if (quantity < 1) {
      const bounds = { requested: quantity, minimum: 1, maximum: maximumQuantity };
      return { refusal: refuseQuantity('INVALID_QUANTITY', [...at, 'quantity'], bounds) };
    }
    const selected = selectLine(order, lines, lineItem, [...at, 'lineItem']);
    if ('refusal' in selected) return selected;
    const { line } = selected;
    const maximum = takeable(line, action);
    const requested = (taking.get(line.position) ?? 0) + quantity;
    if (requested > maximum)
      return { refusal: refuseQuantity('QUANTITY_EXCEEDED', [...at, 'quantity'], { requested, minimum: Math.min(1, maximum), maximum }) };
    taking.set(line.position, requested);
  }
  return { taking };
}

/** Nothing happens before the order; nothing comes back before it was shipped. */
function earliestDate({ order, lines }: KnownOrder, action: UpdateAction, taking: Taking): Instant {
  if (action !== 'RETURN') return order.orderDate;
  return Math.max(
    order.orderDate,
    ...lines.filter(({ position }) => taking.has(position)).map(({ firstShippedAt }) => firstShippedAt ?? order.orderDate),
  );
}

export const outOfRange = (path: InputPath, earliest: Instant): Refusal =>
  refuse('DATE_OUT_OF_RANGE', [...path, 'occurredAt'], `Expected a date from ${formatInstant(earliest)} to five minutes ahead of now.`);

function acted(line: LineItem, action: UpdateAction, quantity: number, at: Instant): LineItem {
  if (quantity === 0) return line;
  switch (action) {
    case 'SHIP':
      return {
        ...line,
        shipped: line.shipped + quantity,
        firstShippedAt: Math.min(line.firstShippedAt ?? at, at),
        lastShippedAt: Math.max(line.lastShippedAt ?? at, at),
      };
    case 'RETURN':
      return { ...line, returned: line.returned + quantity };
    case 'CANCEL':
      return { ...line, cancelled: line.cancelled + quantity };
  }
}
