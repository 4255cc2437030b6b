import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { timeoutMilliseconds } from './deadline.js';
import { MalformedMessageError } from './protobuf.js';
import { FrameSplitter } from './frame.js';
import { GrpcStatus, headerValue, RpcError, type GrpcStatusCode } from './status.js';
import type { UnreadBudget } from './unread-budget.js';

const RESPONSE_HEADERS = { ':status': 200, 'content-type': 'application/grpc+proto' };

/** What each call may hold however much others do: the answer to an append must not depend on somebody's readers. */
const ALWAYS_ALLOWED_BYTES = 4 * 1024;
const MEBIBYTE = 1024 * 1024;

/**
 * One RPC on one HTTP/2 stream. It lives until `finish`, `fail`, its deadline, or the peer's cancellation; after that
 * everything sent is dropped. What is sent inside one turn of the event loop leaves in one write.
 */
export class Call {
  private ended = false;
  private responded = false;
  private outgoing: Buffer[] = [];
  private outgoingBytes = 0;
  private flushScheduled = false;
  private trailers: Record<string, string | number> = { 'grpc-status': GrpcStatus.OK };
  private deadlineTimer: NodeJS.Timeout | undefined;
  /** What this call has added to the budget. */
  private charged = 0;
  private readonly closeListeners: (() => void)[] = [];

  constructor(
    private readonly stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    private readonly budget: UnreadBudget,
  ) {
    stream.on('error', () => undefined); // a reset by the peer; 'close' follows and ends the call
    stream.on('close', () => {
      this.close();
      this.charge();
    });
    const timeout = timeoutMilliseconds(headers['grpc-timeout']);
    if (timeout !== undefined) {
      this.deadlineTimer = setTimeout(
        () => this.abandon(new RpcError(GrpcStatus.DEADLINE_EXCEEDED, 'the deadline has passed'), constants.NGHTTP2_CANCEL),
        timeout,
      );
    }
  }

  get open(): boolean {
    return !this.ended;
  }

  /** Bytes sent that the peer has not taken yet. */
  get unsentBytes(): number {
    return this.outgoingBytes + this.stream.writableLength;
  }

  onClose(listener: () => void): void {
    if (this.ended) listener();
    else this.closeListeners.push(listener);
  }

  /** Hands over each request message as it arrives. What a handler throws ends the call. */
  receive(onMessage: (message: Buffer) => void, onEnd: () => void): void {
    const splitter = new FrameSplitter(onMessage);
    this.stream.on('data', (piece: Buffer) => {
      if (!this.ended) this.guard(() => splitter.push(piece));
    });
    // A reset ends the bytes too, and clients of this kind end their request right before they cancel it. Half an append
    // must not pass for a whole one: what comes with the end is looked at before the end is believed.
    this.stream.on('end', () =>
      setImmediate(() => {
        if (this.ended || !this.reachable) return;
        this.guard(() => {
          if (splitter.incomplete > 0) throw new MalformedMessageError('the last message is cut off');
          onEnd();
        });
      }),
    );
  }

  /** The only message of a request that has one. */
  receiveOne(onRequest: (message: Buffer) => void | Promise<void>): void {
    let request: Buffer | undefined;
    this.receive(
      (message) => {
        request ??= message;
      },
      () => {
        if (!request) throw new MalformedMessageError('the request has no message');
        const message = request;
        this.guard(() => onRequest(message));
      },
    );
  }

  pauseReceiving(): void {
    this.stream.pause();
  }

  resumeReceiving(): void {
    if (!this.ended) this.stream.resume();
  }

  send(framed: Buffer): void {
    if (!this.take(framed)) return;
    if (this.flushScheduled) return;
    this.flushScheduled = true;
    setImmediate(() => this.flush());
  }

