// Tokens for tests, signed here with node:crypto alone, so that the product's way of reading them is judged by another.
import { createHmac } from 'node:crypto';
import type { Role } from '../../src/access/actor.ts';
import { fixedKeys } from '../../src/access/authenticator.ts';

/** The secret of a site of the tests. */
export const secretOf = (siteId: string): string => `the secret of the tests for the site ${siteId}`;

const sites = ['demo', 'other'];

/** The keys of the sites of the tests, "demo" and "other". */
export const testKeys = fixedKeys(new Map(sites.map((siteId) => [siteId, { secrets: [secretOf(siteId)] }])));

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of any claims and header, signed with a secret by HMAC-SHA256. */
export function signToken(claims: object, secret: string, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** The year 2100: past the clock of every test that does not want its token to expire. */
const farAhead = 4_102_444_800;

/** A token of a role. A member's subject is their user id. Claims that are undefined are left out of it. */
export const tokenFor = (role: Role, subject = 'ann', siteId = 'demo', claims: object = {}): string =>
  signToken({ sub: subject, site_id: siteId, scope: role, exp: farAhead, ...claims }, secretOf(siteId));

/** The header with which a request is that of a role. */
export const bearer = (role: Role, subject = 'ann', siteId = 'demo'): { readonly authorization: string } => ({
  authorization: `Bearer ${tokenFor(role, subject, siteId)}`,
});
