// Sends one typed document to the gateway and answers its typed data.

import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type GraphQLFormattedError, print } from 'graphql';

type Envelope<TData> = { readonly data?: TData | null; readonly errors?: readonly GraphQLFormattedError[] };

// The one place where JSON becomes a type: what stands in `data` follows from the document, which the server validated against its schema.
function isEnvelope<TData>(body: unknown): body is Envelope<TData> {
  return typeof body === 'object' && body !== null && ('data' in body || 'errors' in body);
}

// A query's refusal carries the same code and path as a userError; both stand in the extensions.
function describe({ message, extensions }: GraphQLFormattedError): string {
  const { code, path } = extensions ?? {};
  return [typeof code === 'string' ? code : 'ERROR', Array.isArray(path) ? `at ${path.join('.')}` : '', message].filter(Boolean).join(' ');
}

export function createClient(endpoint: string, token: string | undefined) {
  return async function execute<TData, TVariables>(document: TypedDocumentNode<TData, TVariables>, variables: TVariables): Promise<TData> {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json',
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query: print(document), variables }),
    });
    const text = await response.text();
    const body: unknown = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined;
    if (!isEnvelope<TData>(body)) throw new Error(`HTTP ${response.status}: ${text.slice(0, 200)}`);
    if (body.errors !== undefined && body.errors.length > 0) throw new Error(body.errors.map(describe).join('; '));
    if (body.data === undefined || body.data === null) throw new Error(`HTTP ${response.status} without data.`);
    return body.data;
  };
}
