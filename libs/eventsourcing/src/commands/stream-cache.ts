import { invariant } from '@daybook/kernel';
import { NO_EVENTS, type EventStore, type RecordedEvent } from '../store.js';
import { LogWentBackError } from './answers.js';
import { CachedStream } from './cached-stream.js';
import type { AnyFold, CommandLimits } from './command-request.js';

type CacheLimits = Pick<CommandLimits, 'cachedStreams' | 'cachedEvents' | 'readDeadlineMs'>;

/** Streams this process has read or written, the least recently used leaving first. Bounded by streams and events. */
export class StreamCache {
  private readonly streams = new Map<string, CachedStream>();
  private readonly weights = new Map<CachedStream, number>();
  private weight = 0;

  constructor(
    private readonly store: EventStore,
    private readonly limits: CacheLimits,
  ) {}

  /** What is known without asking. It may be old. */
  known(stream: string, fold: AnyFold): CachedStream | undefined {
    const cached = this.streams.get(stream);
    if (cached === undefined) return undefined;
    invariant(cached.fold.decider.evolve === fold.decider.evolve, `stream ${stream} has two folds`);
    this.streams.delete(stream);
    this.streams.set(stream, cached);
    return cached;
  }

  /**
   * Reads forward from what is known. When it returns, the state is one the stream had after the call began. The last
   * known event is read again: where it is missing or another, the log has gone back below us.
   */
  async refresh(stream: string, fold: AnyFold): Promise<CachedStream> {
    const cached = this.known(stream, fold) ?? new CachedStream(stream, fold);
    const { revision, lastEventId } = cached;
    const from = revision === NO_EVENTS ? 0n : revision;
    let confirmed = lastEventId === null;
    for await (const event of this.store.readStream(stream, { from, deadlineMs: this.limits.readDeadlineMs })) {
      if (event.revision === revision) confirmed = event.id === lastEventId;
      if (!confirmed) break;
      this.advance(cached, event);
    }
    if (!confirmed) throw new LogWentBackError(`stream ${stream} no longer has the event of revision ${revision}`);
    this.keep(cached);
    return cached;
  }

  /** Events that were stored or seen elsewhere. What does not follow on what is known is left to the next read. */
  observe(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      const cached = this.streams.get(event.stream);
      if (cached?.revision === event.revision - 1n) this.advance(cached, event);
    }
  }

  /** A stream may have been pushed out while its append was on the way; it is known again now. */
  commit(cached: CachedStream, events: readonly RecordedEvent[]): void {
    for (const event of events) this.advance(cached, event);
    this.keep(cached);
  }

  private advance(cached: CachedStream, event: RecordedEvent): void {
    try {
      cached.advance(event);
    } catch (error) {
      // Half a state is no state: the next command starts from the store and fails there for the same reason.
      this.forget(cached);
      throw error;
    }
  }

  private keep(cached: CachedStream): void {
    const other = this.streams.get(cached.stream);
    if (other !== undefined && other !== cached) {
      if (other.revision >= cached.revision) return;
      this.forget(other);
    }
    this.streams.delete(cached.stream);
    this.streams.set(cached.stream, cached);
    this.weight += cached.eventCount - (this.weights.get(cached) ?? 0);
    this.weights.set(cached, cached.eventCount);
    for (const oldest of this.streams.values()) {
      if (this.streams.size <= this.limits.cachedStreams && this.weight <= this.limits.cachedEvents) return;
      this.forget(oldest);
    }
  }

  private forget(cached: CachedStream): void {
    if (this.streams.get(cached.stream) === cached) this.streams.delete(cached.stream);
    this.weight -= this.weights.get(cached) ?? 0;
    this.weights.delete(cached);
  }
}