  /** Sends and waits until the peer has room again, so that a slow reader costs one chunk and no more. */
  async sendAndDrain(framed: Buffer): Promise<void> {
    if (!this.take(framed)) return;
    if (this.flush() || this.ended) return;
    if (!this.reachable) return this.close();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.stream.off('drain', done);
        this.stream.off('close', done);
        resolve();
      };
      this.stream.on('drain', done);
      this.stream.on('close', done);
    });
  }

  /** Calls back when everything sent has been taken over by the connection. */
  onceDrained(listener: () => void): void {
    this.stream.once('drain', listener);
  }

  finish(): void {
    if (this.ended) return;
    this.flush();
    this.endWith(GrpcStatus.OK, '', {});
  }

  fail(error: unknown): void {
    if (this.ended) return;
    const refusal = asRpcError(error);
    this.flush();
    this.endWith(refusal.code, refusal.message, refusal.trailers);
  }

  /** Runs a handler; whatever it throws, now or later, ends the call and nothing else. */
  guard(work: () => void | Promise<void>): void {
    try {
      const pending = work();
      if (pending) pending.catch((error: unknown) => this.fail(error));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Nothing is taken from an ended call, nor beyond the budget: what the peers of this node do not read is bounded. */
  private take(framed: Buffer): boolean {
    if (this.ended) return false;
    const isLittle = this.unsentBytes + framed.length <= ALWAYS_ALLOWED_BYTES;
    if (!isLittle && !this.budget.hasRoomFor(framed.length)) {
      const limit = `${this.budget.limit / MEBIBYTE} MiB`;
      const message = `the readers of this node have left ${limit} unread; read on, or try again when they have`;
      this.abandon(new RpcError(GrpcStatus.RESOURCE_EXHAUSTED, message), constants.NGHTTP2_ENHANCE_YOUR_CALM);
      return false;
    }
    this.outgoing.push(framed);
    this.outgoingBytes += framed.length;
    this.charge();
    return true;
  }

  private charge(): void {
    const held = this.outgoingBytes + (this.stream.destroyed ? 0 : this.stream.writableLength);
    this.budget.change(held - this.charged);
    this.charged = held;
  }

  /** A status would wait behind what the peer does not read, and keep it in memory: the stream is reset instead. */
  private abandon(refusal: RpcError, resetCode: number): void {
    if (this.ended || this.unsentBytes === 0 || !this.reachable) return this.fail(refusal);
    this.close();
    this.stream.close(resetCode);
  }

  /** False once the peer or the connection is gone; 'close' may not have been told yet. */
  private get reachable(): boolean {
    return !this.stream.destroyed && !this.stream.closed;
  }

  private flush(): boolean {
    this.flushScheduled = false;
    if (this.ended || this.outgoing.length === 0) return true;
    if (!this.reachable) return false;
    this.respond();
    const bytes = this.outgoing.length === 1 ? (this.outgoing[0] as Buffer) : Buffer.concat(this.outgoing);
    this.outgoing = [];
    this.outgoingBytes = 0;
    return this.stream.write(bytes, () => this.charge());
  }

  private respond(): void {
    if (this.responded) return;
    this.responded = true;
    this.stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
    this.stream.on('wantTrailers', () => {
      if (!this.reachable) return;
      this.stream.sendTrailers(this.trailers);
      this.closeRequest();
    });
  }

  private endWith(code: GrpcStatusCode, message: string, extra: Readonly<Record<string, string>>): void {
    this.trailers = { 'grpc-status': code };
    if (message !== '') this.trailers['grpc-message'] = headerValue(message);
    for (const [name, value] of Object.entries(extra)) this.trailers[name] = headerValue(value);
    if (this.reachable) {
      if (this.responded) {
        this.stream.end();
      } else {
        this.responded = true;
        this.stream.respond({ ...RESPONSE_HEADERS, ...this.trailers }, { endStream: true });
        this.closeRequest();
      }
      this.stream.resume(); // unread request bytes would hold the stream open
    }
    this.close();
  }

  /** The answer is complete: whoever still sends a request is told to stop, once the answer is on its way. */
  private closeRequest(): void {
    setImmediate(() => {
      if (this.reachable && !this.stream.readableEnded) this.stream.close(constants.NGHTTP2_NO_ERROR);
    });
  }

  private close(): void {
    if (this.ended) return;
    this.ended = true;
    this.outgoing = [];
    this.outgoingBytes = 0;
    clearTimeout(this.deadlineTimer);
    for (const listener of this.closeListeners) listener();
  }
}

function asRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof MalformedMessageError) return new RpcError(GrpcStatus.INVALID_ARGUMENT, error.message);
  return new RpcError(GrpcStatus.INTERNAL, error instanceof Error ? error.message : 'unexpected failure');
}
