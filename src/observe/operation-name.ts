// What a request asks for, as a word of a bounded set: a root field of the schema, "several" or "none".
import { type DocumentNode, type FragmentDefinitionNode, type GraphQLSchema, getOperationAST, Kind, type SelectionSetNode } from 'graphql';

const metaFields = ['__schema', '__type', '__typename'];

/**
 * The root field that an operation asks for, however it calls it; "several" for more than one, "none" for those that the schema
 * does not have. Never a word of the client's own.
 */
export function operationNameOf(schema: GraphQLSchema, document: DocumentNode, operationName: string | null | undefined): string {
  const operation = getOperationAST(document, operationName);
  const fields = operation && schema.getRootType(operation.operation)?.getFields();
  if (!operation || !fields) return 'none';
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const found = new Set<string>();
  const waiting: SelectionSetNode[] = [operation.selectionSet];
  // Each fragment is looked into once, so that those that contain themselves come to an end.
  for (let set = waiting.pop(); set && found.size < 2; set = waiting.pop())
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) found.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) waiting.push(selection.selectionSet);
      else {
        const fragment = fragments.get(selection.name.value);
        fragments.delete(selection.name.value);
        if (fragment) waiting.push(fragment.selectionSet);
      }
    }
  const known = [...found].filter((name) => Object.hasOwn(fields, name) || metaFields.includes(name));
  return known.length > 1 ? 'several' : (known[0] ?? 'none');
}
