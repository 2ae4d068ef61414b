// The results as a page of Markdown: a table for each operation, what each competitor does without, and how to run it.
import { cpus, totalmem } from 'node:os';
import type { Comparison } from './growth.ts';
import { connectionCounts, median, type Sample } from './measure.ts';
import { type OperationName, operations } from './operations.ts';
import { type CompetitorName, competitors } from './servers.ts';

/** What is told of a server as a whole. */
export type Footprint = {
  readonly competitor: CompetitorName;
  readonly startMs: number;
  readonly idleMegabytes: number;
  readonly loadedMegabytes: number;
};

export type Results = {
  readonly date: Date;
  readonly command: string;
  readonly orders: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly samples: readonly Sample[];
  readonly footprints: readonly Footprint[];
  readonly comparisons: readonly Comparison[];
  /** Requests a second that the generator comes to with a server that answers always the same. */
  readonly ceiling: number;
};

/** The least ratios to `bare` that the gateway is to have, with every connection busy. */
const targets: Readonly<Partial<Record<OperationName, number>>> = { Q1: 0.9, Q2: 1.2, Q3: 2, W1: 2, W2: 2, B1: 0.6 };

const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map((_, column) => (column === 0 ? '---' : '--:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The ratios of throughput to that of `bare` in the same round. */
export function ratiosToBare(samples: readonly Sample[], competitor: CompetitorName, connections: number): readonly number[] {
  const at = samples.filter((sample) => sample.connections === connections);
  return at
    .filter((sample) => sample.competitor === competitor)
    .map(({ round, perSecond }) => {
      const bare = at.find((sample) => sample.competitor === 'bare' && sample.round === round);
      return perSecond / (bare?.perSecond ?? Number.NaN);
    });
}

const ratioText = (ratios: readonly number[]): string =>
  `**${number(median(ratios), 2)}** (${number(Math.min(...ratios), 2)}–${number(Math.max(...ratios), 2)})`;

function operationTable(all: readonly Sample[], name: OperationName): string {
  const samples = all.filter(({ operation }) => operation === name);
  const counts = connectionCounts.filter((count) => samples.some(({ connections }) => connections === count));
  const most = counts.at(-1) ?? 1;
  const { title, rows } = operations[name];
  const unit = rows === undefined ? 'Requests/s' : 'Rows/s';
  const lines = [...new Set(samples.map(({ competitor }) => competitor))].map((competitor) => {
    const own = samples.filter((sample) => sample.competitor === competitor);
    const of = (count: number, figure: (sample: Sample) => number): number =>
      median(own.filter(({ connections }) => connections === count).map(figure));
    return [
      `\`${competitor}\``,
      ...counts.map((count) => ratioText(ratiosToBare(samples, competitor, count))),
      number(of(most, ({ perSecond }) => perSecond * (rows ?? 1))),
      number(of(most, ({ cpuMicroseconds }) => cpuMicroseconds)),
      ...counts.map((count) => [({ p50 }: Sample) => p50, ({ p99 }: Sample) => p99].map((time) => number(of(count, time), 2)).join(' / ')),
    ];
  });
  const heads = [
    'Server',
    ...counts.map((count) => `Ratio at ${count}`),
    `${unit} at ${most}`,
    `CPU µs at ${most}`,
    ...counts.map((count) => `p50 / p99 ms at ${count}`),
  ];
  const target = targets[name];
  const goal = target === undefined ? '' : `The gateway is to reach ${number(target, 1)} times \`bare\`.`;
  return `### ${name}: ${title}\n\n${goal}\n\n${table(heads, lines)}`;
}

const without = `Tables, indexes, \`synchronous = FULL\`, WAL and SQLite itself are the same for all, and so are the rows that a write leaves behind.
Every GraphQL server is sent the same documents and variables; the hand-written ones are sent the variables alone, to an address for each operation.

| Server | Is | Does without |
| --- | --- | --- |
| \`bare\` | ${competitors.bare} | GraphQL, authentication, sites, limits, checks of what is sent, recognition of repeats, refusals, rules of points (it counts a point a dollar), logs, request ids; its bulk call is one transaction for all rows |
| \`bare-json\` | ${competitors['bare-json']}; writes as \`bare\` | as \`bare\` |
| \`gateway\` | ${competitors.gateway}; an HS256 token is checked with each request, limits and costs are counted (the budget of a minute is set so high that it is never used up), and a line a request is logged to a file at level \`info\`. It sets more of SQLite than the others: the file is mapped (\`mmap_size\`; what is mapped counts as memory here, and is the system's to take back), the connection that writes has a cache of 16 MB and its log is copied into the file at 4,000 pages, temporary data is kept in memory | nothing of its own; a bulk call is committed in slices, so that others get their turn |
| \`apollo\` | ${competitors.apollo}; DataLoader, and the statements and writes of \`bare\` | authentication, sites, limits of cost and depth, checks of what is sent beside its types, recognition of repeats, refusals, rules, logs |
| \`mercurius\` | ${competitors.mercurius}; otherwise as \`apollo\` | as \`apollo\`, and protection from cross-site requests |
| \`yoga\` | ${competitors.yoga}; otherwise as \`apollo\` | as \`apollo\`, and protection from cross-site requests |`;

const footprintTable = (footprints: readonly Footprint[]): string =>
  table(
    ['Server', 'First answer after ms', 'Memory idle, MB', 'Memory after the load, MB'],
    footprints.map(({ competitor, startMs, idleMegabytes, loadedMegabytes }) => [
      `\`${competitor}\``,
      number(startMs),
      number(idleMegabytes),
      number(loadedMegabytes),
    ]),
  );

const growthTable = (comparisons: readonly Comparison[]): string =>
  table(
    ['Of the gateway', 'CPU µs of the one', 'of the other', 'Ratio'],
    comparisons.map(({ title, microseconds: [base, other], ratio }) => [title, number(base), number(other), number(ratio, 2)]),
  );

/** The whole page. */
export function resultsPage({ date, command, orders, rounds, seconds, samples, footprints, comparisons, ceiling }: Results): string {
  const names = [...new Set(samples.map(({ operation }) => operation))];
  const busiest = Math.max(...samples.map(({ generatorBusy }) => generatorBusy));
  return `# Results of the bench

Written by \`${command}\` on ${date.toISOString().slice(0, 10)}. Every figure is of this one run.

- Machine: ${cpus().length} processors (${cpus()[0]?.model ?? 'unknown'}), ${number(totalmem() / 2 ** 30)} GB, Node ${process.version}. Servers run on one processor, the generator of load on the other.
- Database: ${number(orders)} orders of ${number(orders / 10)} members, with ${number(orders * 3)} lines; a copy for each server.
- ${rounds} rounds of ${seconds} seconds for each server, operation and number of connections (1, 10 and 50), one server after the other within each round. A ratio is that of the requests a second to those of \`bare\` in the same round: the median, with the least and the most.
- CPU is that of the server's process with all its threads, for each request. Before anything is measured, all servers are seen to answer the same.
- The generator comes to ${number(ceiling)} requests a second with a server that answers always the same; in the busiest round its own thread was busy ${number(busiest * 100)} % of the time.

## Throughput and latency

${names.map((name) => operationTable(samples, name)).join('\n\n')}

## Start and memory

${footprintTable(footprints)}

${comparisons.length > 0 ? `## Growth\n\n${growthTable(comparisons)}\n\n` : ''}## What each is, and does without

${without}

## How to run it

\`\`\`sh
npm run bench
npm run bench -- --rounds 3 --seconds 1 --only Q1,W1 --competitors bare,gateway
npm run bench -- --orders 2000000
\`\`\`

It needs Linux with \`taskset\` and two processors. The first run installs the other servers into \`bench/node_modules\`, and builds the database into
\`bench/data\`, where it stays for the next. A run of everything writes this page; a part of it is only printed. With \`--orders 2000000\` the gateway is also
measured on a database of so many, which takes 8 GB of disk and some minutes to build.
`;
}
