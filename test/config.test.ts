// The configuration: where each setting comes from, and that every fault is named at once.
import { expect, it } from 'vitest';
import { help } from '../src/command-line.ts';
import { readConfig, settingFlags, settingRows } from '../src/config.ts';

it('has a default for everything that is not set, or set to nothing', () => {
  const standard = readConfig({}, {});
  expect(standard).toMatchObject({
    config: { host: '127.0.0.1', port: 4000, database: 'data/orders.db', logLevel: 'info', logTo: 'stdout', settleEveryMs: 1000 },
  });
  expect(standard).not.toHaveProperty('config.metricsPort');
  expect(readConfig({}, { HOST: '', PORT: '', METRICS_PORT: '' })).toEqual(standard);
});

it('reads variables, and flags before them', () => {
  const variables = { PORT: '1', METRICS_PORT: '2', LOG_LEVEL: 'warn' };
  expect(readConfig({}, variables)).toMatchObject({ config: { port: 1, metricsPort: 2, logLevel: 'warn' } });
  expect(readConfig({ port: '3', 'metrics-port': '4' }, variables)).toMatchObject({
    config: { port: 3, metricsPort: 4, logLevel: 'warn' },
  });
  // A flag that is wrong is not saved by a variable that is right.
  expect(readConfig({ port: '' }, variables)).toEqual({ faults: ['--port: expected a whole number from 0 to 65535.'] });
});

it('names every fault at once, by the name under which it was given', () => {
  const variables = { HOST: '0.0.0.0', PORT: '65536', METRICS_PORT: '1e3', LOG_LEVEL: 'loud', SETTLE_EVERY_MS: '10 ' };
  expect(readConfig({ 'log-level': 'quiet', database: '' }, variables)).toEqual({
    faults: [
      'PORT: expected a whole number from 0 to 65535.',
      '--database: expected at least one character.',
      '--log-level: expected one of trace, debug, info, warn, error, fatal, silent.',
      'METRICS_PORT: expected a whole number from 0 to 65535.',
      'SETTLE_EVERY_MS: expected a whole number from 10 to 3600000.',
    ],
  });
});

it('describes every setting, with a name for each way to give it', () => {
  const rows = settingRows();
  expect(rows.map(({ flag }) => flag.slice(2))).toEqual(Object.keys(settingFlags));
  for (const { variable, flag, standard, meaning } of rows) {
    expect(variable).toBe(flag.slice(2).replaceAll('-', '_').toUpperCase());
    expect(standard, variable).not.toBe('undefined');
    expect(meaning, variable).toMatch(/^[a-z].*[^.]$/);
    expect(help()).toContain(`${flag} ${variable} `);
  }
});
