import { invariant } from '@daybook/kernel';
import { commandMarkOf, type CommandMark } from '../envelope.js';
import { NO_EVENTS, type Position, type RecordedEvent, type Revision } from '../store.js';
import type { AnyFold } from './command-request.js';

/** A command this stream has accepted, and where its events are. */
export interface AcceptedCommand extends CommandMark {
  readonly first: Revision;
  last: Revision;
}

/**
 * What is known of one stream: the state its committed events add up to, and every command they came from. It is right
 * up to its revision for ever, because committed events never change; whether it is the newest is another question,
 * which only the store can answer.
 */
export class CachedStream {
  state: unknown;
  revision: Revision = NO_EVENTS;
  /** Of the event at the revision; zero before the first. */
  position: Position = 0n;
  lastEventId: string | null = null;
  readonly commands = new Map<string, AcceptedCommand>();

  constructor(
    readonly stream: string,
    readonly fold: AnyFold,
  ) {
    this.state = fold.decider.initial;
  }

  get eventCount(): number {
    return Number(this.revision + 1n);
  }

  /** Takes the next committed event; one it has had before changes nothing. */
  advance(event: RecordedEvent): void {
    if (event.revision <= this.revision) return;
    invariant(event.revision === this.revision + 1n, `stream ${this.stream} has a gap before ${event.revision}`);
    this.state = this.fold.decider.evolve(this.state, this.fold.events.decode(event));
    this.remember(event);
    this.revision = event.revision;
    this.position = event.position;
    this.lastEventId = event.id;
  }

  private remember({ metadata, revision }: RecordedEvent): void {
    const mark = commandMarkOf(metadata);
    if (mark === null) return;
    const known = this.commands.get(mark.commandId);
    if (known === undefined) {
      this.commands.set(mark.commandId, { ...mark, first: revision, last: revision });
      return;
    }
    invariant(known.last === revision - 1n, `command ${mark.commandId} was accepted twice in ${this.stream}`);
    known.last = revision;
  }
}
