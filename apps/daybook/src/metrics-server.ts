import { createServer } from 'node:http';
import { StartError, type Metrics } from '@daybook/platform';

interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

/** `/metrics` on an address of its own, for scrapers on another network than clients. Returns how to stop it. */
export async function serveMetrics({ host, port }: MetricsAddress, metrics: Metrics): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.render().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new StartError(
          `Metrics cannot be served on ${host}:${port} (${cause.code ?? cause.message}).`,
          'Choose another address in METRICS_ADDR, or leave it out to have /metrics on the HTTP port.',
          { cause },
        ),
      );
    });
    server.listen({ host, port }, resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}
