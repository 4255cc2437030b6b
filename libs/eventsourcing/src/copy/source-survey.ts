import { LOG_OPENED, LOG_STREAM } from '../log-identity.js';
import type { Position, RecordedEvent, Revision } from '../store.js';

/** What one reading of a source has shown. */
export interface Survey {
  readonly events: number;
  readonly streams: readonly string[];
  /** Of its last event. */
  readonly end: Position | undefined;
  /** Why its streams cannot be written again as they are. */
  readonly gap: string | undefined;
}

export class SourceSurvey {
  private readonly next = new Map<string, Revision>();
  private events = 0;
  private last: RecordedEvent | undefined;
  private gap: string | undefined;
  private name: string | undefined;

  add(event: RecordedEvent): void {
    const { stream, revision, type, data } = event;
    const expected = this.next.get(stream) ?? 0n;
    if (revision !== expected) {
      this.gap ??=
        `The stream ${stream} of the source goes on with revision ${revision} where ${expected} is due: events of it ` +
        'were removed, and a copy cannot keep its revisions.';
    }
    this.next.set(stream, revision + 1n);
    this.events += 1;
    this.last = event;
    if (stream === LOG_STREAM && type === LOG_OPENED) this.name = String(data['logId']);
  }

  /** The name of the log up to here. */
  get logId(): string | undefined {
    return this.name;
  }

  get end(): Position | undefined {
    return this.last?.position;
  }

  result(): Survey {
    return { events: this.events, streams: [...this.next.keys()], end: this.end, gap: this.gap };
  }
}
