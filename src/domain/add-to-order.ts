// addToOrder: more of a line under its frozen rule, or new lines under the rule of the addition's date.
import { maximumQuantity, startCheck } from './check.ts';
import { newLine } from './create-order.ts';
import { clockToleranceMs, type Instant, parseInstant } from './instant.ts';
import { type LineItem, lineTotal } from './line-item.ts';
import { valueMinor } from './money.ts';
import { guardLine, type LineItemInput, maximumLines, type ReadLine, readLines } from './new-lines.ts';
import type { Order } from './order.ts';
import {
  answeredBefore,
  type CommandFrame,
  currentProgram,
  findOrder,
  guardNotBlocked,
  guardTransition,
  type OrderDecision,
  type OrderState,
  refused,
} from './order-command.ts';
import { type EarningRule, earningRule, tierOf } from './points.ts';
import { post } from './posting.ts';
import { type Program, programAt } from './program.ts';
import { type InputPath, type Refusal, refuse, refuseQuantity } from './refusal.ts';
import { outOfRange } from './update-order.ts';

export type AddToOrderInput = {
  readonly orderId: string;
  readonly lineItems: readonly LineItemInput[];
  readonly occurredAt?: string | null | undefined;
  readonly disregardHoldPeriod?: boolean | null | undefined;
  readonly idempotencyKey: string;
  readonly expectedVersion?: number | null | undefined;
};

/** The date of an addition, for the tier held then: as sent, else now, but not before the order's. */
export const additionDate = (input: AddToOrderInput, orderDate: Instant, now: Instant): Instant =>
  (input.occurredAt ? parseInstant(input.occurredAt) : null) ?? Math.max(now, orderDate);

/** Decides addToOrder. Added goods are shipped at once if the order was created SHIPPED. */
export function addToOrder(state: OrderState, frame: CommandFrame, input: AddToOrderInput): OrderDecision {
  const now = currentProgram(state, frame);
  const check = startCheck(frame.path, now.currencyDigits);
  const key = check.id(['idempotencyKey'], input.idempotencyKey);
  const answered = check.fault() ? null : answeredBefore(state, frame);
  if (answered) return answered;
  check.id(['orderId'], input.orderId);
  check.instant(['occurredAt'], input.occurredAt);
  const added = readLines(check, input.lineItems);
  const fault = check.fault();
  if (fault) return refused(fault);
  const found = findOrder(state, frame, input.expectedVersion);
  if ('refusal' in found) return refused(found.refusal);
  const { order, lines, buyer, credited } = found.known;
  const date = additionDate(input, order.orderDate, frame.at);
  const refusal =
    guardNotBlocked([buyer, credited], [...frame.path, 'orderId']) ??
    guardTransition(order, 'ADD', [...frame.path, 'orderId']) ??
    (date < order.orderDate || date > frame.at + clockToleranceMs ? outOfRange(frame.path, order.orderDate) : null);
  if (refusal) return refused(refusal);

  const program = programAt(state.programs, date);
  const tier = tierOf(program, state.periodSpendMinor);
  const rule = (line: ReadLine): EarningRule =>
    earningRule({ program, tier, optedIn: credited.optedIn, at: date, storeId: order.storeId, coupons: order.coupons, line });
  const grown = addLines(order, lines, added, { program: now, date, rule, path: frame.path });
  if ('refusal' in grown) return refused(grown.refusal);
  const total = (all: readonly LineItem[]): number => all.reduce((sum, line) => sum + lineTotal(line), 0);
  return post({
    state,
    frame,
    step: 'ADDED',
    disregardHold: input.disregardHoldPeriod ?? false,
    before: { order, lines },
    order: { ...order, totalMinor: order.totalMinor + total(grown.lines) - total(lines) },
    lines: grown.lines,
    credited,
    entryType: 'EARN',
    event: { type: 'LINES_ADDED', reason: null, occurredAt: date, lines: grown.added },
    key,
    pathOf: (position) => [...frame.path, 'lineItems', String(Math.max(0, grown.positions.lastIndexOf(position)))],
  });
}

