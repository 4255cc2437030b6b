import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import { Call } from './call.js';
import { GrpcStatus, RpcError } from './status.js';

/** The full gRPC path of a method and what answers it. */
export type Routes = ReadonlyMap<string, (call: Call) => void>;

export interface RpcServer {
  readonly port: number;
  /** Refuses new calls, ends the running ones as unavailable, closes the port. */
  close(): Promise<void>;
}

/** A large upload window lets one connection carry many appends; the client's own window governs what we send. */
const STREAM_WINDOW_BYTES = 4 * 1024 * 1024;
const SESSION_WINDOW_BYTES = 16 * 1024 * 1024;
/** Megabytes one connection may hold in node:http2 before it is closed. */
const SESSION_MEMORY_MB = 128;
const CLOSE_GRACE_MS = 1_000;

export async function listen(options: { host: string; port: number; routes: Routes }): Promise<RpcServer> {
  const server = createServer({
    settings: { initialWindowSize: STREAM_WINDOW_BYTES, maxConcurrentStreams: 10_000 },
    maxSessionMemory: SESSION_MEMORY_MB,
  });
  const calls = new Set<Call>();
  const sessions = new Set<ServerHttp2Session>();
  let stopping = false;

  server.on('connection', (socket: { setNoDelay(noDelay: boolean): void }) => socket.setNoDelay(true));
  server.on('session', (session) => {
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    session.on('error', () => session.destroy());
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  server.on('sessionError', () => undefined); // told by the session itself
  server.on('stream', (stream, headers) => {
    const call = new Call(stream, headers);
    calls.add(call);
    call.onClose(() => calls.delete(call));
    if (stopping) return call.fail(new RpcError(GrpcStatus.UNAVAILABLE, 'the node is stopping'));
    const path = headers[':path'] ?? '';
    const handler = options.routes.get(path);
    if (!handler) return call.fail(new RpcError(GrpcStatus.UNIMPLEMENTED, `${path} is not served by this node`));
    call.guard(() => handler(call));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: portOf(server),
    close: async () => {
      stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const call of calls) call.fail(new RpcError(GrpcStatus.UNAVAILABLE, 'the node is stopping'));
      for (const session of sessions) session.close();
      const grace = setTimeout(() => {
        for (const session of sessions) session.destroy();
      }, CLOSE_GRACE_MS);
      await closed;
      clearTimeout(grace);
    },
  };
}

function portOf(server: Http2Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
