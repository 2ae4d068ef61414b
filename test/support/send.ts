// Sends a command as a client does, and answers its payload.
import { requestOf } from './histories/documents.ts';
import type { Command } from './oracle/command.ts';

/** The part of a payload that is asked for by every command on an order; other commands leave some of it out. */
export type Payload = {
  readonly order: {
    readonly orderId: string;
    readonly version: number;
    readonly pointsAwarded: number;
    readonly pointsRemoved: number;
  } | null;
  readonly replayed: boolean;
  readonly userErrors: readonly { readonly code: string; readonly maximum?: number }[];
};

type Execute = (
  query: string,
  variables: Record<string, unknown>,
) => Promise<{ readonly data?: unknown; readonly errors?: readonly unknown[] }>;

/** The payload of a command; an answer with errors is thrown. */
export async function send(execute: Execute, command: Command): Promise<Payload> {
  const { document, variables } = requestOf(command);
  const { data, errors } = await execute(document, { ...variables });
  if (errors) throw new Error(JSON.stringify(errors));
  return (data as { payload: Payload }).payload; // Every document of requestOf names its field so.
}
