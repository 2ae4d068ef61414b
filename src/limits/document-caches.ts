// Keeps documents that were parsed and validated lately, within bounds: so many, and none that is long.

/** Longer documents are parsed each time, and paid for each time: a client's own are far shorter. */
const longestText = 20_000;
const mostDocuments = 1_000;

/** A map of the last used texts. */
function createTextCache<Value>() {
  const kept = new Map<string, Value>();
  return {
    get(text: string): Value | undefined {
      const value = kept.get(text);
      if (value === undefined) return undefined;
      // A map keeps its order: what is put in again goes to its end.
      kept.delete(text);
      kept.set(text, value);
      return value;
    },
    set(text: string, value: Value): void {
      if (text.length > longestText) return;
      kept.set(text, value);
      const [oldest] = kept.keys();
      if (kept.size > mostDocuments && oldest !== undefined) kept.delete(oldest);
    },
  };
}

/** The caches of a server: of documents, and of errors of those that cannot be parsed. */
export const createDocumentCaches = () => ({ documentCache: createTextCache<never>(), errorCache: createTextCache<never>() });
