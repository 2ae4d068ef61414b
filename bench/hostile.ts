// Sends hostile requests beside an honest client, and prints what became of both: `npm run bench:hostile [COUNT] [SEED]`.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type HostileRequest, hostileRequests } from '../test/support/hostile.ts';

const count = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const hostileAgent = new Agent({ keepAlive: true, maxSockets: 4 });
// A connection of its own, so that the honest client waits for the server and not for those who send beside it.
const honestAgent = new Agent({ keepAlive: true, maxSockets: 1 });

/** The status of an answer; 0 when the connection broke. */
function ask(port: number, { kind, method, search, headers, body }: HostileRequest): Promise<number> {
  return new Promise((resolve) => {
    const sent = send(
      {
        agent: kind ? hostileAgent : honestAgent,
        port,
        host: '127.0.0.1',
        path: `/graphql${search}`,
        method,
        headers: { ...headers, ...(kind && { 'x-kind': kind }) },
      },
      (response) => {
        response.resume();
        response.once('close', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once('error', () => resolve(0));
    sent.end(body ?? undefined);
  });
}

const honest: HostileRequest = {
  kind: '',
  method: 'POST',
  search: '',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    query:
      '{ orders(first: 10) { nodes { orderId status total { amount } member { userId } lineItems(first: 5) { nodes { productId quantity } } } } }',
  }),
};

/** Asks every 20 ms until it is told to end, and answers how long each answer took. */
async function beHonest(port: number, isOver: () => boolean): Promise<readonly number[]> {
  const times: number[] = [];
  while (!isOver()) {
    const begun = performance.now();
    const status = await ask(port, honest);
    if (status !== 200) throw new Error(`The honest client was answered ${status}.`);
    times.push(performance.now() - begun);
    await wait(20);
  }
  return times.toSorted((one, other) => one - other);
}

const folder = mkdtempSync(join(tmpdir(), 'orders-hostile-'));
const server = fork(join(import.meta.dirname, 'hostile-server.ts'), [folder], { execArgv: ['--import', 'tsx'] });
const crashed = once(server, 'exit').then(([code]) => code);
try {
  const [{ port }] = await Promise.race([
    once(server, 'message'),
    crashed.then((code) => Promise.reject(new Error(`The server ended: ${code}.`))),
  ]);
  console.log(`${count} hostile requests, seed ${seed}`);
  let isOver = false;
  const honestTimes = beHonest(port, () => isOver);
  const statuses = new Map<number, number>();
  const faults: string[] = [];
  for (const request of hostileRequests(seed, count)) {
    const status = await ask(port, request);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 0 || status >= 500) faults.push(`${status} ${request.kind}: ${(request.search || request.body || '').slice(0, 300)}`);
  }
  isOver = true;
  const times = await honestTimes;
  server.send('report');
  const [report] = await once(server, 'message');
  const quantile = (part: number): string => `${(times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0).toFixed(1)} ms`;
  console.log('Statuses          ', Object.fromEntries([...statuses].sort(([one], [other]) => one - other)));
  console.log('Faults            ', faults.length, faults.slice(0, 5));
  console.log('Logged failures   ', report.failures);
  console.log('Rows written      ', report.written);
  console.log(
    'Most server time  ',
    report.longest
      .map(
        ({ kind, busy, processors }: { kind: string; busy: number; processors: number }) =>
          `${busy.toFixed(0)} ms (${kind}; ${processors.toFixed(0)} ms of all processors)`,
      )
      .join(', '),
  );
  console.log('Honest client     ', `${times.length} requests, p50 ${quantile(0.5)}, p99 ${quantile(0.99)}, longest ${quantile(1)}`);
  if (faults.length > 0 || report.failures > 0 || report.written > 0) process.exitCode = 1;
  await crashed;
} finally {
  if (server.connected) server.kill();
  hostileAgent.destroy();
  honestAgent.destroy();
  rmSync(folder, { recursive: true, force: true });
}
