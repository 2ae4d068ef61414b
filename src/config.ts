// Configuration by environment variables and flags: the only reader of process.env. On bad values it names every fault.
import * as z from 'zod';
import { readOrigin } from './exposure/origins.ts';
import { defaultLimits, type Limits, unbounded } from './limits/limits.ts';

/** A whole number in decimal digits; anything else, such as "1e3" or nothing, is a fault. */
function wholeNumber(minimum: number, maximum: number) {
  const expected = `expected a whole number from ${minimum} to ${maximum}.`;
  return z
    .string()
    .regex(/^\d{1,15}$/, expected)
    .transform(Number)
    .pipe(z.number().min(minimum, expected).max(maximum, expected));
}

const text = z.string().min(1, 'expected at least one character.');

const oneOf = <const Choices extends readonly [string, ...string[]]>(choices: Choices) =>
  z.enum(choices, { error: `expected one of ${choices.join(', ')}.` });

/** On or off: by variable `true` or `false`, by flag its bare name, or that with `no-` before it. */
const onOff = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')], { error: 'expected true or false.' });

/** Origins of pages, with commas between them; each must be one exactly, as browsers write it. */
const origins = z.string().transform((list, { addIssue }) => {
  const words = list.split(',').map((word) => word.trim());
  for (const word of words)
    if (readOrigin(word) === null)
      addIssue(`"${word}" is no origin: expected https://shop.example or http://127.0.0.1:3000, without a path.`);
  return words;
});

/**
 * Every setting, with its default and what it means. The name in capitals is its environment variable and the name with dashes
 * its flag: `settleEveryMs` is SETTLE_EVERY_MS and --settle-every-ms. One that is optional says in words what holds without it
 * (`standard`). Whoever adds one adds its row to the README's table.
 */
const settings = z.object({
  host: text.default('127.0.0.1').describe('the address that the server listens on'),
  port: wholeNumber(0, 65_535).default(4000).describe('its port; 0: a free one'),
  database: text
    .default('data/orders.db')
    .describe('the SQLite file; `:memory:`: a temporary one; `postgres://user:password@host:port/name`: a database of PostgreSQL'),
  databaseConnections: wholeNumber(1, 1_000)
    .default(10)
    .describe('the most connections to PostgreSQL that this instance opens, and one more by which readiness is asked'),
  databaseTimeoutMs: wholeNumber(100, 600_000)
    .default(8_000)
    .describe(
      'after how many milliseconds what PostgreSQL is asked is given up, with the wait for a connection and for locks and with all attempts; keep it below `OPERATION_TIMEOUT_MS`',
    ),
  keys: text.optional().meta({
    description: 'the file of the keys by which tokens are checked, read again when it changes; needed outside a sandbox',
    standard: 'none',
  }),
  logLevel: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('the least level that is logged; the line of each request is `info`, those of checks of health are `debug`'),
  logTo: text.default('stdout').describe('where the log goes: `stdout`, `stderr` or a file, to which it is added'),
  metricsPort: wholeNumber(0, 65_535)
    .optional()
    .meta({ description: 'serves Prometheus metrics at `/metrics` of this port; 0: a free one', standard: 'none' }),
  metricsHost: text.optional().meta({ description: 'the address that the metrics are served on', standard: 'as `HOST`' }),
  corsOrigins: origins
    .optional()
    .meta({ description: 'the origins whose pages may call from a browser, with commas between them', standard: 'none' }),
  introspection: onOff.optional().meta({
    description: 'whether the schema can be asked for, and faults of a document are told in its words',
    standard: 'on in a sandbox only',
  }),
  graphiql: onOff
    .optional()
    .meta({ description: 'whether a browser is given the GraphiQL page at `/graphql`', standard: 'on in a sandbox only' }),
  trustedDocuments: text.optional().meta({
    description: 'the file of the only operations that are carried out, as `documents extract` writes it',
    standard: 'none: any operation',
  }),
  settleEveryMs: wholeNumber(10, 3_600_000).default(1_000).describe('the pause between two sweeps for points that are due'),
  idempotencyDays: wholeNumber(1, 36_500)
    .default(90)
    .describe('for how many days the answer to a command is kept under its `idempotencyKey`; after that the key is new again'),
  outboxDays: wholeNumber(1, 36_500).default(30).describe('for how many days the events of the outbox are kept'),
  bodyLimit: wholeNumber(1_000, 100_000_000).default(defaultLimits.bodyBytes).describe('the largest body of a request, in bytes'),
  maxTokens: wholeNumber(100, 100_000).default(defaultLimits.tokens).describe('the most lexical tokens of a document'),
  maxDepth: wholeNumber(1, 100).default(defaultLimits.depth).describe('how deep fields may stand within fields'),
  maxAliases: wholeNumber(0, 10_000).default(defaultLimits.aliases).describe('the most aliases of a document'),
  maxCost: wholeNumber(1, 100_000_000).default(defaultLimits.cost).describe('the most that one operation may cost'),
  costPerMinute: wholeNumber(1, 1_000_000_000_000)
    .optional()
    .meta({
      description: 'the most that all requests of a member may cost within a minute; a back end or administrator has ten times that',
      standard: `${defaultLimits.costPerMinute}; in a sandbox no bound`,
    }),
  operationTimeoutMs: wholeNumber(10, 3_600_000)
    .default(defaultLimits.operationTimeoutMs)
    .describe('after how many milliseconds an operation is given up'),
});

