// What of the server a stranger can reach, and what holds where nobody said so.
import type { TrustedDocuments } from './trusted-documents.ts';

export type Exposure = {
  /** Whether the schema may be asked for, and faults of a document are told in its words. */
  readonly introspection: boolean;
  /** Whether browsers are given the GraphiQL page. */
  readonly graphiql: boolean;
  /** The origins whose pages may call from a browser. */
  readonly origins: readonly string[];
  /** The only operations that are carried out; null: all. */
  readonly trustedDocuments: TrustedDocuments | null;
};

/** What was said of it; what is left out or undefined keeps its default. */
export type GivenExposure = { readonly [Part in keyof Exposure]?: Exposure[Part] | undefined };

/** The whole of it. A sandbox shows its schema and the page; nothing else is open. */
export const exposureOf = (sandbox: boolean, given: GivenExposure = {}): Exposure => ({
  introspection: given.introspection ?? sandbox,
  graphiql: given.graphiql ?? sandbox,
  origins: given.origins ?? [],
  trustedDocuments: given.trustedDocuments ?? null,
});
