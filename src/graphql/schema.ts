// The schema: every noun, built.
import './scalars.ts';
import './program.ts';
import './program-version.ts';
import './order/queries.ts';
import './order/mutations.ts';
import './member/queries.ts';
import './member/mutations.ts';
import './points-lot.ts';
import './bulk.ts';
import './cart.ts';
import './spend-adjustment.ts';
import type { GraphQLSchema } from 'graphql';
import { guardSchema } from './access-rules.ts';
import { builder } from './builder.ts';

export const schema: GraphQLSchema = guardSchema(builder.toSchema());
