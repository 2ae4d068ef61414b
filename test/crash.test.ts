// Two real servers on one file are killed in the middle of writes: what was answered is kept, and nothing is there by half or twice.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { diagnose } from '../src/doctor.ts';
import type { Command } from './support/oracle/command.ts';
import { type ServerProcess, startServer } from './support/process.ts';

const rounds = 3;
const clients = 6;
const answersBeforeKill = 40;
const program = { siteId: 'demo', name: 'Plain points', currencyCode: 'USD', timeZone: 'America/New_York', purchase: { baseRatio: '1' } };

const folder = mkdtempSync(join(tmpdir(), 'crash-'));
const file = join(folder, 'orders.db');
const programFile = join(folder, 'program.json');
writeFileSync(programFile, JSON.stringify(program));

let running: readonly ServerProcess[] = [];
const killAll = async (): Promise<void> => {
  await Promise.all(running.map((server) => server.end('SIGKILL')));
  running = [];
};
afterEach(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

type Sent = { readonly command: Command; answered: boolean };

/** An order worth 100 points, and after it the return of half of it. */
const pairOf = (orderId: string): readonly Command[] => [
  {
    kind: 'createOrder',
    input: { orderId, userId: 'm-1', orderDate: '2026-10-01T12:00:00Z', lineItems: [{ productId: 'p1', quantity: 2, unitPrice: '50' }] },
  },
  {
    kind: 'updateOrder',
    input: { orderId, action: 'RETURN', lineItems: [{ lineItem: { productId: 'p1' }, quantity: 1 }], idempotencyKey: `return-${orderId}` },
  },
];

/** Sends pairs one after the other until the server is gone; notes each command before it is sent and after it was answered. */
async function write(server: ServerProcess, name: string, sent: Sent[]): Promise<void> {
  for (let index = 0; ; index += 1)
    for (const command of pairOf(`${name}-${index}`)) {
      const note: Sent = { command, answered: false };
      sent.push(note);
      const payload = await server.send(command).catch(() => null);
      if (!payload) return;
      expect(payload).toMatchObject({ replayed: false, userErrors: [] });
      note.answered = true;
    }
}

const answered = (sent: readonly Sent[]): number => sent.filter((note) => note.answered).length;

/** Lets clients write to both servers and kills both while answers are outstanding. */
async function writeUntilKilled(servers: readonly ServerProcess[], round: number): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const writing = Array.from({ length: clients }, (_, client) => {
    const server = servers[client % servers.length];
    return server ? write(server, `r${round}-c${client}`, sent) : Promise.reject(new Error('No server was started.'));
  });
  const ended = Promise.all(writing);
  while (answered(sent) < answersBeforeKill) await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5))]);
  await killAll();
  await ended;
  return sent;
}

/** Sends everything again: what was answered is there already, what was not is there now, once. */
async function repeatAll(server: ServerProcess, all: readonly Sent[]): Promise<void> {
  for (const { command, answered } of all) {
    const { replayed, userErrors } = await server.send(command);
    expect(userErrors).toEqual([]);
    if (answered) expect(replayed).toBe(true);
  }
  const orders = all.filter(({ command }) => command.kind === 'createOrder').length;
  const { data } = await server.execute('{ orders { totalCount } member(by: { userId: "m-1" }) { points { available } } }');
  expect(data).toEqual({ orders: { totalCount: orders }, member: { points: { available: orders * 100 - (all.length - orders) * 50 } } });
}

async function startAnother(): Promise<ServerProcess> {
  const server = await startServer('--database', file, '--program', programFile);
  running = [...running, server];
  return server;
}

it('keeps what was answered, and every sum, when servers are killed', async () => {
  const all: Sent[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const servers = [await startAnother(), await startAnother()] as const;
    if (round === 0) await servers[0].send({ kind: 'enrollMember', input: { userId: 'm-1' } });
    else await repeatAll(servers[0], all);
    for (const note of all) note.answered = true;
    const sent = await writeUntilKilled(servers, round);
    expect(sent.length).toBeGreaterThan(answered(sent));
    all.push(...sent);
    expect(await diagnose(file)).toEqual([]);
  }
  const last = await startAnother();
  await repeatAll(last, all);
  expect(await last.end('SIGTERM')).toBe(0);
  expect(await diagnose(file)).toEqual([]);
}, 300_000);
