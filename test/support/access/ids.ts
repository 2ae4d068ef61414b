// Global ids and cursors, taken apart here once more, so that the product's way with them is judged by another.

export const encodeId = (typename: string, identity: string): string => Buffer.from(`${typename}:${identity}`).toString('base64url');

/** The type and identity of a global id; null for any other text. */
export function decodeId(text: string): { readonly typename: string; readonly identity: string } | null {
  const match = /^([A-Z]\w+):(.+)$/.exec(Buffer.from(text, 'base64url').toString());
  return match?.[1] !== undefined && match[2] !== undefined && encodeId(match[1], match[2]) === text
    ? { typename: match[1], identity: match[2] }
    : null;
}

/** The row that an identity hangs under, or is: "order:3" is a line of "order". */
export const parentOf = (identity: string): string => identity.split(':')[0] ?? '';
