// Prints the body of a request: `node examples/request.mjs create-order` reads the operation and its variables from examples/operations.
import { readFileSync } from 'node:fs';

const [name] = process.argv.slice(2);
if (name === undefined || !/^[a-z-]+$/.test(name)) {
  console.error('Expected the name of an operation in examples/operations, such as create-order.');
  process.exit(2);
}
const read = (ending) => readFileSync(new URL(`operations/${name}.${ending}`, import.meta.url), 'utf8');
console.log(JSON.stringify({ query: read('graphql'), variables: JSON.parse(read('variables.json')) }));
