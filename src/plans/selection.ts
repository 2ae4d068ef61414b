// What is selected of an object: fields by the name under which they are answered, fragments and directives resolved.
import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A field of an answer; more than one node when it was selected more than once. */
export type Selected = { readonly key: string; readonly name: string; readonly nodes: readonly [FieldNode, ...FieldNode[]] };

export type Document = {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The variables that decide what is included. */
  readonly conditions: Readonly<Record<string, unknown>>;
};

/** Thrown where a plan does not reach: the operation is then executed in the ordinary way. */
export class Unplanned extends Error {}

/** The fields that are selected of an object type, in the order in which the answer holds them. */
export function selectedFields(document: Document, sets: readonly SelectionSetNode[], type: GraphQLObjectType): readonly Selected[] {
  const { schema, fragments, conditions } = document;
  const byKey = new Map<string, FieldNode[]>();
  const spread = new Set<string>();

  const isIncluded = (node: SelectionNode): boolean => {
    if (node.directives?.some(({ name }) => name.value !== 'skip' && name.value !== 'include')) throw new Unplanned();
    return (
      getDirectiveValues(GraphQLSkipDirective, node, conditions)?.['if'] !== true &&
      getDirectiveValues(GraphQLIncludeDirective, node, conditions)?.['if'] !== false
    );
  };
  const applies = (condition: string | undefined): boolean => {
    const wanted = condition === undefined ? type : schema.getType(condition);
    return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type));
  };
  function collect(set: SelectionSetNode): void {
    for (const node of set.selections) {
      if (!isIncluded(node)) continue;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        const nodes = byKey.get(key);
        if (nodes) nodes.push(node);
        else byKey.set(key, [node]);
        continue;
      }
      if (node.kind === Kind.FRAGMENT_SPREAD && spread.has(node.name.value)) continue;
      if (node.kind === Kind.FRAGMENT_SPREAD) spread.add(node.name.value);
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      if (fragment && applies(fragment.typeCondition?.name.value)) collect(fragment.selectionSet);
    }
  }
  for (const set of sets) collect(set);
  return [...byKey].map(([key, [first, ...others]]) => {
    if (!first) throw new Unplanned();
    return { key, name: first.name.value, nodes: [first, ...others] };
  });
}

/** The selections under a field. */
export const setsOf = ({ nodes }: Selected): readonly SelectionSetNode[] =>
  nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
