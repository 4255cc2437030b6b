import { appendConflicted, appendSucceeded, readAppendMessage } from '../messages/append.js';
import { MAX_APPEND_BYTES, sizeOf, type ProposedEvent } from '../streams/proposed-event.js';
import type { Writes, WriteTarget } from '../streams/write-request.js';
import type { Call } from '../wire/call.js';
import { invalidArgument } from '../wire/status.js';
import { appendTooLarge, refusalOf } from './write-refusals.js';

/** One append a call: options, then events, then the end. */
export function serveAppend(call: Call, lane: Writes): void {
  let target: WriteTarget | undefined;
  const events: ProposedEvent[] = [];
  let bytes = 0;
  call.receive(
    (bytesOfMessage) => {
      const message = readAppendMessage(bytesOfMessage);
      if (message.kind === 'options') {
        target = message.target;
        return;
      }
      bytes += sizeOf(message.event);
      if (bytes > MAX_APPEND_BYTES) throw appendTooLarge();
      events.push(message.event);
    },
    () => {
      if (!target) throw invalidArgument('the append has no options');
      const { stream, expected } = target;
      lane.submit({ kind: 'append', stream, expected, events, deadline: undefined }, (outcome) => {
        if (outcome.kind === 'written') call.send(appendSucceeded(outcome.revision, outcome.position));
        else if (outcome.kind === 'conflict') call.send(appendConflicted(expected, outcome.revision));
        else return call.fail(refusalOf({ stream, expected }, outcome));
        call.finish();
      });
    },
  );
}
