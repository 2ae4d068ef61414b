// Opaque global ids: the name of the type and the identity of the object within its site.

const nodeTypes = ['Order', 'LineItem', 'OrderEvent', 'Member', 'PointsBalance', 'PointsLot', 'PointsEntry', 'SpendAdjustment'];

const isNodeType = (typename: string): boolean => nodeTypes.includes(typename);

export const encodeGlobalId = (typename: string, id: string): string => Buffer.from(`${typename}:${id}`).toString('base64url');

/** The type and identity in a global id. What is none names no type, so that it finds nothing. */
function decodeGlobalId(globalId: string): { typename: string; id: string } {
  const decoded = Buffer.from(globalId, 'base64url').toString();
  const colon = decoded.indexOf(':');
  return colon < 0 ? { typename: '', id: '' } : { typename: decoded.slice(0, colon), id: decoded.slice(colon + 1) };
}

/** The type and identity to load. What is no id of ours is read as an order that no site has, so that it finds nothing. */
export function decodeNodeId(globalId: string): { typename: string; id: string } {
  const decoded = decodeGlobalId(globalId);
  return isNodeType(decoded.typename) ? decoded : { typename: 'Order', id: '' };
}

/** The identity in a global id of one type; null when it is of another. */
export function idOfType(typename: string, globalId: string): string | null {
  const decoded = decodeGlobalId(globalId);
  return decoded.typename === typename ? decoded.id : null;
}

/** Identities of rows that are numbered within another row: "order:3". */
export const numberedId = (parentId: string, number: number): string => `${parentId}:${number}`;

/** The parts of a numbered identity; null when it is none. */
export function parseNumberedId(id: string): { readonly parentId: string; readonly number: number } | null {
  const match = /^(.+):(\d{1,15})$/.exec(id);
  return match?.[1] === undefined ? null : { parentId: match[1], number: Number(match[2]) };
}
