// The cost of introspection. The schema is known, so its objects are counted exactly, by asking it.
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { valueCost } from './weights.ts';

type Field = GraphQLField<unknown, unknown>;

/** The root fields that ask for the schema. */
export const introspectionFields: ReadonlyMap<string, Field> = new Map([
  ['__schema', SchemaMetaFieldDef],
  ['__type', TypeMetaFieldDef],
]);

type Asked = {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
};

/** The cost of one of those fields. Each part of the schema is counted once for each selection. Skipped fields count as well. */
export function introspectionCost({ schema, fragments, variables }: Asked, root: FieldNode, definition: Field): number {
  const known = new Map<SelectionSetNode, Map<unknown, number>>();
  // Fields of introspection look at nothing else of what is being resolved.
  const info = { schema } as GraphQLResolveInfo;

  function ofSelections(selections: SelectionSetNode, type: GraphQLObjectType, value: unknown): number {
    const byValue = known.get(selections) ?? new Map<unknown, number>();
    known.set(selections, byValue);
    const before = byValue.get(value);
    if (before !== undefined) return before;
    const cost = selections.selections.reduce((total, node) => total + ofSelection(node, type, value), 0);
    byValue.set(value, cost);
    return cost;
  }

  function ofSelection(node: SelectionNode, type: GraphQLObjectType, value: unknown): number {
    if (node.kind === Kind.FIELD) return ofField(node, type.getFields()[node.name.value], value);
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
    // No type of introspection is abstract, so a fragment on another one does not apply.
    const isMeant = fragment && (fragment.typeCondition?.name.value ?? type.name) === type.name;
    return isMeant ? ofSelections(fragment.selectionSet, type, value) : 0;
  }

  function ofField(node: FieldNode, field: Field | undefined, parent: unknown): number {
    const { selectionSet } = node;
    if (!field || !selectionSet) return valueCost;
    const type = getNamedType(field.type);
    const value = resolve(node, field, parent);
    if (!(type instanceof GraphQLObjectType)) return valueCost;
    const objects = Array.isArray(value) ? value : [value];
    return objects.reduce<number>((total, object) => total + (object == null ? 0 : 1 + ofSelections(selectionSet, type, object)), 0);
  }

  function resolve(node: FieldNode, field: Field, parent: unknown): unknown {
    try {
      return field.resolve?.(parent, getArgumentValues(field, node, variables), undefined, info);
    } catch {
      return null;
    }
  }

  return ofField(root, definition, undefined);
}
