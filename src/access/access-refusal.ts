// The answers to requests that are turned away at the door: shaped as GraphQL errors, and silent about why beyond a class.
import type { FetchAPI } from 'graphql-yoga';

export type AccessRefusal = {
  readonly status: 400 | 401 | 403 | 404 | 500 | 503;
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
  readonly headers?: Readonly<Record<string, string>>;
};

export type AuthenticationFault =
  | 'TOKEN_MISSING'
  | 'TOKEN_MALFORMED'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_INVALID'
  | 'BODY_MISMATCH'
  | 'KEYS_NOT_CONFIGURED';

const challenge = 'Bearer realm="loyalty orders"';

/** Nobody is known by this request; the class says whether another token would help. */
export const unauthenticated = (reason: AuthenticationFault, message = 'This needs a valid token.'): AccessRefusal => ({
  status: 401,
  message,
  extensions: { code: 'UNAUTHENTICATED', reason },
  headers: { 'www-authenticate': reason === 'TOKEN_MISSING' ? challenge : `${challenge}, error="invalid_token"` },
});

/** The token of a sandbox without keys, which cannot be checked: who sent it means to be somebody, so nobody else is assumed. */
export const noKeys = unauthenticated(
  'KEYS_NOT_CONFIGURED',
  'This sandbox has no keys to check a token with. Send no Authorization header, or serve it with --keys.',
);

export const otherSite: AccessRefusal = {
  status: 403,
  message: 'X-Site-Id is another site than that of the token. The token says the site: leave the header out.',
  extensions: { code: 'FORBIDDEN' },
};

export const keysUnavailable: AccessRefusal = {
  status: 503,
  message: 'Tokens cannot be checked at the moment. Ask again a little later.',
  extensions: { code: 'KEYS_UNAVAILABLE' },
  headers: { 'retry-after': '5' },
};

export const noSite: AccessRefusal = {
  status: 400,
  message: 'X-Site-Id is no id of a site.',
  extensions: { code: 'INVALID_INPUT', path: [] },
};

const graphqlJson = 'application/graphql-response+json';

/** The response of a refusal. */
export function refusalResponse(request: Request, fetchAPI: FetchAPI, { status, message, extensions, headers }: AccessRefusal): Response {
  const type = request.headers.get('accept')?.includes(graphqlJson) ? graphqlJson : 'application/json';
  return new fetchAPI.Response(JSON.stringify({ errors: [{ message, extensions }] }), {
    status,
    headers: { ...headers, 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' },
  });
}
