// The texts of documents: one that is the same however a client writes it, and one whose hash is the document's id.
import { createHash } from 'node:crypto';
import { type DefinitionNode, type DocumentNode, Kind, print, visit } from 'graphql';

const nameOf = (definition: DefinitionNode): string =>
  'name' in definition && definition.name ? `${definition.kind} ${definition.name.value}` : definition.kind;

const inOrder = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/**
 * The text by which documents are compared: without comments, spacing, the order of definitions, and the `__typename` that
 * clients add to every selection.
 */
export function canonicalText(document: DocumentNode): string {
  const { definitions } = visit(document, {
    Field: ({ name, alias, directives }) => (name.value === '__typename' && !alias && !directives?.length ? null : undefined),
  });
  return print({ kind: Kind.DOCUMENT, definitions: definitions.toSorted((one, other) => inOrder(nameOf(one), nameOf(other))) });
}

/** The id of a text: its SHA-256 in hexadecimal digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
