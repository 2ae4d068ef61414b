// Marks: words that say whose text they stand in, so that an answer that holds one shows what it gave away.

/** The kinds of what a mark stands in: names of a member, their e-mail address, anything of an order. */
type MarkKind = 'name' | 'email' | 'order';
export type Mark = { readonly siteId: string; readonly kind: MarkKind; readonly subject: string };

/** A word of a member's or an order's own: the subject is a user id or an order id. */
export const markOf = ({ siteId, kind, subject }: Mark, what: string): string => `mark~${siteId}~${kind}~${subject}~${what}~`;

/** Every mark in a text. */
export function marksIn(text: string): readonly Mark[] {
  return [...text.matchAll(/mark~([^~]*)~(name|email|order)~([^~]*)~/g)].map(([, siteId = '', kind, subject = '']) => ({
    siteId,
    kind: kind as MarkKind, // The expression matches no others.
    subject,
  }));
}
