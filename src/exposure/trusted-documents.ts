// The file of trusted documents: the only operations that a server carries out which was given one.
import { readFileSync } from 'node:fs';
import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode, parse, validate } from 'graphql';
import * as z from 'zod';
import { canonicalText } from './document-text.ts';

export type TrustedDocuments = {
  /** The text of the document of an id, as the file has it. */
  readonly byId: ReadonlyMap<string, string>;
  /** The canonical texts of all of them. */
  readonly texts: ReadonlySet<string>;
};

type Entry = { readonly id: string; readonly text: string };
type Read = { readonly documents: TrustedDocuments } | { readonly faults: readonly string[] };

const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string() })),
});

const shape =
  'expected {"id": "text of the document", ...}, or Apollo\'s {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id", "body"}, ...]}.';

/** The entries of either shape; null for any other. Keys are never looked up in an object, so that none of them means anything. */
function entriesOf(content: unknown): readonly Entry[] | null {
  const manifest = apolloManifest.safeParse(content);
  if (manifest.success) return manifest.data.operations.map(({ id, body }) => ({ id, text: body }));
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return null;
  const entries = Object.entries(content).map(([id, text]: [string, unknown]) => (typeof text === 'string' ? { id, text } : null));
  const texts = entries.filter((entry) => entry !== null);
  return texts.length === entries.length ? texts : null;
}

/** The kind and name of an operation, as faults name it. */
const operationLabel = ({ operation, name }: OperationDefinitionNode): string => `${operation} ${name?.value ?? 'without a name'}`;

/** The kinds and names of a document's operations, as faults name it. */
const label = (document: DocumentNode): string =>
  document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map(operationLabel)
    .join(', ') || 'no operation';

/** What is wrong with an operation's document by a schema. */
export function documentFaults(operation: OperationDefinitionNode, document: DocumentNode, schema: GraphQLSchema): readonly string[] {
  // The rules of GraphQL have nothing against an operation of a kind that the schema does not have.
  const faults = schema.getRootType(operation.operation)
    ? validate(schema, document).map(({ message }) => message)
    : [`the schema has no ${operation.operation}s.`];
  return faults.map((fault) => `${operationLabel(operation)}: ${fault}`);
}

/** A document, or what is wrong with it. */
function readDocument(text: string, schema: GraphQLSchema): { readonly document: DocumentNode } | { readonly faults: readonly string[] } {
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch (error) {
    return { faults: [error instanceof Error ? error.message : String(error)] };
  }
  const [operation, ...others] = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation || others.length > 0) return { faults: [`${label(document)}: expected one operation.`] };
  const faults = documentFaults(operation, document, schema);
  return faults.length > 0 ? { faults } : { document };
}

/** The documents of a file's content, each checked against the schema, or every fault with the id of its document. */
export function trustedDocumentsOf(content: unknown, schema: GraphQLSchema): Read {
  const entries = entriesOf(content);
  if (entries === null) return { faults: [shape] };
  if (entries.length === 0) return { faults: ['it holds no documents, so nothing at all could be asked for.'] };
  const byId = new Map<string, string>();
  const texts = new Set<string>();
  const faults: string[] = [];
  for (const { id, text } of entries) {
    const read = readDocument(text, schema);
    if ('faults' in read) faults.push(...read.faults.map((fault) => `${id}: ${fault}`));
    else texts.add(canonicalText(read.document));
    if (byId.has(id) && byId.get(id) !== text) faults.push(`${id}: two documents have this id.`);
    byId.set(id, text);
  }
  return faults.length > 0 ? { faults } : { documents: { byId, texts } };
}

/** Reads the file. Throws an error with every fault in a line of its own. */
export function readTrustedDocuments(file: string, schema: GraphQLSchema): TrustedDocuments {
  const read = contentOf(file);
  const result = 'faults' in read ? read : trustedDocumentsOf(read.content, schema);
  if ('documents' in result) return result.documents;
  throw new Error(result.faults.map((fault) => `${file}: ${fault}`).join('\n'));
}

function contentOf(file: string): { readonly content: unknown } | { readonly faults: readonly string[] } {
  const text = readFileSync(file, 'utf8');
  try {
    return { content: JSON.parse(text) };
  } catch (error) {
    return { faults: [`it is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
}
