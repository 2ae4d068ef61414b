// Measures: checks that all answer the same, warms up, and sends load to one competitor after the other, round by round.
import type { Load } from './generator.ts';
import { type OperationName, operations } from './operations.ts';
import { ask, type CompetitorName, type Generator, type Server } from './servers.ts';

export const connectionCounts = [1, 10, 50] as const;

/** What one round of load came to. */
export type Figures = {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly generatorBusy: number;
};

/** What one round of load on one competitor came to. */
export type Sample = Figures & {
  readonly competitor: CompetitorName;
  readonly operation: OperationName;
  readonly connections: number;
  readonly round: number;
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
};

export type Course = {
  readonly servers: readonly Server[];
  readonly generator: Generator;
  readonly token: string;
  readonly copies: number;
  readonly rounds: number;
  readonly milliseconds: number;
};

/** Ids and times are each database's own in what is written. */
const withoutOwn = (text: string): string => text.replace(/"id":"[^"]*"/g, '"id":""');

/** How many requests of each operation are compared. */
const compared = 20;

/** Asks every competitor the same, and fails unless all answer alike: byte by byte, but for `extensions` and ids of what was written. */
export async function compareAnswers({ servers, token, copies }: Course, name: OperationName): Promise<number> {
  const { variables, writes } = operations[name];
  const count = name === 'B1' ? 1 : compared;
  for (let index = 0; index < count; index += 1) {
    let expected: string | null = null;
    for (const server of servers) {
      const text = await ask(server, name, variables(index, copies), token);
      if (!text.includes('"data":{') || text.includes('"errors"'))
        throw new Error(`${server.name} answers ${name} with ${text.slice(0, 500)}`);
      const data = JSON.stringify(JSON.parse(text).data);
      const seen = writes ? withoutOwn(data) : data;
      if (seen !== (expected ?? seen))
        throw new Error(
          `${server.name} answers ${name} otherwise than ${servers[0]?.name}:\n${seen.slice(0, 2_000)}\n${expected?.slice(0, 2_000)}`,
        );
      expected = seen;
    }
  }
  return count;
}

type Loading = Pick<Load, 'operation' | 'connections' | 'from' | 'milliseconds'> & { readonly variables?: object };

/** Sends load to one server, and measures what it took of both. */
export async function loadOnce(
  { copies, token, generator }: Pick<Course, 'copies' | 'token' | 'generator'>,
  server: Server,
  loading: Loading,
): Promise<Figures & { readonly requests: number }> {
  const { name, port, graphql } = server;
  const before = server.cpuMs();
  const { requests, failures, failure, milliseconds, busy, p50, p99 } = await generator.send({ port, graphql, copies, token, ...loading });
  const cpuMs = server.cpuMs() - before;
  if (failures > 0) throw new Error(`${name} failed ${failures} of ${requests} ${loading.operation}: ${failure}`);
  return {
    requests,
    perSecond: (requests / milliseconds) * 1_000,
    cpuMicroseconds: (cpuMs * 1_000) / requests,
    p50,
    p99,
    generatorBusy: busy,
  };
}

/** Compiled code is what is measured, and the more code there is, the longer that takes. */
const warmUpMs = 5_000;

/** Measures one operation of all competitors, and tells of each round by `onSample`. The numbers before `used` are used up already. */
export async function measure(
  course: Course,
  operation: OperationName,
  used: number,
  onSample: (sample: Sample) => void,
): Promise<readonly Sample[]> {
  const { servers, rounds, milliseconds } = course;
  const samples: Sample[] = [];
  const next = new Map(servers.map(({ name }) => [name, used]));
  const run = async (server: Server, connections: number, forMs: number): Promise<Figures> => {
    const from = next.get(server.name) ?? used;
    const { requests, ...figures } = await loadOnce(course, server, { operation, connections, from, milliseconds: forMs });
    next.set(server.name, from + requests);
    return figures;
  };
  // A bulk call fills a server by itself, and ten of them wait for each other longer than a server lets them.
  const counts = operation === 'B1' ? [1] : connectionCounts;
  for (const server of servers) await run(server, Math.min(10, ...counts.slice(-1)), warmUpMs);
  for (const connections of counts)
    for (let round = 0; round < rounds; round += 1)
      // Each round begins with another one.
      for (const server of [...servers.slice(round % servers.length), ...servers.slice(0, round % servers.length)]) {
        const figures = await run(server, connections, milliseconds);
        const sample = { competitor: server.name, operation, connections, round, ...figures };
        samples.push(sample);
        onSample(sample);
      }
  return samples;
}
