// What is typed: the help, the flags, and mistakes that are told in a line.
import { parseArgs } from 'node:util';
import { settingFlags, settingRows } from './config.ts';

/** A mistake of the caller: told in a line, without a stack. */
export class UsageError extends Error {}

const commands = `Loyalty orders gateway

  serve      [--keys FILE] [--sandbox] [--program FILE]... [--seed]
             Migrates the database and serves GraphQL, and GraphiQL to browsers, at /graphql.
             --program applies program files first. --seed fills an empty database with a demo.
             --keys: the file of the keys by which tokens are checked; needed without --sandbox.
             --sandbox: no authentication, for trying out; the site is the X-Site-Id header, "demo" by default,
             and its clock can be moved ahead by the mutation advanceClock.
  token create --site SITE --role member|service|admin --subject NAME [--expires 1h]
                                          Prints a token for trying out, signed with the first secret that the keys file has for the site.
  migrate                                 Brings the database to the newest tables.
  program set FILE [--from INSTANT]       Checks a program file and appends it as a version, in force from now or from INSTANT.
  program show [--site SITE]              Prints every version of a site's program.
  seed                                    Fills an empty database with the demo.
  doctor                                  Checks every sum and derived column; exit code 1 if any is wrong.
  backup FILE                             Copies the database to a new SQLite file, while servers may be writing.
  documents extract FOLDER [--out FILE]   Collects the operations of a client's folder, checks them and writes a file of trusted documents:
                                          the text of each by its SHA-256. With --sandbox they may use what only a sandbox has.`;

const plain = (text: string): string => text.replaceAll('`', '');

function settingLines(): readonly string[] {
  const rows = settingRows().map(
    ({ flag, variable, standard, meaning }) => [`${flag} ${variable}`, `(${plain(standard)})`, plain(meaning)] as const,
  );
  const widthOf = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  const widths = [widthOf(0), widthOf(1)] as const;
  return rows.map(([names, standard, meaning]) => `    ${names.padEnd(widths[0])}  ${standard.padEnd(widths[1])}  ${meaning}`);
}

/** What --help prints. */
export const help = (): string =>
  [commands, '', '  Settings of every command, by flag or environment variable, with their defaults. Flags win.', ...settingLines()].join(
    '\n',
  );

const commandFlags = {
  program: { type: 'string', multiple: true },
  site: { type: 'string' },
  role: { type: 'string' },
  subject: { type: 'string' },
  expires: { type: 'string' },
  from: { type: 'string' },
  out: { type: 'string' },
  sandbox: { type: 'boolean' },
  seed: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** The words and flags that were typed. Throws a UsageError on a flag that there is not. */
export function readArguments() {
  return told(() => parseArgs({ options: { ...settingFlags, ...commandFlags }, allowPositionals: true, allowNegative: true }));
}

export type Flags = ReturnType<typeof readArguments>['values'];

/** What went wrong outside the program, such as a missing file, as something to tell in a line. */
const mistakeOf = (error: unknown): UsageError => new UsageError(error instanceof Error ? error.message : String(error));

/** Runs what may fail for reasons outside the program, such as a missing file; the reason is told in a line. */
export function told<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw mistakeOf(error);
  }
}

/** The same for what takes its time. */
export const toldLater = <Result>(done: Promise<Result>): Promise<Result> =>
  done.catch((error: unknown) => {
    throw mistakeOf(error);
  });
