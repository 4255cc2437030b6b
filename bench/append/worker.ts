import { closedLoop, type Slice, type SliceOrder } from '../harness/closed-loop.js';
import { serve } from '../harness/worker.js';
import { asBytes, asRows, overTheWire, throughClient, throughStorePort, type Appending } from './contenders.js';

/** One contender in a process of its own: `worker.js <kind> <where>`. What it opens for a slice it closes after it. */
const [kind = '', where = ''] = process.argv.slice(2);
let acknowledged = 0;

function open(connections: number): Appending | Promise<Appending> {
  switch (kind) {
    case 'store port':
      return throughStorePort(where);
    case 'client':
      return throughClient(where);
    case 'wire':
      return overTheWire(where);
    case 'rows':
      return asRows(where, connections);
    case 'bytes':
      return asBytes(where);
    default:
      throw new TypeError(`no contender is called ${kind}`);
  }
}

async function slice(order: SliceOrder & { readonly connections: number }): Promise<Slice> {
  const appending = await open(Math.min(order.writers, order.connections));
  try {
    return await closedLoop(order, async (writer) => {
      await appending.append(writer);
      acknowledged += 1;
    });
  } finally {
    await appending.close();
  }
}

serve({ slice, acknowledged: () => acknowledged });
