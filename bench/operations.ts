// The six operations that are measured: their documents, and variables by number, so that no two requests in a row ask for the same.
import {
  largeMemberOf,
  lineOf,
  linesPerOrder,
  madeMembers,
  madeOrders,
  orderedAt,
  orderIdOf,
  productOf,
  scattered,
  userIdOf,
} from './figures.ts';

/** PAGE is asked of the gateway alone: a page of all orders, wherever it begins. */
export type OperationName = 'Q1' | 'Q2' | 'Q3' | 'W1' | 'W2' | 'B1' | 'PAGE';
type Variables = Readonly<Record<string, unknown>>;
export type Operation = {
  readonly title: string;
  readonly document: string;
  /** The variables of a request by its number; `copies` says how large the database is. */
  readonly variables: (index: number, copies: number) => Variables;
  readonly writes: boolean;
  /** Rows that one request writes, where that is told. */
  readonly rows?: number;
};

const money = '{ amount currencyCode }';
const line = `id productId name quantity unitPrice ${money} pointsAwarded`;
const order = `id orderId status orderDate total ${money} pointsAwarded version`;
const member = 'id userId firstName lastName';
const written = `order { id orderId status total ${money} pointsAwarded pointsRemoved version lineItems { nodes { id productId quantity returnedQuantity pointsAwarded pointsRemoved } } } member { userId points { available } } replayed userErrors { code message }`;

const bulkRows = 1_000;

/** Copies first, since rows of copies of the same stand beside each other. */
const place = (index: number, count: number, copies: number) => ({
  number: scattered(Math.floor(index / copies), count),
  copy: scattered(index % copies, copies),
});

const newOrder = (orderId: string, index: number, copies: number) => {
  const { number, copy } = place(index, madeMembers, copies);
  return {
    orderId,
    userId: userIdOf(number, copy),
    lineItems: Array.from({ length: linesPerOrder }, (_, position) => lineOf(index % madeOrders, position + 1)),
  };
};

export const operations: Readonly<Record<OperationName, Operation>> = {
  Q1: {
    title: 'an order by its orderId with member and line items',
    document: `query Q1($orderId: ID!) { order(by: { orderId: $orderId }) { ${order} member { ${member} } lineItems(first: 20) { nodes { ${line} } } } }`,
    variables(index, copies) {
      const { number, copy } = place(index, madeOrders, copies);
      return { orderId: orderIdOf(number, copy) };
    },
    writes: false,
  },
  Q2: {
    title: "a member's 20 latest orders with line items",
    document: `query Q2($userId: ID!) { member(by: { userId: $userId }) { ${member} orders(first: 20) { nodes { ${order} lineItems(first: 20) { nodes { ${line} } } } } } }`,
    variables: (index, copies) => ({ userId: userIdOf(largeMemberOf(Math.floor(index / copies)), scattered(index % copies, copies)) }),
    writes: false,
  },
  Q3: {
    title: "50 orders with lines, member and the member's secondary members",
    document: `query Q3($before: DateTime!) { orders(first: 50, filter: { orderDate: { before: $before } }) { nodes { ${order} lineItems(first: 20) { nodes { ${line} } } member { ${member} secondaryMembers { nodes { ${member} } } } } } }`,
    variables: (index) => ({ before: new Date(orderedAt(100 + scattered(index, madeOrders - 100))).toISOString() }),
    writes: false,
  },
  W1: {
    title: 'createOrder with 3 lines',
    document: `mutation W1($input: CreateOrderInput!) { createOrder(input: $input) { ${written} } }`,
    variables: (index, copies) => ({ input: newOrder(`new-${index}`, index, copies) }),
    writes: true,
  },
  W2: {
    title: 'updateOrder that returns one of one line',
    document: `mutation W2($input: UpdateOrderInput!) { updateOrder(input: $input) { ${written} } }`,
    variables(index, copies) {
      const { number, copy } = place(index, madeOrders, copies);
      // Once through all orders with their first lines, then with their second ones.
      const position = 1 + (Math.floor(index / (madeOrders * copies)) % linesPerOrder);
      const lineItems = [{ lineItem: { productId: productOf(number, position) }, quantity: 1 }];
      return { input: { orderId: orderIdOf(number, copy), action: 'RETURN', lineItems, idempotencyKey: `key-${index}` } };
    },
    writes: true,
  },
  B1: {
    title: `bulkCreateOrders of ${bulkRows.toLocaleString('en')}`,
    document:
      'mutation B1($input: BulkCreateOrdersInput!) { bulkCreateOrders(input: $input) { created failed rows { index orderId status order { id version pointsAwarded } userErrors { code message } } userErrors { code message } } }',
    variables: (index, copies) => ({
      input: {
        orders: Array.from({ length: bulkRows }, (_, row) => newOrder(`bulk-${index}-${row}`, index * bulkRows + row, copies)),
      },
    }),
    writes: true,
    rows: bulkRows,
  },
  PAGE: {
    title: '50 of all orders, latest first',
    document: `query PAGE($after: String) { orders(first: 50, after: $after) { nodes { ${order} } pageInfo { endCursor } } }`,
    variables: () => ({}),
    writes: false,
  },
};

/** The six that everyone is asked, in the order of the table: what writes comes after what reads. */
export const comparedOperations: readonly OperationName[] = ['Q1', 'Q2', 'Q3', 'W1', 'W2', 'B1'];

export const isCompared = (name: string): name is OperationName => comparedOperations.some((each) => each === name);
