// Mercurius 16 on Fastify 5, compiling an operation when it comes for the second time.
import { makeExecutableSchema } from '@graphql-tools/schema';
import { fastify } from 'fastify';
import { mercurius } from 'mercurius';
import { openContext } from './context.ts';
import { resolvers, typeDefs } from './schema.ts';

const context = openContext();
const app = fastify();
await app.register(mercurius, { schema: makeExecutableSchema({ typeDefs, resolvers }), context: () => context(), jit: 1 });
await app.listen({ port: Number(process.argv[3]), host: '127.0.0.1' });
