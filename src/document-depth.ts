// Refuses documents that nest deeper than the parser can walk.
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** A document that runs the parser out of stack is the sender's fault, and answered as such. */
export const refuseBottomlessDocuments: Plugin = {
  onParse({ parseFn, setParseFn }) {
    const parse: typeof parseFn = (...given) => {
      try {
        return parseFn(...given);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        const message = 'The document nests too deeply: send large values as variables.';
        throw new GraphQLError(message, { extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
      }
    };
    setParseFn(parse);
  },
};
