// A hand-written endpoint for each operation: node:http, prepared statements, objects put together by hand, JSON.stringify.
import { answersOf } from './answers.ts';
import { serveHandlers } from './handlers.ts';
import { openDatabase, prepareReads } from './rows.ts';
import { prepareWrites } from './writes.ts';

const connection = openDatabase(process.argv[2] ?? '');
const reads = prepareReads(connection);
const answers = answersOf(reads, prepareWrites(connection, reads));

serveHandlers({
  Q1: (variables) => JSON.stringify({ data: answers.order(variables) }),
  Q2: (variables) => JSON.stringify({ data: answers.member(variables) }),
  Q3: (variables) => JSON.stringify({ data: answers.orders(variables) }),
  W1: (variables) => JSON.stringify({ data: answers.createOrder(variables) }),
  W2: (variables) => JSON.stringify({ data: answers.updateOrder(variables) }),
  B1: (variables) => JSON.stringify({ data: answers.bulkCreateOrders(variables) }),
});
