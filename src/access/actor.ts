// Who is asking: what a verified token says, or the sandbox.

/** From the least to the most: own data; the orders of the site; also spend adjustments, members and the program. */
export const roles = ['member', 'service', 'admin'] as const;
export type Role = (typeof roles)[number];

export type Actor = {
  readonly siteId: string;
  readonly role: Role;
  /** The subject of the token: the user id of a member, else the name of a back end or administrator. */
  readonly name: string;
};

/** Whether a role includes what another one may do. */
export const includesRole = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);
