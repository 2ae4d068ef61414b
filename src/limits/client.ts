// Whose budget a request draws from.
import type { IncomingMessage } from 'node:http';
import { actorOf, isUnnamed } from '../access/use-authentication.ts';

/** What the listener of node:http hands over with a request; nothing when the request came without one. */
export type ServerContext = { readonly req?: IncomingMessage };

/**
 * The site, role and subject of who asks; null while that is not known. In a sandbox everybody is the same one and names the site
 * as they like, so there it is the address.
 */
export function clientOf(request: Request, { req }: ServerContext): string | null {
  try {
    const actor = actorOf(request);
    const { siteId, role, name } = actor;
    return JSON.stringify(isUnnamed(actor) ? [req?.socket.remoteAddress ?? ''] : [siteId, role, name]);
  } catch {
    return null;
  }
}
