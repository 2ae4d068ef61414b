// The keys file: by which keys the tokens of each site are checked. Every fault is named with its path, and never with what stands there.
import * as z from 'zod';
import { normaliseId } from '../domain/check.ts';

/** Enough for HMAC-SHA256 that a secret cannot be found by trying (RFC 7518, section 3.2). */
const secretBytes = 32;

/** The algorithms of a JWKS. Secrets are for HS256 alone, so that no public key can ever stand in for a secret. */
export const jwksAlgorithms = ['RS256', 'ES256'] as const;
export type JwksAlgorithm = (typeof jwksAlgorithms)[number];

export type JwksSettings = {
  readonly url: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly JwksAlgorithm[];
};

export type SiteKeySettings = { readonly secrets: readonly string[]; readonly jwks?: JwksSettings | undefined };
export type KeySettings = ReadonlyMap<string, SiteKeySettings>;

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);

/** What speaks against fetching keys from a URL, if anything: on the way, plain HTTP could be given other keys. */
function faultOfUrl(given: string): string | null {
  if (!URL.canParse(given)) return 'Expected a URL, such as "https://login.example/keys".';
  const { protocol, hostname, username, password } = new URL(given);
  if (username !== '' || password !== '') return 'Expected a URL without a user name and password.';
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return null;
  return 'Expected https; http only from this machine itself (localhost, 127.0.0.1, [::1]).';
}

const members = (names: string) => ({
  error: (issue: { readonly code?: string }): string =>
    issue.code === 'unrecognized_keys' ? `Expected no members but ${names}.` : `Expected an object with ${names}.`,
});

const text = z.string('Expected a text.').min(1, 'Expected at least one character.');
const secret = z
  .string('Expected a text.')
  .refine((value) => Buffer.byteLength(value) >= secretBytes, `Expected at least ${secretBytes} bytes, from a random source.`);
const jwks = z.strictObject(
  {
    url: z.string('Expected a text.').superRefine((given, context) => {
      const message = faultOfUrl(given);
      if (message !== null) context.addIssue({ code: 'custom', message });
    }),
    issuer: text,
    audience: text,
    algorithms: z
      .array(z.enum(jwksAlgorithms, `Expected ${jwksAlgorithms.join(' or ')}.`), 'Expected a list.')
      .min(1, `Expected at least one of ${jwksAlgorithms.join(' and ')}.`),
  },
  members('url, issuer, audience and algorithms'),
);
const site = z
  .strictObject({ secrets: z.array(secret, 'Expected a list.').default([]), jwks: jwks.optional() }, members('secrets, jwks or both'))
  .refine(({ secrets, jwks }) => secrets.length > 0 || jwks !== undefined, 'Expected secrets, jwks or both: nobody could get in.');

/** One secret for two sites would let whoever holds it sign for both. */
function checkSecrets(sites: Readonly<Record<string, SiteKeySettings>>, fault: (path: (string | number)[], message: string) => void): void {
  const seen = new Set<string>();
  for (const [siteId, { secrets }] of Object.entries(sites))
    for (const [index, value] of secrets.entries()) {
      if (seen.has(value)) fault([siteId, 'secrets', index], 'Expected a secret that stands nowhere else in this file.');
      seen.add(value);
    }
}

const sites = z
  .record(
    z
      .string()
      .refine((siteId) => normaliseId(siteId) === siteId, 'Expected the id of a site: 1 to 128 characters, without spaces around it.'),
    site,
    { error: (issue) => (issue.code === 'invalid_key' ? undefined : 'Expected an object with a member for each site.') },
  )
  .refine((record) => Object.keys(record).length > 0, 'Expected at least one site: nobody could get in.')
  .superRefine((record, context) => checkSecrets(record, (path, message) => context.addIssue({ code: 'custom', path, message })));

const keysFile = z.strictObject({ sites }, members('sites'));

/** The message of JSON.parse quotes what stands around the fault, which may be a secret; only its place is told. */
function placeOf(error: unknown, content: string): string {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return position === undefined ? '' : `, in line ${content.slice(0, Number(position)).split('\n').length}`;
}

function readJson(content: string): { readonly value: unknown } | { readonly faults: readonly string[] } {
  try {
    return { value: JSON.parse(content) };
  } catch (error) {
    return { faults: [`(file): Expected JSON${placeOf(error, content)}.`] };
  }
}

/** The settings of every site by its id, or every fault in a line of its own, with its path. */
export function readKeys(content: string): { readonly settings: KeySettings } | { readonly faults: readonly string[] } {
  const json = readJson(content);
  if ('faults' in json) return json;
  const parsed = keysFile.safeParse(json.value);
  if (parsed.success) return { settings: new Map(Object.entries(parsed.data.sites)) };
  return {
    faults: parsed.error.issues.map((issue) => {
      const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
      return `${issue.path.join('.') || '(file)'}: ${message}`;
    }),
  };
}
