import type { AppendResult, Position, RecordedEvent } from '../store.js';
import type { DecidedBatch, UnwrittenDecision } from './decide-batch.js';

/** The events of a batch as the store has them now; of an append, only the position of its last event is known. */
export function storedEvents(stream: string, batch: DecidedBatch, { position }: AppendResult): RecordedEvent[] {
  return batch.accepted
    .flatMap(({ newEvents }) => newEvents)
    .map((event, index) => ({ ...event, stream, revision: batch.decidedAt.revision + BigInt(index + 1), position }));
}

/** Answers everybody in a batch that was stored, also those who left no event: it stood on the same append. */
export function answerStored(batch: DecidedBatch, { position }: AppendResult): void {
  for (const { command, events, revision } of batch.accepted) {
    const { commandId } = command.request;
    command.accept({ commandId, position, revision, events, replayed: false, quiet: false });
  }
  for (const decision of batch.unwritten) answerUnwritten(decision, position);
}

export function answerUnwritten({ command, revision, refusal }: UnwrittenDecision, position: Position): void {
  if (refusal !== null) return command.refuse(refusal);
  command.accept({
    commandId: command.request.commandId,
    position,
    revision,
    events: [],
    replayed: false,
    quiet: true,
  });
}
