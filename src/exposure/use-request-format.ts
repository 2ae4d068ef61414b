// Refuses, in GraphQL's words, requests that are no GraphQL request: bodies of types that are not read, and parameters that are not JSON.
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { readMediaType } from './media-type.ts';

/** JSON is UTF-8; ASCII is a part of it. */
const charsets = [null, 'utf-8', 'utf8', 'us-ascii'];

/** The media ranges that an answer is of. */
const answered = ['application/json', 'application/graphql-response+json', 'application/*', '*/*', 'text/event-stream', 'multipart/mixed'];

const refused = (status: number, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status } } });

/** Must come before what else changes how a request is read. */
export const useRequestFormat = (): Plugin => ({
  onRequestParse({ request, requestParser, setRequestParser }) {
    const { method, headers } = request;
    if (method !== 'GET' && method !== 'POST') return;
    if (!requestParser) throw refused(415, 'Post the operation as application/json.');
    const type = readMediaType(headers.get('content-type'));
    const accept = headers.get('accept');
    // Judged before anything is done: else a command would be carried out whose answer cannot be given.
    if (accept !== null && !accept.split(',').some((range) => answered.includes(range.split(';')[0]?.trim().toLowerCase() ?? '')))
      throw refused(406, 'Accept application/json or application/graphql-response+json.');
    if (method === 'POST' && type && !charsets.includes(type.charset)) throw refused(415, 'Post the operation in UTF-8.');
    setRequestParser(async (read) => {
      try {
        return await requestParser(read);
      } catch (error) {
        // Thrown for parameters in an address or a form, which the reader takes for JSON.
        if (error instanceof SyntaxError) throw refused(400, 'The variables and extensions must be JSON.');
        throw error;
      }
    });
  },
});
