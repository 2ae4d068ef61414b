// The generator of load, in a process of its own: sends numbered requests over kept connections for a time, and tells how long each took.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { type OperationName, operations } from './operations.ts';

export type Load = {
  readonly port: number;
  /** Whether requests are GraphQL, or the variables alone for a hand-written endpoint. */
  readonly graphql: boolean;
  readonly operation: OperationName;
  /** In place of the operation's own variables, the same for every request. */
  readonly variables?: object;
  readonly copies: number;
  /** The number of the first request. */
  readonly from: number;
  readonly connections: number;
  /** For how long requests are begun. */
  readonly milliseconds: number;
  readonly token: string;
};

export type LoadResult = {
  readonly requests: number;
  readonly failures: number;
  readonly failure: string | null;
  /** From the first request to the last answer. */
  readonly milliseconds: number;
  /** Part of that time in which the generator's own thread was busy: near 1, it is the generator that was measured. */
  readonly busy: number;
  readonly p50: number;
  readonly p99: number;
};

/** A request, whole, as it goes over the wire. */
function requestText({ graphql, operation, variables, copies, port, token }: Load, index: number): string {
  const { document, variables: numbered } = operations[operation];
  const given = variables ?? numbered(index, copies);
  const body = JSON.stringify(graphql ? { query: document, variables: given } : given);
  const path = graphql ? '/graphql' : `/${operation}`;
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\naccept: application/json\r\nauthorization: Bearer ${token}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Reads are asked again from the start of so many; what writes is new each time. */
const distinctReads = 1_000;

function requestsOf(load: Load): (index: number) => Buffer {
  if (operations[load.operation].writes) return (index) => Buffer.from(requestText(load, index));
  const made = new Map<number, Buffer>();
  return (index) => {
    const number = index % distinctReads;
    const known = made.get(number) ?? Buffer.from(requestText(load, number));
    made.set(number, known);
    return known;
  };
}

/** Whether what has come is a whole answer, by its length or as chunks that have ended. */
function isWhole(received: Buffer): boolean {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const head = received.toString('latin1', 0, end).toLowerCase();
  const [, length] = /content-length: (\d+)/.exec(head) ?? [];
  return length === undefined ? received.subarray(-5).equals(lastChunk) : received.length >= end + 4 + Number(length);
}
const lastChunk = Buffer.from('0\r\n\r\n');

/** What is wrong with an answer; null when nothing is. */
function faultOf(received: Buffer): string | null {
  const isGood = received.toString('latin1', 9, 12) === '200' && !received.includes('"errors"') && !received.includes('"userErrors":[{');
  return isGood ? null : received.toString('utf8', 0, 800);
}

/**
 * A connection that has been answered, whatever to. One that was only opened may wait long until the server takes it up, if
 * others keep the server busy.
 */
async function openConnection(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.write(`GET /nothing HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
  let received = Buffer.alloc(0);
  while (!isWhole(received)) received = Buffer.concat([received, (await once(socket, 'data'))[0]]);
  return socket;
}

/** Sends load and waits for every answer. */
export async function sendLoad(load: Load): Promise<LoadResult> {
  const requestOf = requestsOf(load);
  const latencies: number[] = [];
  let [next, failures] = [load.from, 0];
  let failure: string | null = null;
  let end = 0;

  /** One connection after the other asks, and asks again when it is answered. */
  const keepAsking = (socket: Socket): Promise<void> =>
    new Promise((resolve, reject) => {
      let received: Buffer | null = null;
      let begun = 0;
      const ask = (): void => {
        if (performance.now() >= end) {
          socket.destroy();
          resolve();
          return;
        }
        const request = requestOf(next++);
        begun = performance.now();
        socket.write(request);
      };
      socket.on('data', (chunk) => {
        received = received ? Buffer.concat([received, chunk]) : chunk;
        if (!isWhole(received)) return;
        latencies.push(performance.now() - begun);
        const fault = faultOf(received);
        if (fault !== null) failures += 1;
        failure ??= fault;
        received = null;
        ask();
      });
      socket.once('error', reject);
      socket.once('end', () => reject(new Error('The server closed a connection.')));
      ask();
    });

  const sockets = await Promise.all(Array.from({ length: load.connections }, () => openConnection(load.port)));
  const [start, loop] = [performance.now(), performance.eventLoopUtilization()];
  end = start + load.milliseconds;
  await Promise.all(sockets.map(keepAsking));
  const milliseconds = performance.now() - start;
  const { utilization: busy } = performance.eventLoopUtilization(loop);
  latencies.sort((one, other) => one - other);
  const quantile = (part: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? 0;
  return { requests: latencies.length, failures, failure, milliseconds, busy, p50: quantile(0.5), p99: quantile(0.99) };
}

// Started with a channel, it is the process that sends; otherwise it was only imported.
if (process.send && process.argv[1] === import.meta.filename)
  process.on('message', (load: Load) => {
    sendLoad(load).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
