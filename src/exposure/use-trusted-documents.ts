// Carries out trusted documents only, asked for by their id or by their text. Nobody can add one while the server runs.
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import { type DocumentNode, GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { canonicalText } from './document-text.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** The parameter, besides those that every GraphQL server reads, by which a request names a document. */
export const documentIdParameter = 'documentId';

const refused = (status: number, code: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status } } });

// Clients know this one by these very words, and send the text instead.
const notFound = () => refused(404, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
const nothingAsked = () =>
  refused(400, 'BAD_REQUEST', `Send the id of a trusted document as ${documentIdParameter}, or its text as query.`);
const notTrusted = () => refused(400, 'OPERATION_NOT_TRUSTED', 'This server carries out trusted documents only, and this is none of them.');

/** The id as Apollo's and urql's clients send it. */
function persistedQueryId({ extensions }: GraphQLParams): unknown {
  const persistedQuery: unknown = extensions?.['persistedQuery'];
  return typeof persistedQuery === 'object' && persistedQuery !== null && 'sha256Hash' in persistedQuery ? persistedQuery.sha256Hash : null;
}

/** The id as the specification of GraphQL over HTTP has it: beside the variables, or in the address. */
function documentId(params: GraphQLParams, { method, url }: Request): unknown {
  if (method === 'GET') return new URL(url, 'http://localhost').searchParams.get(documentIdParameter);
  return documentIdParameter in params ? params[documentIdParameter] : null;
}

function idOf(params: GraphQLParams, request: Request): string | null {
  const id = documentId(params, request) ?? persistedQueryId(params);
  return typeof id === 'string' ? id : null;
}

/** Refuses every document that is not one of the texts. The server keeps documents that it parsed, so each is compared once. */
function useTrustedTexts(texts: ReadonlySet<string>): Plugin {
  const verdicts = new WeakMap<DocumentNode, boolean>();
  function isTrusted(document: DocumentNode): boolean {
    const verdict = verdicts.get(document) ?? texts.has(canonicalText(document));
    verdicts.set(document, verdict);
    return verdict;
  }
  return {
    onParse: () => {
      return ({ result }) => {
        if (result && !(result instanceof Error) && !isTrusted(result)) throw notTrusted();
      };
    },
  };
}

export const useTrustedDocuments = ({ byId, texts }: TrustedDocuments): readonly Plugin[] => [
  usePersistedOperations({
    // What comes as a text is judged when it has been parsed.
    allowArbitraryOperations: true,
    extractPersistedOperationId: idOf,
    getPersistedOperation: (id) => byId.get(id) ?? null,
    customErrors: { notFound, keyNotFound: nothingAsked },
  }),
  useTrustedTexts(texts),
];
