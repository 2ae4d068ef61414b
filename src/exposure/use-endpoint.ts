// Answers addresses at which there is nothing.
import type { Plugin } from 'graphql-yoga';
import { type AccessRefusal, refusalResponse } from '../access/access-refusal.ts';

/** Must come after whatever answers other addresses. */
export function useEndpoint(endpoint: string): Plugin {
  const nothingHere: AccessRefusal = {
    status: 404,
    message: `There is nothing at this address: GraphQL is at ${endpoint}.`,
    extensions: { code: 'NOT_FOUND' },
  };
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== endpoint && url.pathname !== `${endpoint}/`) endResponse(refusalResponse(request, fetchAPI, nothingHere));
    },
  };
}