export type Config = Readonly<z.output<typeof settings>>;

/** What of the configuration limits requests. A sandbox is one client, and for trying out, load as well. */
export const limitsOf = (config: Config, sandbox: boolean): Partial<Limits> => ({
  bodyBytes: config.bodyLimit,
  tokens: config.maxTokens,
  depth: config.maxDepth,
  aliases: config.maxAliases,
  cost: config.maxCost,
  costPerMinute: config.costPerMinute ?? (sandbox ? unbounded : defaultLimits.costPerMinute),
  operationTimeoutMs: config.operationTimeoutMs,
});

/** What the command line gave, by flag. */
export type FlagValues = Readonly<Record<string, unknown>>;

type Setting = { readonly name: string; readonly variable: string; readonly flag: string };

const settingOf = (name: string): Setting => ({
  name,
  variable: name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
  flag: name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
});

const named = Object.keys(settings.shape).map(settingOf);

/** The flags of all settings, as parseArgs takes them. */
export const settingFlags: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>> = Object.fromEntries(
  Object.entries(settings.shape).map(([name, schema]) => [
    settingOf(name).flag,
    // Only what is on or off takes `true` itself, which a flag without a value is.
    { type: schema.safeParse(true).success ? 'boolean' : 'string' },
  ]),
);

export type SettingRow = { readonly variable: string; readonly flag: string; readonly standard: string; readonly meaning: string };

/** Every setting as a row of a table: what it is called, what holds without it, and what it means. */
export function settingRows(): readonly SettingRow[] {
  return Object.entries(settings.shape).map(([name, schema]) => {
    const { variable, flag } = settingOf(name);
    const { description, standard } = schema.meta() ?? {};
    return { variable, flag: `--${flag}`, standard: String(standard ?? schema.parse(undefined)), meaning: description ?? '' };
  });
}

/**
 * The configuration, or every fault in a line of its own, by the name of its variable or flag. Flags win over variables; a
 * variable that is empty counts as not set.
 */
export function readConfig(
  flags: FlagValues = {},
  variables: NodeJS.ProcessEnv = process.env,
): { readonly config: Config } | { readonly faults: readonly string[] } {
  const given = named.flatMap(({ name, variable, flag }) => {
    if (flags[flag] !== undefined) return [{ name, source: `--${flag}`, value: flags[flag] }];
    const value = variables[variable];
    return value === undefined || value === '' ? [] : [{ name, source: variable, value }];
  });
  const parsed = settings.safeParse(Object.fromEntries(given.map(({ name, value }) => [name, value])));
  if (parsed.success) return { config: parsed.data };
  const sources = new Map(given.map(({ name, source }) => [name, source]));
  const faults = parsed.error.issues.map(({ path, message }) => `${sources.get(String(path[0])) ?? path.join('.')}: ${message}`);
  return { faults: [...new Set(faults)] };
}
