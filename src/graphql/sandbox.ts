// What only a sandbox has: a clock that can be moved ahead, so that holds end and points expire while one watches.
import { extendSchema, type GraphQLFieldResolver, type GraphQLSchema, parse } from 'graphql';
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts';
import { settleDue } from '../settlement.ts';
import { guardRootField } from './access-rules.ts';
import { type GatewayContext, moveOn } from './context.ts';
import { refusalError } from './refusal-error.ts';
import { schema } from './schema.ts';

/** Calendar questions about dates near this end must still have answers that can be printed. */
const latestTime = Date.parse('9000-12-31T23:59:59.999Z');

const additions = parse(`
  extend type Query {
    "The site's time. Only a sandbox tells it, and only there it can be moved: see the mutation advanceClock."
    now: DateTime!
  }
  extend type Mutation {
    """
    Moves the site's time ahead, to watch what time brings: what is due until then, releases of held points and expiries, is
    settled before it answers with the time then. Dates that are left out are this time from now on. It is kept with the data
    and never goes back: an instant before now is an error INVALID_INPUT. Only in a sandbox.
    """
    advanceClock(
      "The instant to move to: not before now, and no later than the year 9000."
      to: DateTime!
    ): DateTime!
  }
`);

type Resolve<Arguments = unknown> = GraphQLFieldResolver<unknown, GatewayContext, Arguments, Promise<Instant> | Instant>;

const tellTime: Resolve = (_, __, { now }) => now;

const advanceClock: Resolve<{ readonly to: string }> = async (_, { to: text }, context) => {
  const { siteId, store, time } = context;
  const to = parseInstant(text);
  if (to === null)
    throw refusalError('INVALID_INPUT', ['to'], 'Expected a date and time with an offset, such as "2026-11-24T09:30:00-08:00".');
  const now = await time.now(siteId);
  if (to < now || to > latestTime)
    throw refusalError('INVALID_INPUT', ['to'], `It is ${formatInstant(now)}: expected no earlier time, and none after the year 9000.`);
  moveOn(context, await time.moveTo(siteId, to));
  await settleDue(store, siteId, context.now);
  context.loaders.forget();
  return context.now;
};

/** The product's schema with the two fields of the sandbox. */
function withClock(product: GraphQLSchema): GraphQLSchema {
  const extended = extendSchema(product, additions);
  for (const [root, name, resolve] of [
    [extended.getQueryType(), 'now', tellTime],
    [extended.getMutationType(), 'advanceClock', advanceClock],
  ] as const) {
    const field = root?.getFields()[name];
    if (!root || !field) throw new Error(`The sandbox has no field ${name}.`);
    guardRootField(root.name, Object.assign(field, { resolve }));
  }
  return extended;
}

let built: GraphQLSchema | undefined;

/** The schema of a sandbox. It is built when it is first asked for, since most servers are none: that takes 20 milliseconds. */
export function sandboxSchema(): GraphQLSchema {
  built ??= withClock(schema);
  return built;
}
