// What the resolvers of the GraphQL competitors are given with each request: the prepared statements, and loaders of its own.
import DataLoader from 'dataloader';
import { groupedBy, type LineRow, type MemberRow, openDatabase, prepareReads, type Reads, type SecondaryRow } from './rows.ts';
import { prepareWrites, type Writes } from './writes.ts';

export type Context = {
  readonly reads: Reads;
  readonly writes: Writes;
  readonly loaders: {
    readonly members: DataLoader<string, MemberRow>;
    readonly lines: DataLoader<string, readonly LineRow[]>;
    readonly secondaries: DataLoader<string, readonly SecondaryRow[]>;
  };
};

const absent = (id: string): Error => new Error(`There is no member ${id}.`);

function createLoaders(reads: Reads): Context['loaders'] {
  return {
    members: new DataLoader(async (ids) => {
      const members = new Map(reads.membersByIds(ids).map((member) => [member.id, member]));
      return ids.map((id) => members.get(id) ?? absent(id));
    }),
    lines: new DataLoader(async (ids) => {
      const lines = groupedBy(reads.linesOfOrders(ids), ({ orderId }) => orderId);
      return ids.map((id) => lines.get(id) ?? []);
    }),
    secondaries: new DataLoader(async (ids) => {
      const secondaries = groupedBy(reads.secondariesOf(ids), ({ primaryId }) => primaryId);
      return ids.map((id) => secondaries.get(id) ?? []);
    }),
  };
}

export const linesOf = async ({ loaders }: Context, orderId: string) => ({ nodes: await loaders.lines.load(orderId) });

/** Opens the database that the process is given as its first argument; answers what makes the context of a request. */
export function openContext(): () => Context {
  const connection = openDatabase(process.argv[2] ?? '');
  const reads = prepareReads(connection);
  const writes = prepareWrites(connection, reads);
  return () => ({ reads, writes, loaders: createLoaders(reads) });
}
