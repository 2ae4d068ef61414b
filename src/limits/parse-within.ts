// Parses a document that is within its limits.
import { GraphQLError, type parse } from 'graphql';
import { checkShape } from './document-shape.ts';
import { documentUnparsed } from './limit-error.ts';
import type { Limits } from './limits.ts';

/** A parser that stops at so many tokens, and refuses what would be expensive to validate. */
export const parseWithin =
  (parser: typeof parse, limits: Limits): typeof parse =>
  (source, options) => {
    try {
      const document = parser(source, { ...options, maxTokens: limits.tokens });
      checkShape(document, limits);
      return document;
    } catch (error) {
      if (error instanceof RangeError) throw documentUnparsed('The document nests too deeply: send large values as variables.');
      if (error instanceof GraphQLError && error.message.includes('Parsing aborted'))
        throw documentUnparsed(`Expected a document of at most ${limits.tokens} tokens: send values as variables.`);
      throw error;
    }
  };
