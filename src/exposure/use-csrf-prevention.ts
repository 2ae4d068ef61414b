// Turns away what any page on the web could make a browser send, because no browser asks the server before it sends such a request.
import type { Plugin } from 'graphql-yoga';
import { type AccessRefusal, refusalResponse } from '../access/access-refusal.ts';
import { readMediaType } from './media-type.ts';

/** A header that no page can add without asking first. Its value does not matter. */
export const csrfHeader = 'x-graphql-yoga-csrf';

/** Types of bodies that are sent without asking, and one that browsers have sent so by mistake. */
const unasked = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/graphql'];

const headerRequired: AccessRefusal = {
  status: 403,
  message: `Post the operation as application/json, or send the header ${csrfHeader} with any value: without it, a request like this could come from any page on the web.`,
  extensions: { code: 'CSRF_HEADER_REQUIRED' },
};

/** Whether a browser would send such a request from any page without asking. */
function couldBeForged(method: string, contentType: string | null): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  if (method !== 'POST') return false;
  const type = readMediaType(contentType);
  return type === null || unasked.includes(type.essence);
}

/**
 * Must come after what answers GET without carrying out an operation, such as checks of health. Sees to it that a body is read
 * as what it was judged as.
 */
export const useCsrfPrevention = (): Plugin => ({
  onRequest({ request, fetchAPI, endResponse }) {
    const { method, headers } = request;
    const contentType = headers.get('content-type');
    if (couldBeForged(method, contentType) && !headers.has(csrfHeader))
      return endResponse(refusalResponse(request, fetchAPI, headerRequired));
    // What is read knows types in small letters only, and takes the first of a list.
    if (contentType !== null && method === 'POST') headers.set('content-type', spelled(contentType));
  },
});

/** The same content type, as those who read bodies compare it; one that is none is spelled as a type that nobody reads. */
function spelled(contentType: string): string {
  const type = readMediaType(contentType);
  if (type === null) return 'application/octet-stream';
  return type.charset === null ? type.essence : `${type.essence};charset=${type.charset}`;
}
