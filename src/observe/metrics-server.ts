// Serves the metrics on a port of their own, which only those who watch the server should reach.
import { createServer, type Server } from 'node:http';
import type { Metrics } from './metrics.ts';

/** A server of /metrics that does not listen yet. */
export function createMetricsServer(metrics: Pick<Metrics, 'print' | 'contentType'>): Server {
  return createServer(async ({ method, url }, response) => {
    if (url !== '/metrics') return response.writeHead(404).end();
    if (method !== 'GET' && method !== 'HEAD') return response.writeHead(405, { allow: 'GET, HEAD' }).end();
    const text = await metrics.print().catch(() => null);
    if (text === null) return response.writeHead(500).end();
    return response.writeHead(200, { 'content-type': metrics.contentType }).end(method === 'HEAD' ? undefined : text);
  });
}
