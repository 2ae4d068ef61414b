// What the hand-written endpoints share: POST /NAME with the variables as JSON, answered by the handler of that name.
import { createServer } from 'node:http';
import type { CreateOrderInput, UpdateOrderInput } from './writes.ts';

export type Handlers = {
  readonly Q1: (variables: { readonly orderId: string }) => string;
  readonly Q2: (variables: { readonly userId: string }) => string;
  readonly Q3: (variables: { readonly before: string }) => string;
  readonly W1: (variables: { readonly input: CreateOrderInput }) => string;
  readonly W2: (variables: { readonly input: UpdateOrderInput }) => string;
  readonly B1: (variables: { readonly input: { readonly orders: readonly CreateOrderInput[] } }) => string;
};

/** Listens on the port that the process is given as its second argument. */
export function serveHandlers(handlers: Handlers): void {
  // Each handler trusts the variables to be its own: checking them is among what a hand-written endpoint does without here.
  const byPath = new Map(Object.entries(handlers).map(([name, handle]) => [`/${name}`, handle as (variables: never) => string]));
  createServer((request, response) => {
    const handle = byPath.get(request.url ?? '');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      try {
        if (!handle) throw new Error('There is no such endpoint.');
        const text = handle(JSON.parse((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? '') as never);
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    });
  }).listen(Number(process.argv[3]), '127.0.0.1');
}
