// Makes a file of trusted documents out of the GraphQL of a client: each operation with the fragments that it needs.
import {
  type DefinitionNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import type { Piece } from './client-folder.ts';
import { sha256 } from './document-text.ts';
import { documentFaults } from './trusted-documents.ts';

type Placed<Definition extends DefinitionNode> = { readonly file: string; readonly definition: Definition };
type Placement = { readonly placed: readonly Placed<DefinitionNode>[]; readonly faults: readonly string[] };
type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** The texts of a client's operations by their hashes, or every fault with its file and operation. */
export type Extraction = { readonly documents: Readonly<Record<string, string>> } | { readonly faults: readonly string[] };

function definitionsOf({ file, text }: Piece): Placement {
  // A file may hold comments only, and a tag may stand before an empty text.
  if (text.replaceAll(/#.*/g, '').trim() === '') return { placed: [], faults: [] };
  try {
    return { placed: parse(text).definitions.map((definition) => ({ file, definition })), faults: [] };
  } catch (error) {
    return { placed: [], faults: [`${file}: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

/** The fragments by name. One that is written twice must be written alike. */
function fragmentsOf(placed: readonly Placed<DefinitionNode>[]): { readonly fragments: Fragments; readonly faults: readonly string[] } {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const faults: string[] = [];
  for (const { file, definition } of placed) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const { value: name } = definition.name;
    const known = fragments.get(name);
    if (known && print(known) !== print(definition)) faults.push(`${file}: fragment ${name}: there is another of this name.`);
    fragments.set(name, known ?? definition);
  }
  return { fragments, faults };
}

/** An operation and the fragments that it needs, in the order in which they are first named. */
function withFragments(operation: OperationDefinitionNode, fragments: Fragments): readonly DefinitionNode[] {
  const needed = new Set<FragmentDefinitionNode>();
  const add = (definition: DefinitionNode): void => {
    visit(definition, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment || needed.has(fragment)) return;
        needed.add(fragment);
        add(fragment);
      },
    });
  };
  add(operation);
  return [operation, ...needed];
}

/**
 * The text of each operation as graphql-js prints it, the operation first and then its fragments, by the SHA-256 of that text.
 * Everything is checked against the schema.
 */
export function extractDocuments(pieces: readonly Piece[], schema: GraphQLSchema): Extraction {
  const read = pieces.map(definitionsOf);
  const placed = read.flatMap((each) => each.placed);
  const { fragments, faults: doubles } = fragmentsOf(placed);
  const faults = [...read.flatMap((each) => each.faults), ...doubles];
  const texts = new Set<string>();
  for (const { file, definition } of placed) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const document = { kind: Kind.DOCUMENT, definitions: withFragments(definition, fragments) } as const;
    faults.push(...documentFaults(definition, document, schema).map((fault) => `${file}: ${fault}`));
    texts.add(print(document));
  }
  if (faults.length > 0) return { faults: [...new Set(faults)] };
  if (texts.size === 0) return { faults: ['no operation was found.'] };
  return { documents: Object.fromEntries([...texts].map((text) => [sha256(text), text])) };
}
