// Refuses bodies of JSON that nest too deeply, before they are parsed: to parse one of a megabyte of brackets takes a quarter of a second.
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Far deeper than any input of the schema, and than the attributes of an order may be. */
const maximumDepth = 200;
/** A body that is no longer is parsed in no time, however deep. */
const shortBody = 16_384;

const [quote, backslash] = [34, 92];
const opening = new Set([91, 123]);
const closing = new Set([93, 125]);

/** Whether brackets stand within one another at most so deep; those in texts do not count. */
export function nestsWithin(json: string, limit: number): boolean {
  let depth = 0;
  let isText = false;
  for (let index = 0; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (isText) {
      if (code === backslash) index += 1;
      else if (code === quote) isText = false;
    } else if (code === quote) isText = true;
    else if (opening.has(code)) {
      depth += 1;
      if (depth > limit) return false;
    } else if (closing.has(code)) depth -= 1;
  }
  return true;
}

/** Whether a body of so many bytes may be parsed. */
export const isShallow = (json: string, bytes: number): boolean => bytes <= shortBody || nestsWithin(json, maximumDepth);

/** Must come before what else changes how a body is read, so that it sees what they hand on. */
export const useJsonDepth = (): Plugin => ({
  onRequestParse({ request, requestParser, setRequestParser, fetchAPI }) {
    const length = Number(request.headers.get('content-length') ?? Number.NaN);
    if (request.method !== 'POST' || !requestParser || length <= shortBody) return;
    setRequestParser(async (read) => {
      const body = await read.text();
      if (!nestsWithin(body, maximumDepth))
        throw new GraphQLError(`The body nests deeper than ${maximumDepth} brackets.`, {
          extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
        });
      const { method, headers, signal } = read;
      return requestParser(new fetchAPI.Request(read.url, { method, headers, signal, body }));
    });
  },
});
