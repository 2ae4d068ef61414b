// Who looks: members of both sites in every relation, somebody whom the site does not know, back ends and administrators.
import type { Role } from '../../../src/access/actor.ts';
import { bearer } from '../tokens.ts';
import type { Cast } from './story.ts';

export type Viewer = {
  readonly name: string;
  readonly role: Role;
  readonly siteId: string;
  /** A member's user id; the name of a back end or administrator. */
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** The same people on both sites, in other parts: who is a stranger here is the primary there. */
export const casts: Readonly<Record<string, Cast>> = {
  demo: { primary: 'pat', secondary: 'sam', former: 'finn', next: 'eve', stranger: 'ann' },
  other: { primary: 'ann', secondary: 'finn', former: 'sam', next: 'eve', stranger: 'pat' },
};

/** Whom no site knows. */
const unknownUser = 'nobody';

const viewer = (siteId: string, role: Role, subject: string): Viewer => ({
  name: `${role} ${subject} of ${siteId}`,
  role,
  siteId,
  subject,
  headers: bearer(role, subject, siteId),
});

export const administratorOf = (siteId: string): Viewer => viewer(siteId, 'admin', 'office');
export const memberOf = (siteId: string, userId: string): Viewer => viewer(siteId, 'member', userId);

const userIds = [...new Set(Object.values(casts).flatMap((cast) => Object.values(cast))), unknownUser];

/** Everybody who looks: all on one site, and on the other whose user ids mean somebody else there. */
export const viewers: readonly Viewer[] = [
  ...userIds.map((userId) => memberOf('demo', userId)),
  viewer('demo', 'service', 'till'),
  administratorOf('demo'),
  ...['pat', 'ann'].map((userId) => memberOf('other', userId)),
  administratorOf('other'),
];