type Grown = {
  readonly lines: readonly LineItem[];
  readonly added: readonly { readonly position: number; readonly quantity: number }[];
  /** The position that each row of the input went to. */
  readonly positions: readonly number[];
};
type Growth = {
  readonly program: Program;
  readonly date: Instant;
  readonly rule: (line: ReadLine) => EarningRule;
  readonly path: InputPath;
};

function addLines(
  order: Order,
  before: readonly LineItem[],
  added: readonly ReadLine[],
  growth: Growth,
): Grown | { readonly refusal: Refusal } {
  let lines = before;
  const positions: number[] = [];
  for (const [index, row] of added.entries()) {
    const path = [...growth.path, 'lineItems', String(index)];
    const value = lines.reduce((sum, line) => sum + valueMinor(line.unitPriceMinor, line.quantity), 0);
    const refusal = guardLine(growth.program, row, path, value);
    if (refusal) return { refusal };
    const target = lineToGrow(lines, row, path);
    if ('refusal' in target) return target;
    const { line } = target;
    if (line && line.quantity + row.quantity > maximumQuantity) {
      const requested = row.quantity;
      return {
        refusal: refuseQuantity('INVALID_QUANTITY', [...path, 'quantity'], {
          requested,
          minimum: 1,
          maximum: maximumQuantity - line.quantity,
        }),
      };
    }
    if (!line && lines.length >= maximumLines)
      return { refusal: refuse('INVALID_INPUT', [...growth.path, 'lineItems'], `An order has at most ${maximumLines} lines.`) };
    const position = line?.position ?? lines.length + 1;
    const shippedAt = order.createdShipped ? growth.date : null;
    lines = line
      ? lines.map((other) => (other === line ? grownLine(line, row.quantity, shippedAt) : other))
      : [...lines, newLine(order, position, row, { shippedAt, acceptedAt: growth.date, share: 0, rule: growth.rule(row) })];
    positions.push(position);
  }
  const quantities = new Map<number, number>();
  for (const [index, { quantity }] of added.entries()) {
    const position = positions[index] ?? 0;
    quantities.set(position, (quantities.get(position) ?? 0) + quantity);
  }
  return { lines, positions, added: [...quantities].map(([position, quantity]) => ({ position, quantity })) };
}

const isDiscounted = (line: LineItem): boolean => line.discountMinor > 0 || line.discountShareMinor > 0;

/** The line that a row adds to; null when it makes a new one. A line with a discount never grows, because its discount would thin out. */
function lineToGrow(
  lines: readonly LineItem[],
  row: ReadLine,
  path: InputPath,
): { readonly line: LineItem | null } | { readonly refusal: Refusal } {
  if (row.lineKey !== null) {
    const line = lines.find(({ lineKey }) => lineKey === row.lineKey) ?? null;
    if (!line || (isSameGoods(line, row) && !isDiscounted(line) && row.discountMinor === 0)) return { line };
    const message = 'The key is that of a line with another product or price, or with a discount: expected a key of its own.';
    return { refusal: refuse('LINE_KEY_DUPLICATE', [...path, 'lineKey'], message) };
  }
  const [line, second] = lines.filter((candidate) => isSameGoods(candidate, row));
  if (second)
    return {
      refusal: refuse(
        'LINE_AMBIGUOUS',
        [...path, 'productId'],
        'Several lines hold this product at this price: name the line by its lineKey.',
      ),
    };
  return { line: line && !isDiscounted(line) && row.discountMinor === 0 ? line : null };
}

const isSameGoods = (line: LineItem, row: ReadLine): boolean =>
  line.productId === row.productId && line.unitPriceMinor === row.unitPriceMinor;

const grownLine = (line: LineItem, quantity: number, shippedAt: Instant | null): LineItem =>
  shippedAt === null
    ? { ...line, quantity: line.quantity + quantity }
    : {
        ...line,
        quantity: line.quantity + quantity,
        shipped: line.shipped + quantity,
        firstShippedAt: Math.min(line.firstShippedAt ?? shippedAt, shippedAt),
        lastShippedAt: Math.max(line.lastShippedAt ?? shippedAt, shippedAt),
      };
