// Answers always the same: no competitor, but how much the generator of load can ask for.
import { createServer } from 'node:http';

const text = '{"data":null}';
createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length }).end(text));
}).listen(Number(process.argv[3]), '127.0.0.1');
