// Reads the body of a request from node:http, and what is asked for in it.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { isShallow } from '../limits/use-json-depth.ts';

/** Calls back with the whole body; with null when it does not come to its end. */
export function readBody(request: IncomingMessage, read: (body: Buffer | null) => void): void {
  const chunks: Buffer[] = [];
  let isOver = false;
  const end = (body: Buffer | null): void => {
    if (isOver) return;
    isOver = true;
    read(body);
  };
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => end(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
  request.on('error', () => end(null));
  request.on('close', () => end(null));
}

/** What a request asks for, as it was sent. */
export type Asked = {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
};

const asked = ['query', 'variables', 'operationName', 'extensions'];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a body; null when it is not exactly a document with variables and the name of an operation, as it is in the specification. */
export function readAsked(body: Buffer): Asked | null {
  if (!isUtf8(body)) return null;
  const text = body.toString('utf8');
  if (!isShallow(text, body.length)) return null;
  const sent = parseJson(text);
  if (!isObject(sent) || !Object.keys(sent).every((key) => asked.includes(key))) return null;
  const { query, variables, operationName, extensions } = sent;
  if (typeof query !== 'string' || (extensions !== undefined && extensions !== null)) return null;
  if (variables !== undefined && variables !== null && !isObject(variables)) return null;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') return null;
  return { query, variables: variables ?? {}, operationName: operationName ?? null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
