// The cost of an operation that is asked for again and again: worked out once for all variables with which it is the same.
import { type DocumentNode, type GraphQLSchema, getOperationAST } from 'graphql';
import { costOfCoerced } from './operation-cost.ts';

/** What an operation costs with coerced variables. */
export type CostOf = (variables: Readonly<Record<string, unknown>>) => number;

/** How many costs of an operation are kept: of more, none is. */
const mostKept = 100;
/** Of so many characters: a document of hundreds of variables is worked out anew. */
const longestShape = 200;

/** What of the variables a cost may depend on; null when that is more than can be told in a word. */
function shapeOf(names: readonly string[], variables: Readonly<Record<string, unknown>>): string | null {
  let shape = '';
  for (const name of names) {
    const value = variables[name];
    if (typeof value === 'object' && value !== null) return null;
    // A text counts as one value, whatever it says; a number may be the size of a page, and a flag may leave a field out.
    shape += typeof value === 'string' ? 't,' : `${value},`;
  }
  return shape;
}

/** Creates the cost of an operation of a valid document. Introspection is told what to count by texts as well: it is worked out anew. */
export function createCostOf(asked: {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null;
}): CostOf {
  const names = getOperationAST(asked.document, asked.operationName)?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
  const known = new Map<string, number>();
  return (variables) => {
    const shape = shapeOf(names, variables);
    const before = shape === null ? undefined : known.get(shape);
    if (before !== undefined) return before;
    const { requested, introspects } = costOfCoerced(asked, variables);
    if (shape !== null && shape.length <= longestShape && !introspects && known.size < mostKept) known.set(shape, requested);
    return requested;
  };
}
