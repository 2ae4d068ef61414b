// Keeps the compiled code of a start: serves a database that is filled, asks one question, and writes down what was compiled until then.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createToken } from '../src/access/create-token.ts';
import { filesOf, loadProgram } from './program.ts';

const [folder = '', database = ''] = process.argv.slice(2);
const question =
  '{ orders(first: 1) { nodes { id orderId status orderDate total { amount currencyCode } member { id userId } lineItems(first: 20) { nodes { id name quantity } } } } }';

/** Writes the keys of a server that nobody reaches, and answers a token of them. */
async function writeKeys(file: string): Promise<string> {
  const sites = { demo: { secrets: [`only for a moment, ${crypto.randomUUID()}`] } };
  writeFileSync(file, JSON.stringify({ sites }));
  const claims = { site: 'demo', role: 'service', subject: 'build', expires: '1h' };
  const token = await createToken(claims, new Map(Object.entries(sites)), Date.now());
  if (typeof token !== 'string') throw new Error(token.faults.join('\n'));
  return token;
}

/** Starts the program in this process; answers where it serves, which it prints. */
function serve(program: { readonly run: () => void }, keys: string): Promise<string> {
  process.argv = [
    process.execPath,
    join(folder, 'main.js'),
    'serve',
    '--keys',
    keys,
    '--database',
    database,
    '--port',
    '0',
    '--log-to',
    '/dev/null',
  ];
  return new Promise((resolve) => {
    console.log = (line: string) => {
      const url = /http:\S+/.exec(line)?.[0];
      if (url) resolve(url);
    };
    program.run();
  });
}

const keys = join(dirname(database), 'keys.json');
const token = await writeKeys(keys);
const program = loadProgram(folder);
const url = await serve(program, keys);
const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: question }) });
const answer = await response.text();
if (!answer.includes('"orderId"')) throw new Error(`The program that was built does not answer: ${answer}`);
writeFileSync(filesOf(folder).cache, program.compiled());
process.kill(process.pid, 'SIGTERM');
