// Creates a token for trying out, signed as the back ends of a site sign theirs.
import { SignJWT } from 'jose';
import { normaliseId } from '../domain/check.ts';
import { roles } from './actor.ts';
import type { KeySettings } from './keys-file.ts';

/** As typed: nothing of it is known to be there or right. */
export type TokenRequest = {
  readonly site?: string | undefined;
  readonly role?: string | undefined;
  readonly subject?: string | undefined;
  /** A number with s, m, h or d; an hour when left out. */
  readonly expires?: string | undefined;
};

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const maximumSeconds = 366 * 86_400;

/** Seconds of a duration such as "90m"; null when it is none, or beyond what a token should last. */
function parseDuration(text: string): number | null {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (secondsOf[unit] ?? 0);
  return seconds >= 1 && seconds <= maximumSeconds ? seconds : null;
}

/** A token signed with the site's first secret, or every fault of the request in a line of its own; `at` is in milliseconds since 1970. */
export async function createToken(
  request: TokenRequest,
  keys: KeySettings,
  at: number,
): Promise<string | { readonly faults: readonly string[] }> {
  const siteId = normaliseId(request.site ?? '');
  const subject = normaliseId(request.subject ?? '');
  const role = roles.find((each) => each === request.role);
  const seconds = parseDuration(request.expires ?? '1h');
  const secret = siteId === null ? undefined : keys.get(siteId)?.secrets[0];
  const faults = [
    siteId === null && '--site: expected the id of a site.',
    siteId !== null && !keys.has(siteId) && `--site: the keys file has no site "${siteId}".`,
    siteId !== null &&
      keys.has(siteId) &&
      secret === undefined &&
      `--site: the site "${siteId}" has no secret, only a JWKS; its issuer makes its tokens.`,
    role === undefined && `--role: expected one of ${roles.join(', ')}.`,
    subject === null && '--subject: expected the user id of a member, or the name of who else is meant: 1 to 128 characters.',
    seconds === null && '--expires: expected a time up to 366d, such as 30m, 1h or 7d.',
  ].filter((fault) => fault !== false);
  if (siteId === null || subject === null || role === undefined || seconds === null || secret === undefined) return { faults };
  const issuedAt = Math.floor(at / 1_000);
  return new SignJWT({ site_id: siteId, scope: role })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + seconds)
    .sign(Buffer.from(secret));
}
