import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FlowpactError } from '../flowpact-error.ts';

/** Serves counters in the text format of Prometheus at `/metrics`, and nothing else. */
export async function serveMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  deps: { text(): Promise<string> },
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const found = request.method === 'GET' && request.url === '/metrics';
    const text = found ? await deps.text() : 'see /metrics\n';
    response.writeHead(found ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(text);
  });
  server.maxConnections = 16;
  server.requestTimeout = 10_000;
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw new FlowpactError(
      'FLOWPACT_NETWORK',
      `cannot listen on http://${host}:${port}: ${(cause as Error).message}`,
      { cause },
    );
  }
  const bound = (server.address() as AddressInfo).port;
  console.error(`flowpact: counters on http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`);
  return {
    port: bound,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
