// Whose budget a request draws from.
import type { IncomingMessage } from 'node:http';
import { type Actor, includesRole } from '../access/actor.ts';
import { isUnnamed } from '../access/use-authentication.ts';

/** What the listener of node:http hands over with a request; nothing when the request came without one. */
export type ServerContext = { readonly req?: IncomingMessage };

/** Who draws from a budget, and how many times the ordinary one it is. */
export type Client = { readonly name: string; readonly share: number };

/** A back end asks for all of a shop's visitors. */
const staffShare = 10;

/**
 * The site, role and subject of an actor. In a sandbox everybody is the same one and names the site as they like, so there it is the
 * address.
 */
export function clientOf(actor: Actor, { req }: ServerContext): Client {
  const { siteId, role, name } = actor;
  if (isUnnamed(actor)) return { name: JSON.stringify([req?.socket.remoteAddress ?? '']), share: 1 };
  return { name: JSON.stringify([siteId, role, name]), share: includesRole(role, 'service') ? staffShare : 1 };
}
