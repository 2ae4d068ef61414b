// The schema: every noun, built.
import './scalars.ts';
import './program.ts';
import './order/queries.ts';
import './order/mutations.ts';
import './member/queries.ts';
import './member/mutations.ts';
import './points-lot.ts';
import './bulk.ts';
import './cart.ts';
import './spend-adjustment.ts';
import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';

export const schema: GraphQLSchema = builder.toSchema();
