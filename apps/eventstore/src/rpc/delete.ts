import { deleted, readDelete } from '../messages/delete.js';
import type { Writes } from '../streams/write-request.js';
import type { Call } from '../wire/call.js';
import { refusalOf } from './write-refusals.js';

/** Soft delete: the stream reads as missing until somebody appends again. Tombstone: for ever. */
export function serveDelete(call: Call, lane: Writes, kind: 'delete' | 'tombstone'): void {
  call.receiveOne((message) => {
    const target = readDelete(message);
    lane.submit({ kind, ...target }, (outcome) => {
      if (outcome.kind !== 'written') return call.fail(refusalOf(target, outcome));
      call.send(deleted(outcome.position ?? 0));
      call.finish();
    });
  });
}
