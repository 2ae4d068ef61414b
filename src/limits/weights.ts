// What fields cost: the one table of weights, and the rules for all that is not in it.
//
// - An object costs 1: every object that could be in the answer, edges, amounts of money and the like included.
// - A value that is no object costs 0.15 in the answer, and 0.02 in arguments, defaults included.
// - A list multiplies what stands under it by its size. A field with the argument `first` says the size of the `nodes` and
//   `edges` of its connection. Every other list has its size here; a list that has none counts as `unknownListSize`, and a test
//   that walks the schema fails until it has.
// - A field of Mutation costs `mutationWeight` more, and a field named `totalCount` `countWeight` more.

/** The cost of a value that is no object. */
export const valueCost = 0.15;
/** The cost of a value in arguments. */
export const argumentCost = 0.02;
/** What a command costs beside its answer: a transaction that is flushed to the disk. */
const mutationWeight = 20;
/** What a count costs: it looks at every row that it counts. */
const countWeight = 20;
/** Larger pages are refused where they are read. */
const largestPage = 500;
/** The size of a list that nobody has weighed. */
export const unknownListSize = 100;

export type Arguments = Readonly<Record<string, unknown>>;

/**
 * How long a list may be. `most`: never longer, or as long as its arguments say. `about`: seldom longer; what it holds beyond
 * that is charged when it is there, and refused when the request may not cost so much. `sized`: as long as the field above it
 * says by `sizes`.
 */
type ListSize =
  | { readonly kind: 'most'; readonly of: number | ((args: Arguments) => number) }
  | { readonly kind: 'about'; readonly of: number }
  | { readonly kind: 'sized' };

export type Weight = {
  /** What the field costs beside what stands under it. */
  readonly own?: number | ((args: Arguments) => number);
  /** Of a list: how long it is. */
  readonly list?: ListSize;
  /** How long the list under it is that is `sized`. */
  readonly sizes?: (args: Arguments) => number;
};

const most = (of: number | ((args: Arguments) => number)): ListSize => ({ kind: 'most', of });
const about = (of: number): ListSize => ({ kind: 'about', of });
const sized: ListSize = { kind: 'sized' };

const within = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? (value as Arguments)[name] : undefined; // It has the name, as was just seen.
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

const oneRefusal: Weight = { list: most(1) };
const refusalPath: Weight = { list: about(4) };
const actions: Weight = { list: most(6) };

/** A row is a command without a flush of its own; its lines are values in arguments. A thousand rows must fit into one operation. */
const rowWeight = 1;
const rowsOf = (list: string): Weight => {
  const rows = ({ input }: Arguments): number => lengthOf(within(input, list));
  return { own: (args) => mutationWeight + rows(args) * rowWeight, sizes: rows };
};
const cartLines = ({ input }: Arguments): number => lengthOf(within(input, 'lineItems'));

export const weights: Readonly<Record<string, Weight>> = {
  'Query.nodes': { list: most(({ ids }) => lengthOf(ids)) },
  'Query.orders': { own: 10 },
  'Query.members': { own: 10 },
  'Query.orderDetails': { own: 10 },
  'Query.secondaryMemberOrders': { own: 10 },
  'Query.cartPoints': { own: (args) => 10 + 5 * cartLines(args), sizes: cartLines },
  'Member.orders': { own: 2 },
  'Member.tier': { own: 1 },

  'Mutation.bulkCreateOrders': rowsOf('orders'),
  'Mutation.bulkUpdateOrders': rowsOf('updates'),
  'Mutation.updateProgram': { own: 200 },
  'Mutation.advanceClock': { own: 200 },

  'CartPoints.lineItems': { list: sized },
  'BulkOrdersPayload.rows': { list: sized },
  'Order.allowedActions': actions,
  // As they were sent: up to 16,000 characters.
  'Order.attributes': { own: 20 },
  'Order.coupons': { list: about(10) },
  // Whole program files, of up to half a megabyte.
  'ProgramVersion.file': { own: 450 },
  'ProgramVersion.previousFile': { own: 450 },
  'Earning.steps': { list: most(7) },
  'OrderEvent.lines': { list: about(5) },
  'OrderEvent.pointsEntries': { list: about(5) },
  'PointsBalance.expiring': {
    own: ({ withinDays }) => lengthOf(withinDays),
    list: most(({ withinDays }) => lengthOf(withinDays)),
  },
  'Program.tiers': { list: most(50) },

  'AddToOrderPayload.userErrors': oneRefusal,
  'AdjustSpendPayload.userErrors': oneRefusal,
  'BulkOrdersPayload.userErrors': oneRefusal,
  'BulkRow.userErrors': oneRefusal,
  'CartPointsPayload.userErrors': oneRefusal,
  'CorrectOrderPayload.userErrors': oneRefusal,
  'CreateOrderPayload.userErrors': oneRefusal,
  'MemberPayload.userErrors': oneRefusal,
  'UpdateOrderPayload.userErrors': oneRefusal,
  'UpdateProgramPayload.userErrors': { list: about(10) },
  'UserError.path': refusalPath,
  'InputError.path': refusalPath,
  'TransitionError.path': refusalPath,
  'TransitionError.allowedActions': actions,
  'QuantityError.path': refusalPath,
  'ConflictError.path': refusalPath,
};

/** The weight of a field: that of the table, else what the rules say. */
export function weightOf(typeName: string, field: FieldShape): Weight {
  const known = weights[`${typeName}.${field.name}`] ?? {};
  const first = field.args.find(({ name }) => name === 'first');
  return {
    ...(typeName === 'Mutation' && { own: mutationWeight }),
    ...(field.name === 'totalCount' && { own: countWeight }),
    ...(first && { sizes: pageSize(first.defaultValue) }),
    ...(typeName.endsWith('Connection') && (field.name === 'nodes' || field.name === 'edges') && { list: sized }),
    ...known,
  };
}

type FieldShape = { readonly name: string; readonly args: readonly { readonly name: string; readonly defaultValue?: unknown }[] };

/** A page that is null is the default one. */
const pageSize =
  (standard: unknown) =>
  ({ first }: Arguments): number =>
    Math.min(Math.max(Number(first ?? standard ?? largestPage), 0), largestPage);
