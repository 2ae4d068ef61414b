// What a request may cost, and what an operator may set of it.

export type Limits = {
  /** The largest body, in bytes. */
  readonly bodyBytes: number;
  /** Lexical tokens of a document. */
  readonly tokens: number;
  /** How deep fields may stand within fields, through fragments as well. */
  readonly depth: number;
  /** Fields with an alias, in the whole document. */
  readonly aliases: number;
  /** Directives, in the whole document. */
  readonly directives: number;
  /** Fields written in the whole document; a fragment's count once. */
  readonly fields: number;
  /** Operations and fragments, and spreads of fragments. */
  readonly definitions: number;
  /** Fields that are written again beside another of the same name. */
  readonly repeats: number;
  /** The cost of one operation: see weights.ts. */
  readonly cost: number;
  /** The cost of all requests of a member within a minute; a back end or an administrator has ten times that. */
  readonly costPerMinute: number;
  /** After how many milliseconds an operation is given up. */
  readonly operationTimeoutMs: number;
  /** For how many milliseconds a request may keep others waiting before it lets them in between two statements. */
  readonly turnMs: number;
  /** How many clients are remembered; of those not seen for the longest time the budget is full again. */
  readonly clients: number;
};

/** A budget that nothing exhausts. */
export const unbounded = Number.MAX_SAFE_INTEGER;

/** Chosen by measurement: see bench/costs.ts and bench/validation.ts. */
export const defaultLimits: Limits = {
  bodyBytes: 1_048_576,
  tokens: 5_000,
  depth: 20,
  aliases: 50,
  directives: 50,
  fields: 500,
  definitions: 50,
  repeats: 20,
  cost: 10_000,
  costPerMinute: 600_000,
  operationTimeoutMs: 10_000,
  turnMs: 25,
  clients: 10_000,
};
