import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { Call } from './call.js';
import { KEEP_ALIVE, keepAlive, type KeepAlive } from './keep-alive.js';
import { GrpcStatus, RpcError } from './status.js';
import { UnreadBudget } from './unread-budget.js';

/** The full gRPC path of a method and what answers it. */
export type Routes = ReadonlyMap<string, (call: Call) => void>;

export interface RpcServer {
  readonly port: number;
  /** Sockets that are open now. */
  readonly connections: number;
  /** Bytes sent that peers have not taken yet. */
  readonly unreadBytes: number;
  /** Refuses new calls, ends the running ones as unavailable, closes the port. */
  close(): Promise<void>;
}

/** A large upload window lets one connection carry many appends; the client's own window governs what we send. */
const STREAM_WINDOW_BYTES = 4 * 1024 * 1024;
const SESSION_WINDOW_BYTES = 16 * 1024 * 1024;
/** Megabytes one connection may hold in node:http2 before it is closed. */
const SESSION_MEMORY_MB = 128;
/** Every client needs one; what is beyond is closed at once. */
const MAX_CONNECTIONS = 1_000;
/** A client waits with further calls until some have ended. */
const MAX_STREAMS_PER_CONNECTION = 1_000;
const MAX_UNREAD_BYTES = 256 * 1024 * 1024;
const CLOSE_GRACE_MS = 1_000;

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly routes: Routes;
  readonly keepAlive?: KeepAlive;
  /** What all calls together may hold for peers that do not read. */
  readonly unreadBytes?: number;
}

export async function listen(options: ListenOptions): Promise<RpcServer> {
  const server = createServer({
    settings: { initialWindowSize: STREAM_WINDOW_BYTES, maxConcurrentStreams: MAX_STREAMS_PER_CONNECTION },
    maxSessionMemory: SESSION_MEMORY_MB,
  });
  server.maxConnections = MAX_CONNECTIONS;
  const budget = new UnreadBudget(options.unreadBytes ?? MAX_UNREAD_BYTES);
  const calls = new Set<Call>();
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<Socket>();
  let stopping = false;

  let accepted: Socket | undefined; // the session of a connection is told of in the same turn
  server.prependListener('connection', (socket: Socket) => {
    accepted = socket;
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('session', (session) => {
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    const socket = accepted;
    const letGo = (): void => {
      session.destroy();
      socket?.destroy(); // the session alone would wait until its peer has taken what is written
    };
    session.on('error', letGo);
    keepAlive(session, options.keepAlive ?? KEEP_ALIVE, letGo);
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  server.on('sessionError', () => undefined); // told by the session itself
  server.on('stream', (stream, headers) => {
    const call = new Call(stream, headers, budget);
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
    get connections() {
      return sockets.size;
    },
    get unreadBytes() {
      return budget.bytes;
    },
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
