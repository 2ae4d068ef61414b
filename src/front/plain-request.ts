// Which requests are plain: a POST of JSON to the endpoint, of a length that is told, with an answer that is JSON. All others are Yoga's.
import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../access/use-authentication.ts';

export type PlainRequest = {
  /** The length of the body in bytes, as it is announced: node:http reads no more and no less. */
  readonly bytes: number;
  /** The content type of the answer. */
  readonly answerType: string;
  readonly credentials: Credentials;
};

/** As clients spell JSON in UTF-8. Other spellings are good as well, and Yoga reads them. */
const jsonTypes: ReadonlySet<string | undefined> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
  'application/json; charset=UTF-8',
  'application/json;charset=UTF-8',
]);

const json = 'application/json; charset=utf-8';
const graphqlJson = 'application/graphql-response+json; charset=utf-8';

/** What Yoga answers to what clients say they accept, of two equals the first. */
const answerTypes: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, json],
  ['*/*', json],
  ['application/json', json],
  ['application/json, */*', json],
  ['application/json, text/plain, */*', json],
  ['application/graphql-response+json', graphqlJson],
  ['application/graphql-response+json, application/json', graphqlJson],
  ['application/graphql-response+json,application/json', graphqlJson],
  ['application/graphql-response+json,application/json;q=0.9', graphqlJson],
  ['application/graphql-response+json; charset=utf-8, application/json; charset=utf-8', graphqlJson],
]);

/** Reads the head of a request; null when it is not plain. */
export function readPlain({ method, url, headers }: IncomingMessage, endpoint: string, bodyBytes: number): PlainRequest | null {
  if (method !== 'POST' || url !== endpoint || !jsonTypes.has(headers['content-type'])) return null;
  const answerType = answerTypes.get(headers.accept);
  const bytes = Number(headers['content-length']);
  // Pages of other origins are answered with what their browsers ask for beside the answer.
  if (answerType === undefined || headers['content-encoding'] !== undefined || headers.origin !== undefined) return null;
  if (!(bytes > 0 && bytes <= bodyBytes)) return null;
  const site = headers['x-site-id'];
  if (Array.isArray(site)) return null;
  return { bytes, answerType, credentials: { authorization: headers.authorization ?? null, site: site ?? null } };
}
