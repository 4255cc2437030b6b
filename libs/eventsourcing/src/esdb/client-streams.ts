import type { Timers } from '@daybook/kernel';
import { StoreUnavailableError, type SubscriptionMessage } from '../store.js';
import type { ClientEvent } from './client-event.js';
import { isMissingStream, unavailable } from './client-errors.js';

/** The parts used here of the client's streams, which are Node's with a way to end the call behind them. */
interface ClientStream {
  readonly destroyed: boolean;
  on(event: string, listener: () => void): unknown;
  destroy(error?: Error): unknown;
}

interface ClientRead extends ClientStream {
  iterator(options: { readonly destroyOnReturn: boolean }): AsyncIterable<unknown>;
  resume(): unknown;
  cancel(): Promise<void>;
}

interface ClientSubscription extends ClientStream, AsyncIterable<unknown> {
  push(item: unknown): unknown;
  unsubscribe(): Promise<void>;
}

/** One event at a time, as fast as it is asked for: behind it the stream's own small buffer, then the server waits. */
export async function* pull(
  read: ClientRead,
  timers: Timers,
  deadlineMs: number | undefined,
): AsyncGenerator<ClientEvent> {
  read.on('error', ignore);
  const late = (): unknown => read.destroy(new StoreUnavailableError(`no answer to a read in ${deadlineMs} ms`));
  const cancelDeadline = deadlineMs === undefined ? ignore : timers.after(deadlineMs, late);
  try {
    yield* read.iterator({ destroyOnReturn: false }) as AsyncIterable<ClientEvent>;
  } catch (error) {
    if (!isMissingStream(error)) throw unavailable(error);
  } finally {
    cancelDeadline();
    read.cancel().catch(ignore);
    // What is abandoned half-way is emptied: the client waits for the end of every read when it is disposed of.
    read.resume();
  }
}

export async function* follow(
  subscription: ClientSubscription,
  signal: AbortSignal,
): AsyncGenerator<ClientEvent | SubscriptionMessage> {
  subscription.on('caughtUp', () => enqueue(subscription, { kind: 'caught-up' }));
  subscription.on('error', ignore);
  const stop = (): unknown => subscription.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    yield* subscription as AsyncIterable<ClientEvent | SubscriptionMessage>;
    // A server that shuts down ends the stream without an error. The client resumes neither that nor anything else.
    if (!signal.aborted) throw new StoreUnavailableError('the server ended the subscription');
  } catch (error) {
    if (!signal.aborted) throw unavailable(error);
  } finally {
    signal.removeEventListener('abort', stop);
    subscription.unsubscribe().catch(ignore);
  }
}

/**
 * The client reports checkpoints and catching up before the events that came earlier have been pulled. In the queue of
 * the events themselves they wait their turn. Never throws: the client would stall on it for ever.
 */
export function enqueue(to: Pick<ClientSubscription, 'destroyed' | 'push'>, message: SubscriptionMessage): void {
  if (!to.destroyed) to.push(message);
}

export function ignore(): void {
  // What went wrong is told once, by whoever iterates or awaits.
}
