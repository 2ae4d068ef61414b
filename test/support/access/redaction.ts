// What a viewer should get, made from what the administrator of the site gets: the rule of each field, applied by the model.
import { decodeId } from './ids.ts';
import type { Model } from './model.ts';
import { ruleOf } from './selections.ts';
import type { Viewer } from './viewers.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (value: JsonObject): string => String(value['__typename']);

/** The name of an object that has an id, as it is selected at the end of an edge. */
const isReference = (value: Json): value is JsonObject =>
  isObject(value) && typeof value['id'] === 'string' && Object.keys(value).length === 2;

/** `narrower`: of a list that asks for what only the owner of an account may see. */
export function createRedaction(model: Model, viewer: Viewer, narrower: 'OWN' | null = null) {
  const sees = (id: string): boolean => {
    const decoded = decodeId(id);
    const judge = narrower === 'OWN' ? model.owns : model.sees;
    return decoded !== null && judge(viewer, decoded.typename, decoded.identity);
  };
  const seesEdge = (edge: Json): boolean => isObject(edge) && isObject(edge['node'] ?? null) && isSeen(edge['node'] ?? null);
  const isSeen = (value: Json): boolean => !isReference(value) || sees(String(value['id']));

  /** An object that the viewer sees. `isOwn`: the account that it is about is theirs; of parts of an object, that of the whole. */
  function object(value: JsonObject, isOwn: boolean): JsonObject {
    const type = typeOf(value);
    if (type.endsWith('Connection')) return connection(value, isOwn);
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, name === '__typename' ? part : field(type, name, part, isOwn)]),
    );
  }

  function field(type: string, name: string, value: Json, isOwn: boolean): Json {
    switch (ruleOf(type, name)) {
      case 'ACCOUNT':
        return isOwn ? any(value, isOwn) : null;
      case 'ACCOUNT_LIST':
        return isOwn ? any(value, isOwn) : emptied(value, isOwn);
      case 'EDGE':
        return isSeen(value) ? value : null;
      case 'SEEN':
        return any(value, isOwn);
      default:
        throw new Error(`There is no rule by which to judge ${type}.${name}.`);
    }
  }

  const emptied = (value: Json, isOwn: boolean): Json =>
    isObject(value) ? connection({ ...value, edges: [], nodes: [], totalCount: 0 }, isOwn) : [];

  function any(value: Json, isOwn: boolean): Json {
    if (Array.isArray(value)) return value.filter(isSeen).map((item) => any(item, isOwn));
    // An object without a type is a value of the scalar JSON.
    if (!isObject(value) || value['__typename'] === undefined) return value;
    if (!isReference(value)) return object(value, isOwn);
    // The schema says that there is one, so whoever sees the object must see this.
    if (!isSeen(value)) throw new Error(`${viewer.name} sees what leads to ${JSON.stringify(value)}, which they may not see.`);
    return value;
  }

  /** The part of a list that is seen, as a list of its own. The list must be whole, since what follows it would move up. */
  function connection(value: JsonObject, isOwn: boolean): JsonObject {
    const { edges, nodes, pageInfo, totalCount, ...rest } = value;
    if (!Array.isArray(edges) || !Array.isArray(nodes) || !isObject(pageInfo)) throw new Error('Expected all of a connection.');
    if (pageInfo['hasNextPage'] !== false) throw new Error('The list is too long to be judged.');
    const seen: readonly Json[] = edges.filter(seesEdge);
    const [start, end] = [seen[0], seen.at(-1)].map((edge) => (isObject(edge) ? (edge['cursor'] ?? null) : null));
    const shown = seen.map((edge) => any(edge, isOwn));
    const all = nodes.length === Number(totalCount) || totalCount === 0;
    if (!all) throw new Error('The total of a list is not the number of what is in it.');
    return {
      ...rest,
      edges: shown,
      nodes: nodes.filter(isSeen),
      pageInfo: { ...pageInfo, startCursor: start ?? null, endCursor: end ?? null },
      totalCount: seen.length,
    };
  }

  return {
    sees,
    /** An object by its id, whole as the administrator gets it. */
    node(id: string, value: Json): Json {
      const decoded = decodeId(id);
      if (!decoded || !sees(id) || !isObject(value)) return null;
      return object(value, model.owns(viewer, decoded.typename, decoded.identity));
    },
    /** The answer to a root field, of which `isOwn` says whether it is about the viewer's own account. */
    value: (value: Json, isOwn: boolean): Json => (isSeen(value) ? any(value, isOwn) : null),
  };
}
