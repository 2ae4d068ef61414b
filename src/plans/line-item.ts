// Line items, and the lists of them under orders.
import {
  keptQuantity,
  lineCurrentTotal,
  lineTotal,
  openQuantity,
  type Priced,
  type Quantities,
  returnableQuantity,
  statusOf,
} from '../domain/line-item.ts';
import { pageRange } from '../graphql/connection.ts';
import { lineCursor } from '../graphql/line-item.ts';
import type { Cells } from '../store/statement.ts';
import type { PageCursor } from '../store/store.ts';
import { connectionWriter, keepPages, pageOfCells, pageUnder } from './connection.ts';
import { distinct, groupedBy, rowOf } from './edge.ts';
import { lineIdWriter } from './json-text.ts';
import { createLevel, type PlannedField, type PlannedFields } from './plan.ts';
import { count, derived, derivedMoney, flag, instant, money, points, text } from './values.ts';

const quantities = ['quantity', 'shipped', 'cancelled', 'returned'] as const;
const amounts = [...quantities, 'unitPriceMinor', 'discountMinor', 'discountShareMinor'] as const;

/** A number that follows from the quantities. */
const quantityOf = (work: (line: Quantities) => number): PlannedField => derived(quantities, (line) => String(work(line)));
/** An amount that follows from quantities, price and discounts. */
const amountOf = (work: (line: Priced) => number): PlannedField => derivedMoney(amounts, work);

const lineId: PlannedField = ({ level }) => {
  const [order, position] = [level.at('orderId'), level.at('position')];
  const write = lineIdWriter();
  return (row) => write(row[order] as string, row[position] as number); // The key of a line.
};

export const lineItemFields: PlannedFields = {
  id: lineId,
  order: rowOf('Order', 'orderId'),
  productId: text('productId'),
  lineKey: text('lineKey'),
  status: derived(quantities, (line) => `"${statusOf(line)}"`),
  quantity: count('quantity'),
  shippedQuantity: count('shipped'),
  returnedQuantity: count('returned'),
  cancelledQuantity: count('cancelled'),
  keptQuantity: quantityOf(keptQuantity),
  shippableQuantity: quantityOf(openQuantity),
  returnableQuantity: quantityOf(returnableQuantity),
  cancellableQuantity: quantityOf(openQuantity),
  unitPrice: money('unitPriceMinor'),
  discount: money('discountMinor'),
  total: amountOf(lineTotal),
  currentTotal: amountOf(lineCurrentTotal),
  categoryId: text('categoryId'),
  categoryName: text('categoryName'),
  name: text('name'),
  description: text('description'),
  url: text('url'),
  imageUrl: text('imageUrl'),
  coupon: text('coupon'),
  autoDelivery: flag('autoDelivery'),
  estimatedShipDate: instant('estimatedShipDate'),
  shippedAt: instant('lastShippedAt'),
  pointsAwarded: points('pointsAwarded'),
  pointsRemoved: points('pointsRemoved'),
};

/** Rows in the order of their positions within each order: as they mostly come. */
function inOrder(lines: readonly Cells[], parent: number, position: number): readonly Cells[] {
  const isAfter = (line: Cells, before: Cells): boolean =>
    line[parent] !== before[parent] || Number(line[position]) > Number(before[position]);
  const isOrdered = lines.every((line, index) => index === 0 || isAfter(line, lines[index - 1] ?? line));
  return isOrdered ? lines : lines.toSorted((one, other) => Number(one[position]) - Number(other[position]));
}

/** A page of lines under each order. */
export const linesOfOrder: PlannedField = (compiling) => {
  const { store, level, args, keep } = compiling;
  const order = level.at('id');
  const to = createLevel();
  const [parent, position] = [to.at('orderId'), to.at('position')];
  const write = connectionWriter(compiling, 'LineItem', to);
  const reader = store.chosen.linesOfOrders(to.columns);
  const place = keep((place) => ({
    to,
    *read(rows, running) {
      const { first, after } = args(running) as { first?: number | null; after?: string | null }; // As the schema declares them.
      const range = pageRange({ first: first ?? 100, after }, lineCursor);
      const begin = Math.max(0, Number(range.after?.[0] ?? 0));
      const found = yield* reader(running.siteId, distinct(rows, order), begin, begin + range.limit);
      const groups = groupedBy(inOrder(found, parent, position), parent);
      const cursor = { name: lineCursor.name, valueOf: (row: Cells): PageCursor => [row[position] as number, row[position] as number] }; // As lineCursor has it.
      return keepPages(running, place, rows, order, (id) => pageOfCells(groups.get(id) ?? [], range, cursor));
    },
  }));
  return (row, running) => write(pageUnder(running, place, row[order]), running);
};
