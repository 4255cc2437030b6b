import type { WriteOutcome, WriteRequest, Writes } from '../streams/write-request.js';
import type { Call } from '../wire/call.js';
import type { Routes } from '../wire/rpc-server.js';
import { GrpcStatus, RpcError } from '../wire/status.js';

/**
 * How a test makes the node behave like a server in trouble. The process takes orders only when it was started with
 * `--faults`, over the channel to its parent; nothing on the network leads here.
 */
export type FaultOrder =
  /** Running calls end and new ones are refused, as while a server restarts. */
  | { readonly kind: 'unavailable' }
  /** Calls on streams are sent to a leader, as by a follower; the leader is this node again. */
  | { readonly kind: 'not-leader' }
  /** What is written is answered later. */
  | { readonly kind: 'delay-answers'; readonly milliseconds: number }
  /** The next writes are done and never answered; with `break` the connection's calls end instead. */
  | { readonly kind: 'lose-answers'; readonly count: number; readonly how: 'silence' | 'break' }
  /** Reads and subscriptions that are running end: with the error a slow reader gets, or as if there were no more. */
  | { readonly kind: 'drop-readers'; readonly how: 'error' | 'end' }
  | { readonly kind: 'heal' };

const STREAMS = '/event_store.client.streams.Streams/';
const READ = `${STREAMS}Read`;

export class FaultSwitches {
  private readonly running = new Map<Call, string>();
  private refusal: ((path: string) => RpcError | undefined) | undefined;
  private delayMs = 0;
  private toLose = 0;
  private how: 'silence' | 'break' = 'silence';

  constructor(private readonly self: { readonly host: string; readonly port: () => number }) {}

  order(order: FaultOrder): void {
    switch (order.kind) {
      case 'unavailable':
        return this.refuse(() => unavailable());
      case 'not-leader':
        return this.refuse((path) => (path.startsWith(STREAMS) ? this.notLeader() : undefined));
      case 'delay-answers':
        this.delayMs = order.milliseconds;
        return;
      case 'lose-answers':
        this.toLose = order.count;
        this.how = order.how;
        return;
      case 'drop-readers':
        return this.dropReaders(order.how);
      case 'heal':
        this.refusal = undefined;
        this.delayMs = 0;
        this.toLose = 0;
        return;
      default:
        throw new Error(`unknown order ${String(order satisfies never)}`);
    }
  }

  routes(routes: Routes): Routes {
    return new Map(
      [...routes].map(([path, handler]) => [
        path,
        (call: Call): void => {
          const refusal = this.refusal?.(path);
          if (refusal) return call.fail(refusal);
          this.running.set(call, path);
          call.onClose(() => this.running.delete(call));
          handler(call);
        },
      ]),
    );
  }

  writes(writes: Writes): Writes {
    return { submit: (request, settle) => this.submit(writes, request, settle) };
  }

  private submit(writes: Writes, request: WriteRequest, settle: (outcome: WriteOutcome) => void): void {
    writes.submit(request, (outcome) => {
      if (this.toLose > 0) {
        this.toLose -= 1;
        if (this.how === 'break') this.endAll(() => unavailable());
        return;
      }
      if (this.delayMs > 0) setTimeout(() => settle(outcome), this.delayMs);
      else settle(outcome);
    });
  }

  private refuse(refusal: (path: string) => RpcError | undefined): void {
    this.refusal = refusal;
    this.endAll(refusal);
  }

  private endAll(refusal: (path: string) => RpcError | undefined): void {
    for (const [call, path] of this.running) {
      const error = refusal(path);
      if (error) call.fail(error);
    }
  }

  private dropReaders(how: 'error' | 'end'): void {
    for (const [call, path] of this.running) {
      if (path !== READ) continue;
      if (how === 'end') call.finish();
      else call.fail(new RpcError(GrpcStatus.ABORTED, 'Consumer too slow'));
    }
  }

  private notLeader(): RpcError {
    return new RpcError(GrpcStatus.NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': this.self.host,
      'leader-endpoint-port': String(this.self.port()),
    });
  }
}

function unavailable(): RpcError {
  return new RpcError(GrpcStatus.UNAVAILABLE, 'the node was told to be unavailable');
}
