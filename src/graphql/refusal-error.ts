// A refusal outside the payloads: a GraphQL error that carries the code and the path of the argument.
import { GraphQLError } from 'graphql';
import type { InputPath, RefusalCode } from '../domain/refusal.ts';

export const refusalError = (code: RefusalCode, path: InputPath, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, path } });
