// Clients with connections of their own that place orders one after the other until the server is gone.
import { Agent, request } from 'node:http';

export type Sent = {
  readonly orderId: string;
  /** What became of it: an answer, a refused connection, or a connection that broke after it was made. */
  outcome: 'answered' | 'refused' | 'broken' | 'unknown';
  detail?: string;
  /** The header of the answer. */
  connection?: string | undefined;
};

const query = `mutation Create($orderId: ID!) {
  createOrder(input: { orderId: $orderId, userId: "ann", lineItems: [{ productId: "p", quantity: 1, unitPrice: 10 }] }) {
    order { orderId }
    userErrors { code }
  }
}`;

/** Sends one request on a connection of the agent, and notes what becomes of it. */
function place(url: string, agent: Agent, sent: Sent): Promise<void> {
  return new Promise((resolve) => {
    let connected = false;
    const end = (outcome: Sent['outcome'], detail?: string): void => {
      if (sent.outcome === 'unknown') Object.assign(sent, { outcome, ...(detail !== undefined && { detail }) });
      resolve();
    };
    const outgoing = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (answer) => {
      let text = '';
      sent.connection = answer.headers.connection;
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('error', (error) => end('broken', error.message));
      answer.on('end', () => (answer.complete && text.includes(`"orderId":"${sent.orderId}"`) ? end('answered') : end('broken', text)));
    });
    outgoing.on('socket', (socket) => {
      connected = !socket.connecting;
      if (!connected)
        socket.once('connect', () => {
          connected = true;
        });
    });
    outgoing.on('error', (error) => end(connected ? 'broken' : 'refused', error.message));
    outgoing.end(JSON.stringify({ query, variables: { orderId: sent.orderId } }));
  });
}

/** Starts the clients. The promise ends when each has met a request that was not answered. */
export function placeOrders(
  url: string,
  clients: number,
  keepAlive = true,
): { readonly sent: readonly Sent[]; readonly ended: Promise<void> } {
  const sent: Sent[] = [];
  async function client(name: string): Promise<void> {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    for (let index = 0; ; index += 1) {
      const next: Sent = { orderId: `${name}-${index}`, outcome: 'unknown' };
      sent.push(next);
      await place(url, agent, next);
      if (next.outcome !== 'answered') break;
    }
    agent.destroy();
  }
  const all = Array.from({ length: clients }, (_, index) => client(`client-${index}`));
  return { sent, ended: Promise.all(all).then(() => undefined) };
}
