import type { ServerHttp2Session } from 'node:http2';

export interface KeepAlive {
  /** Time between two looks at a session. */
  readonly intervalMs: number;
  /** Looks without an answer after which the peer counts as gone. */
  readonly patience: number;
}

export const KEEP_ALIVE: KeepAlive = { intervalMs: 10_000, patience: 3 };

/**
 * Lets go of a peer that no longer answers pings. It is the only sign there is: once a peer has broken the protocol,
 * node:http2 says GOAWAY, stops reading, and never learns or tells that the peer has closed, so its socket would stay.
 */
export function keepAlive(session: ServerHttp2Session, options: KeepAlive, letGo: () => void): void {
  let unanswered = 0;
  const timer = setInterval(() => {
    if (session.destroyed) return;
    if (unanswered >= options.patience) return letGo();
    if (unanswered === 0) session.ping((error) => (unanswered = error ? unanswered : 0));
    unanswered += 1;
  }, options.intervalMs);
  session.on('close', () => clearInterval(timer));
}
