import { commandMarkOf } from '../envelope.js';
import type { RecordedEvent } from '../store.js';
import { LogWentBackError } from './answers.js';
import type { AcceptedCommand } from './cached-stream.js';
import type { AnyOutcome, AnyRequest } from './command-request.js';
import type { RuntimePorts } from './runtime-ports.js';

/** The first outcome of a command that was accepted before, from its events as the store has them. */
export async function readReplay(
  { stream, commandId, events: codec }: AnyRequest,
  { first, last }: AcceptedCommand,
  { store, limits }: Pick<RuntimePorts, 'store' | 'limits'>,
): Promise<AnyOutcome> {
  const maxCount = Number(last - first) + 1;
  const events: RecordedEvent[] = [];
  for await (const event of store.readStream(stream, { from: first, maxCount, deadlineMs: limits.readDeadlineMs })) {
    events.push(event);
  }
  const lastEvent = events.at(-1);
  const isOurs = ({ metadata }: RecordedEvent): boolean => commandMarkOf(metadata)?.commandId === commandId;
  if (lastEvent === undefined || events.length !== maxCount || !events.every(isOurs)) {
    throw new LogWentBackError(`stream ${stream} no longer has the events of command ${commandId}`);
  }
  return {
    commandId,
    position: lastEvent.position,
    revision: lastEvent.revision,
    events: events.map((event) => codec.decode(event)),
    replayed: true,
    quiet: false,
  };
}
