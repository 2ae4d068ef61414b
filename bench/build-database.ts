// Builds the bench's database: 500 members and 5,000 orders by the product's own commands, then as many copies of them as are asked for.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { v7 } from 'uuid';
import { enrollMember } from '../src/domain/membership.ts';
import { setProgram } from '../src/domain/program-change.ts';
import { demoFrame, workOf } from '../src/seed/commands.ts';
import { demoProgram } from '../src/seed/program.ts';
import { migrateSqlite, openSqlite } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';
import {
  buyerOf,
  copyDigits,
  enrolledAt,
  lineOf,
  linesPerOrder,
  madeMembers,
  madeOrders,
  orderedAt,
  orderIdOf,
  primaryOf,
  siteId,
  userIdOf,
} from './figures.ts';

/** One point a dollar, available at once and for ever: the simplest program, so that nobody has to copy an engine of rules. */
const benchProgram = { ...demoProgram, name: 'Bench', tiers: { period: 'LIFETIME', levels: [] }, rules: [], campaigns: [] };

const isRefused = ({ kind }: { readonly kind: string }): boolean => kind === 'REFUSED';

/** An id of a row that ends in the number of its copy, 0: its last characters are decimal digits, so a UUID stays one. */
const madeId = (): string => `${v7().slice(0, -copyDigits)}${'0'.repeat(copyDigits)}`;

async function enrollMembers(store: Store): Promise<void> {
  for (let member = 0; member < madeMembers; member += 1) {
    const primary = primaryOf(member);
    const userId = userIdOf(member, 0);
    const primaryUserId = primary === null ? null : userIdOf(primary, 0);
    const frame = demoFrame(enrolledAt, madeId());
    const input = { userId, firstName: `First ${member}`, lastName: `Last ${member}`, email: null, optedIn: true, primaryUserId };
    const outcome = await store.commitMember({ siteId, userId, primaryUserId }, (state) => enrollMember(state, frame, input));
    if (isRefused(outcome)) throw new Error(`Member ${member} was refused: ${JSON.stringify(outcome)}`);
  }
}

function orderWork(order: number) {
  const lineItems = Array.from({ length: linesPerOrder }, (_, index) => lineOf(order, index + 1));
  const input = { orderId: orderIdOf(order, 0), userId: userIdOf(buyerOf(order), 0), status: 'SHIPPED', source: 'web', lineItems } as const;
  return workOf({ at: orderedAt(order), command: { kind: 'createOrder', input } }, madeId());
}

/** Makes what is copied, by the commands that every client's requests go through. */
async function makeByCommands(file: string): Promise<void> {
  const store = openSqlite({ database: file });
  try {
    const at = enrolledAt;
    await store.commitProgram(siteId, (state) => setProgram(state, { siteId, file: benchProgram, from: at, at, actor: 'bench' }));
    await enrollMembers(store);
    for (let first = 0; first < madeOrders; first += 1_000) {
      const works = Array.from({ length: 1_000 }, (_, index) => orderWork(first + index));
      const refused = (await store.commit(works, 'ALL')).find(isRefused);
      if (refused) throw new Error(`An order was refused: ${JSON.stringify(refused)}`);
    }
    // As it stands after a while: what retention would take away is away, and not taken away while something else is measured.
    await store.forget(siteId, { answers: 0, outbox: Date.now() }, 2 * madeOrders);
  } finally {
    await store.close();
  }
}

/** The columns that say who or which: in a copy they end in its number. */
const identities: readonly string[] = ['id', 'order_id', 'user_id', 'member_id', 'credited_to_id', 'primary_id', 'secondary_id'];

function copyTable(connection: Database.Database, table: string, copies: number): void {
  const columns = connection.prepare<[string], string>('select name from pragma_table_info(?)').pluck().all(table);
  const ofCopy = (column: string): string =>
    identities.includes(column)
      ? `substr(made."${column}", 1, length(made."${column}") - ${copyDigits}) || printf('%0${copyDigits}d', copy.value)`
      : `made."${column}"`;
  const names = columns.map((column) => `"${column}"`).join(', ');
  const count = columns.some((column) => identities.includes(column)) ? copies : 1;
  connection
    .prepare(
      `with recursive copy(value) as (select 0 union all select value + 1 from copy where value < ${count - 1})
       insert into main."${table}" (${names}) select ${columns.map(ofCopy).join(', ')} from made."${table}" made cross join copy`,
    )
    .run();
}

/** Copies every row, whole worlds beside each other: sums and references hold in each as they hold in what was made. */
function copyRows(file: string, made: string, copies: number): void {
  const connection = new Database(file);
  // A lost power is no matter here, and a cache that holds much of the file spares much of the writing.
  for (const pragma of ['synchronous = OFF', 'cache_size = -400000', 'foreign_keys = OFF']) connection.pragma(pragma);
  connection.prepare('attach ? as made').run(made);
  const objects = connection.prepare<[string], { name: string; sql: string }>(
    `select name, sql from main.sqlite_master where type = ? and sql is not null and name not like 'sqlite@_%' escape '@' and name not like '@_@_%' escape '@'`,
  );
  connection.transaction(() => {
    // Indexes are made again at the end, by the statements of their migrations: that takes a fraction of the time.
    const indexes = objects.all('index');
    for (const { name } of indexes) connection.exec(`drop index main."${name}"`);
    for (const { name } of objects.all('table')) copyTable(connection, name, copies);
    for (const { sql } of indexes) connection.exec(sql);
  })();
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.close();
}

const remove = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
};

/** The database with so many copies of what is made: built when it is not there yet. A broken off build is begun anew. */
export async function benchDatabase(folder: string, copies: number): Promise<string> {
  const file = join(folder, `orders-${copies * madeOrders}.db`);
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true });
  const [made, unfinished] = [join(folder, 'made.db'), `${file}.unfinished`];
  remove(made);
  remove(unfinished);
  await makeByCommands(made);
  migrateSqlite(unfinished);
  copyRows(unfinished, made, copies);
  remove(made);
  renameSync(unfinished, file);
  return file;
}
