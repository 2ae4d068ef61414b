// The structured log: a line of JSON for each event, which never holds tokens, e-mails, bodies or ids that a client chose.
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import { reportError } from './error-report.ts';
import type { AnsweredRequest } from './request-record.ts';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

const descriptors: Readonly<Record<string, number>> = { stdout: 1, stderr: 2 };

/**
 * Where lines go. Those of one turn of the event loop are written together at its end, since a write took more than all else about a
 * line; and what is left is written when the process ends, so that none is lost. Throws when a file cannot be opened.
 */
export function openDestination(logTo: string): DestinationStream {
  const file = pino.destination({ dest: descriptors[logTo] ?? logTo, mkdir: true, sync: true });
  let waiting = '';
  const write = (): void => {
    const lines = waiting;
    waiting = '';
    if (lines !== '') file.write(lines);
  };
  process.once('exit', write);
  return {
    write(line) {
      if (waiting === '') setImmediate(write);
      waiting += line;
    },
  };
}

/** Opens a log. Errors are told without their messages. */
export function createLog({ logLevel }: Pick<Config, 'logLevel'>, destination: DestinationStream): Log {
  return pino(
    {
      level: logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: (error: unknown) => reportError(error) },
    },
    destination,
  );
}

/** Writes the line of a request. Checks of health come every few seconds and are logged only in detail. */
export function logRequest(log: Log, request: AnsweredRequest): void {
  const { requestId, method, path, site, role, operation, outcome, status, codes, durationMs, cost, statements } = request;
  const known = { method, path, site, role, operation, outcome, status, codes: codes.length > 0 ? codes : undefined };
  const line = { requestId, ...known, durationMs: Math.round(durationMs * 100) / 100, cost, statements };
  if (path === '/graphql' || path === 'other') log.info(line, 'Request');
  else log.debug(line, 'Request');
}
