// Apollo Server 5, started as its documentation starts it.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { type Context, openContext } from './context.ts';
import { resolvers, typeDefs } from './schema.ts';

const context = openContext();
const server = new ApolloServer<Context>({ typeDefs, resolvers });
await startStandaloneServer(server, {
  context: async () => context(),
  listen: { port: Number(process.argv[3]), host: '127.0.0.1' },
});
