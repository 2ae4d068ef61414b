// Keeps documents that were parsed and validated lately, within bounds: so many, and none that is long.
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Longer documents are parsed each time, and paid for each time: a client's own are far shorter. */
const longestText = 20_000;
const mostDocuments = 1_000;

/** A cache by text that does not take long ones. */
function createTextCache<Value extends object>() {
  const kept = new LRUCache<string, Value>({ max: mostDocuments });
  return {
    get: (text: string): Value | undefined => kept.get(text),
    set(text: string, value: Value): void {
      if (text.length <= longestText) kept.set(text, value);
    },
  };
}

/** The caches of a server: of documents, and of errors of those that cannot be parsed. */
export const createDocumentCaches = () => ({
  documentCache: createTextCache<DocumentNode>(),
  errorCache: createTextCache<Error>(),
});
