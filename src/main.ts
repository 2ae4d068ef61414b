// The command line: the only file that acts on import. What a command needs is loaded when it is given.
import { type Flags, help, readArguments, toldLater, UsageError } from './command-line.ts';
import { type Config, readConfig } from './config.ts';

/** Carries out a command that is not to serve. */
async function carryOut([command, action, file]: readonly string[], config: Config, flags: Flags): Promise<void> {
  const { backUp, examine, extract, printToken, withStore } = await import('./commands.ts');
  const { database } = config;
  if (command === 'doctor') return examine(database);
  if (command === 'backup' && action !== undefined) return backUp(database, action);
  if (command === 'token' && action === 'create') return printToken(config, flags);
  if (command === 'documents' && action === 'extract' && file !== undefined) return extract(file, flags);
  if (command === 'migrate') return toldLater((await import('./store/open.ts')).migrateStore(database));
  if (command === 'seed') return withStore(database, (await import('./seed/print-seed.ts')).seed);
  const { applyProgram, showProgram } = await import('./program-file.ts');
  if (command === 'program' && action === 'set' && file !== undefined)
    return withStore(database, (store) => applyProgram(store, file, flags.from));
  if (command === 'program' && action === 'show') return withStore(database, (store) => showProgram(store, flags.site ?? 'demo'));
  throw new UsageError(`There is no such command.\n\n${help()}`);
}

async function run(): Promise<void> {
  const { values: flags, positionals } = readArguments();
  const [command] = positionals;
  if (flags.help || command === undefined) return console.log(help());
  const read = readConfig(flags);
  if ('faults' in read) throw new UsageError(read.faults.join('\n'));
  if (command === 'serve') return (await import('./serve.ts')).serve(read.config, flags);
  return carryOut(positionals, read.config, flags);
}

function tell(error: unknown): void {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

run().catch(tell);
