// Configuration from the environment: the only reader of process.env. On a bad value it names every fault.
import { z } from 'zod';

const environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  DATABASE: z.string().min(1).default('data/orders.db'),
  SETTLE_EVERY_MS: z.coerce.number().int().min(10).max(3_600_000).default(1_000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export type Config = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** How long after the end of a sweep the next one begins. */
  readonly settleEveryMs: number;
  readonly logLevel: z.output<typeof environment>['LOG_LEVEL'];
};

/** The configuration, or every fault of the environment in a line of its own. */
export function readConfig(
  variables: NodeJS.ProcessEnv = process.env,
): { readonly config: Config } | { readonly faults: readonly string[] } {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) return { faults: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  const { HOST, PORT, DATABASE, SETTLE_EVERY_MS, LOG_LEVEL } = parsed.data;
  return { config: { host: HOST, port: PORT, database: DATABASE, settleEveryMs: SETTLE_EVERY_MS, logLevel: LOG_LEVEL } };
}
