import type { Random } from '@daybook/kernel';
import type { WriteRequest } from './write-request.js';
import { METADATA_TYPE } from './stream-metadata.js';

/**
 * A server's log is never empty: clients that do not filter system events are to notice at once. The first two events
 * of every log say what wrote it.
 */
const NODE_METASTREAM = '$$$daybook-node';

export function firstEvents(random: Random): WriteRequest {
  const metadata = (data: object): { id: string; type: string; isJson: boolean; data: Buffer; metadata: Buffer } => ({
    id: random.uuid(),
    type: METADATA_TYPE,
    isJson: true,
    data: Buffer.from(JSON.stringify(data)),
    metadata: Buffer.alloc(0),
  });
  return {
    kind: 'append',
    stream: NODE_METASTREAM,
    expected: { kind: 'no-stream' },
    events: [metadata({ $maxCount: 1 }), metadata({ $maxCount: 1, software: 'daybook eventstore node', format: 1 })],
    deadline: undefined,
  };
}
