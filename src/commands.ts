// The commands that do something and end. Their code is loaded when one of them is given, so that a server starts without it.
import { writeFileSync } from 'node:fs';
import { createToken } from './access/create-token.ts';
import { readKeysFile } from './access/watched-keys.ts';
import { type Flags, told, toldLater, UsageError } from './command-line.ts';
import type { Config } from './config.ts';
import { diagnose } from './doctor.ts';
import { readClientFolder } from './exposure/client-folder.ts';
import { extractDocuments } from './exposure/extract-documents.ts';
import { sandboxSchema } from './graphql/sandbox.ts';
import { schema } from './graphql/schema.ts';
import { backUpDatabase } from './store/backup.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';

/** Prints what the doctor finds; exit code 1 if it finds anything. */
export async function examine(database: string): Promise<void> {
  const violations = await toldLater(diagnose(database));
  for (const violation of violations) console.log(violation);
  console.log(violations.length === 0 ? 'Every sum is right.' : `${violations.length} violations.`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

/** Copies a database to a new file, and says so. */
export async function backUp(database: string, file: string): Promise<void> {
  await toldLater(backUpDatabase(database, file));
  console.log(`Backed up to ${file}.`);
}

/** Does something with the database, and closes it. */
export async function withStore(database: string, action: (store: Store) => Promise<void>): Promise<void> {
  const store = await toldLater(openStore({ database }));
  try {
    await action(store);
  } finally {
    await store.close();
  }
}

/** Prints a token and nothing else, so that it can be put into a header as it comes. */
export async function printToken({ keys: file }: Config, flags: Flags): Promise<void> {
  if (file === undefined) throw new UsageError('A token is signed with a secret of the keys file: name it by --keys or KEYS.');
  const keys = told(() => readKeysFile(file));
  const token = await createToken(flags, keys, Date.now());
  if (typeof token !== 'string') throw new UsageError(token.faults.join('\n'));
  console.log(token);
}

/** Writes the trusted documents of a client, or tells every fault. */
export async function extract(folder: string, { out, sandbox }: Flags): Promise<void> {
  const { pieces, faults } = await readClientFolder(folder).catch((error: Error) => {
    throw new UsageError(error.message);
  });
  const extraction = extractDocuments(pieces, sandbox ? sandboxSchema() : schema);
  const all = [...faults, ...('faults' in extraction ? extraction.faults : [])];
  if (all.length > 0 || 'faults' in extraction) throw new UsageError(all.join('\n'));
  const text = JSON.stringify(extraction.documents, null, 2);
  if (out === undefined) return console.log(text);
  told(() => writeFileSync(out, `${text}\n`));
  console.log(`${Object.keys(extraction.documents).length} operations in ${out}.`);
}
