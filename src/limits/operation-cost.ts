// The cost of an operation: worked out from its coerced arguments before anything of it is executed.
import {
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { introspectionCost, introspectionFields } from './introspection-cost.ts';
import { type Arguments, argumentCost, unknownListSize, valueCost, weightOf } from './weights.ts';

/**
 * A cost of which a part stands in a list whose length the field above says. Kept apart, a selection is worked out once for
 * each type, however long that list is where it is used: no operation takes more work than it has selections, times types.
 */
type Cost = { readonly fixed: number; readonly perItem: number };
const nothing: Cost = { fixed: 0, perItem: 0 };

const sum = (first: Cost, second: Cost): Cost => ({ fixed: first.fixed + second.fixed, perItem: first.perItem + second.perItem });
const larger = (first: Cost, second: Cost): Cost => ({
  fixed: Math.max(first.fixed, second.fixed),
  perItem: Math.max(first.perItem, second.perItem),
});

type Priced = {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
};

export type OperationCost = {
  /** Rounded up. */
  readonly requested: number;
  /** What an object more in a list costs that is reckoned to be about so long; 0 for other fields. */
  readonly itemCost: (node: FieldNode) => number;
  /** Whether the schema is asked for. */
  readonly introspects: boolean;
};

/** Works out the cost of a valid operation: never less than the number of objects that it can return. */
function operationCost({ schema, operation, fragments, variables }: Priced): OperationCost {
  const known = new Map<SelectionSetNode, Map<GraphQLObjectType, Cost>>();
  const itemCosts = new Map<FieldNode, number>();
  const valuesIn = countValues(variables);
  let introspects = false;

  const isIncluded = (node: SelectionNode): boolean =>
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;

  function ofSelections(selections: SelectionSetNode, type: GraphQLObjectType): Cost {
    const byType = known.get(selections) ?? new Map<GraphQLObjectType, Cost>();
    known.set(selections, byType);
    const before = byType.get(type);
    if (before) return before;
    const cost = selections.selections
      .filter(isIncluded)
      .map((node) => ofSelection(node, type))
      .reduce(sum, nothing);
    byType.set(type, cost);
    return cost;
  }

  function ofSelection(node: SelectionNode, type: GraphQLObjectType): Cost {
    if (node.kind === Kind.FIELD) return ofField(node, type);
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
    const condition = fragment?.typeCondition?.name.value;
    return fragment && applies(condition, type) ? ofSelections(fragment.selectionSet, type) : nothing;
  }

  function applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    const wanted = condition === undefined ? type : schema.getType(condition);
    return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type));
  }

  /** What one object of the field costs: of an abstract type, the most expensive one. */
  function ofObject(node: FieldNode, type: GraphQLOutputType): Cost {
    const named = getNamedType(type);
    if (!isCompositeType(named) || !node.selectionSet) return { fixed: valueCost, perItem: 0 };
    const { selectionSet } = node;
    const possible = isObjectType(named) ? [named] : schema.getPossibleTypes(named);
    return sum({ fixed: 1, perItem: 0 }, possible.map((each) => ofSelections(selectionSet, each)).reduce(larger, nothing));
  }

  function ofField(node: FieldNode, type: GraphQLObjectType): Cost {
    const introspection = introspectionFields.get(node.name.value);
    if (introspection) introspects = true;
    if (introspection) return { fixed: introspectionCost({ schema, fragments, variables }, node, introspection), perItem: 0 };
    const field = type.getFields()[node.name.value];
    const args = field && argumentsOf(field, node);
    // A field whose arguments are refused is not resolved; nor is `__typename`, the one field that no type defines.
    if (!field || !args) return { fixed: valueCost, perItem: 0 };
    const { own = 0, sizes, list } = weightOf(type.name, field);
    const object = ofObject(node, field.type);
    const under = sizes ? { fixed: object.fixed + object.perItem * sizes(args), perItem: 0 } : object;
    const paid = { fixed: (typeof own === 'function' ? own(args) : own) + valuesIn(args) * argumentCost, perItem: 0 };
    if (!isListType(getNullableType(field.type))) return sum(paid, under);
    const item = under.fixed + under.perItem * unknownListSize;
    if (list?.kind === 'sized') return sum(paid, { fixed: 0, perItem: item });
    if (list?.kind === 'about') itemCosts.set(node, Math.max(item, itemCosts.get(node) ?? 0));
    const size = list ? list.of : unknownListSize;
    return sum(paid, { fixed: item * (typeof size === 'function' ? size(args) : size), perItem: 0 });
  }

  function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Arguments | null {
    try {
      return getArgumentValues(field, node, variables);
    } catch {
      return null;
    }
  }

  const root = schema.getRootType(operation.operation);
  const { fixed, perItem } = root ? ofSelections(operation.selectionSet, root) : nothing;
  // Fractions add up with an error far below this.
  const requested = Math.max(1, Math.ceil(fixed + perItem * unknownListSize - 1e-6));
  return { requested, introspects, itemCost: (node) => itemCosts.get(node) ?? 0 };
}

type Priceable = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'>;

/** The cost of what is about to be executed; null when there is no such operation, or its variables do not do. */
export function costOfExecution({ variableValues, ...asked }: ExecutionArgs): OperationCost | null {
  const { schema, document, operationName } = asked;
  const operation = getOperationAST(document, operationName);
  if (!operation) return null;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {}, { maxErrors: 1 });
  return coerced ? costOfCoerced(asked, coerced) : null;
}

/** The cost of an operation that its document has, with variables that were coerced. */
export function costOfCoerced({ schema, document, operationName }: Priceable, variables: Readonly<Record<string, unknown>>): OperationCost {
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('There is no such operation to work out the cost of.');
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  return operationCost({ schema, operation, fragments, variables });
}

/**
 * Counts the values in arguments, lists and objects among them: without recursion, since JSON may be as deep as a body is long. What
 * came as a variable is counted once, however many fields it is given to: else each alias of a field would count a whole body anew.
 */
function countValues(variables: Readonly<Record<string, unknown>>): (args: Arguments) => number {
  const shared = new Map<unknown, number | null>(Object.values(variables).map((value) => [value, null]));

  function count(whole: unknown): number {
    const open: unknown[] = [whole];
    let sum = 0;
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      sum += 1;
      if (typeof value !== 'object' || value === null) continue;
      if (value !== whole && shared.has(value)) sum += sharedCount(value);
      else for (const part of partsOf(value)) open.push(part);
    }
    return sum;
  }

  function sharedCount(value: object): number {
    const known = shared.get(value) ?? count(value);
    shared.set(value, known);
    return known;
  }

  return (args) => count(args) - 1;
}

/** Undefined is no value: it would end the count. */
function partsOf(value: object): readonly unknown[] {
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return parts.filter((part) => part !== undefined);
}
