import { createServer } from 'node:net';
import { StartError } from '@daybook/platform';

const TRIES = 50;
const HIGHEST_PORT = 65_535;

/** The first port from `wanted` on that nobody listens on. 0 stays 0: any port will do. */
export async function firstFreePort(wanted: number, host: string): Promise<number> {
  if (wanted === 0) return 0;
  const last = Math.min(wanted + TRIES, HIGHEST_PORT);
  for (let port = wanted; port <= last; port += 1) {
    if (await isFree(port, host)) return port;
  }
  throw new StartError(`No port from ${wanted} to ${last} is free on ${host}.`, 'Set EVENTSTORE_PORT=0 to take any.');
}

export async function requireFreePort(port: number, host: string): Promise<void> {
  if (port === 0 || (await isFree(port, host))) return;
  throw new StartError(
    `Port ${port} on ${host} is taken by another program.`,
    `Stop it, or choose another port: PORT=${port === HIGHEST_PORT ? port - 1 : port + 1} npm start`,
  );
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') return resolve(false);
      reject(hostError(error, port, host));
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

function hostError(error: NodeJS.ErrnoException, port: number, host: string): StartError {
  const hint =
    error.code === 'EACCES' ? 'Ports below 1024 need privileges: choose a higher PORT.' : 'Check HOST and PORT.';
  return new StartError(`Cannot listen on ${host}:${port} (${error.code ?? error.message}).`, hint, { cause: error });
}
