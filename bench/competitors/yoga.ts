// GraphQL Yoga with its default settings on node:http.
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { type Context, openContext } from './context.ts';
import { resolvers, typeDefs } from './schema.ts';

const context = openContext();
const yoga = createYoga({ schema: createSchema<Context>({ typeDefs, resolvers }), context });
createServer(yoga).listen(Number(process.argv[3]), '127.0.0.1');
