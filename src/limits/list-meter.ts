// Charges for lists that hold more than was reckoned with, when they are there: their length is known by nobody before.
import { defaultFieldResolver, type FieldNode, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { weightOf } from './weights.ts';

/** What an operation costs while it runs. */
export type Meter = {
  /** Adds to the cost; throws when it is more than is allowed. */
  readonly add: (cost: number) => void;
  /** What one object more costs in a list of that field. */
  readonly itemCost: (node: FieldNode) => number;
};

type Context = { readonly request: Request };
type Resolver = GraphQLFieldResolver<unknown, Context>;

const meters = new WeakMap<Request, Meter>();
const metered = new WeakSet<GraphQLSchema>();

/** Has what a request asks for charged to a meter. */
export const setMeter = (request: Request, meter: Meter): void => {
  meters.set(request, meter);
};

/** Puts a meter on every list of a schema whose length is only reckoned. A schema that has them keeps them. */
export function meterLists(schema: GraphQLSchema): void {
  if (metered.has(schema)) return;
  metered.add(schema);
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type))
      for (const field of Object.values(type.getFields())) {
        const { list } = weightOf(type.name, field);
        if (list?.kind === 'about') field.resolve = charged(field.resolve ?? defaultFieldResolver, list.of);
      }
}

function charged(resolve: Resolver, about: number): Resolver {
  return (source, args, context, info) => {
    const charge = (list: unknown): unknown => {
      const more = Array.isArray(list) ? list.length - about : 0;
      const meter = meters.get(context.request);
      if (meter && more > 0) meter.add(more * info.fieldNodes.reduce((total, node) => total + meter.itemCost(node), 0));
      return list;
    };
    const result: unknown = resolve(source, args, context, info);
    return result instanceof Promise ? result.then(charge) : charge(result);
  };
}
