import { isDeletedStream } from '../esdb/client-errors.js';
import type { EventStore } from '../store.js';
import { CopyRefusedError } from './copy-errors.js';

const LIMITS = ['$maxCount', '$maxAge', '$tb'];
/** Reads under way at once; they are small. */
const AT_ONCE = 16;

/**
 * Daybook neither deletes nor truncates streams. Where somebody else has, reads of the source hide events that a copy
 * would show again: that is for a person to decide, so it is refused.
 */
export async function refuseLimitedStreams(source: EventStore, streams: Iterable<string>): Promise<void> {
  const waiting = [...streams];
  const look = async (): Promise<void> => {
    for (let stream = waiting.pop(); stream !== undefined; stream = waiting.pop()) {
      const limit = await limitOf(source, stream);
      if (limit === undefined) continue;
      throw new CopyRefusedError(
        `The stream ${stream} of the source is ${limit}: readers of it are not shown every event, and readers of a copy ` +
          'would be. Daybook never does that to a stream; find out who did, and set its metadata to {}.',
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
}

async function limitOf(source: EventStore, stream: string): Promise<string | undefined> {
  try {
    for await (const { data } of source.readStream(`$$${stream}`, { direction: 'backwards', maxCount: 1 })) {
      const limits = LIMITS.filter((key) => data[key] !== undefined);
      return limits.length > 0 ? `limited by its metadata (${limits.join(', ')})` : undefined;
    }
    return undefined;
  } catch (error) {
    if (isDeletedStream(error)) return 'deleted';
    throw error;
  }
}
