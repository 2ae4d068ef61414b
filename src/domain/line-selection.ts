// Finds the lines that a command names, by id, key or product.
import type { LineItem } from './line-item.ts';
import type { Order } from './order.ts';
import { type InputPath, type Refusal, refuse } from './refusal.ts';

/** How a line is named. NONE: not by exactly one of the ways. */
export type LineSelector =
  | { readonly kind: 'ID'; readonly orderId: string; readonly position: number }
  | { readonly kind: 'KEY'; readonly lineKey: string }
  | { readonly kind: 'PRODUCT'; readonly productId: string }
  | { readonly kind: 'NONE' };

/** The one line that a selector names, or LINE_NOT_FOUND, LINE_AMBIGUOUS, INVALID_INPUT at the path of the selector. */
export function selectLine(
  order: Order,
  lines: readonly LineItem[],
  selector: LineSelector,
  path: InputPath,
): { readonly line: LineItem } | { readonly refusal: Refusal } {
  if (selector.kind === 'NONE') return { refusal: refuse('INVALID_INPUT', path, 'Expected exactly one of id, lineKey and productId.') };
  const found = lines.filter((line) => isNamed(order, line, selector));
  const [line, second] = found;
  if (!line) return { refusal: refuse('LINE_NOT_FOUND', path, 'The order has no such line.') };
  if (second)
    return { refusal: refuse('LINE_AMBIGUOUS', path, 'Several lines of the order hold this product: name the line by lineKey or id.') };
  return { line };
}

function isNamed(order: Order, line: LineItem, selector: Exclude<LineSelector, { kind: 'NONE' }>): boolean {
  switch (selector.kind) {
    case 'ID':
      return selector.orderId === order.id && selector.position === line.position;
    case 'KEY':
      return line.lineKey === selector.lineKey.trim();
    case 'PRODUCT':
      return line.productId === selector.productId.trim();
  }
}
