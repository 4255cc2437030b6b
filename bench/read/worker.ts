import { ownCpuMicros } from '../harness/cpu.js';
import { rounded } from '../harness/percentiles.js';
import { serve } from '../harness/worker.js';
import { handOverGrpc, handOverHttp2, officialClient, rawBytes, storePortReadAll, storePortSubscribe, type Road } from './roads.js';

export interface ReadSlice {
  readonly events: number;
  readonly perSecond: number;
  readonly cpuMicrosPerEvent: number;
  /** Of what was handed over, so that roads can be compared: zero where nothing was decoded. */
  readonly sum: number;
}

const ROADS: Readonly<Record<string, Road>> = {
  'store port, readAll': storePortReadAll,
  'store port, subscribe': storePortSubscribe,
  'official client': officialClient,
  'hand decoder over grpc-js': handOverGrpc,
  'hand decoder over http2': handOverHttp2,
  'raw bytes': rawBytes,
};

async function slice({ road, port, events }: { road: string; port: string; events: number }): Promise<ReadSlice> {
  const read = ROADS[road];
  if (read === undefined) throw new TypeError(`no road is called ${road}`);
  let [count, sum] = [0, 0];
  const [startedAt, cpu] = [performance.now(), ownCpuMicros()];
  let endedAt = startedAt;
  await read(port, (event) => {
    // Some roads hand over what has already arrived when they are told that it is enough.
    if (count === events) return false;
    count += 1;
    if (event !== null) sum += Number(event.revision) + Number(event.data['amount']) + event.id.length + event.stream.length;
    if (count === events) endedAt = performance.now();
    return count < events;
  });
  if (count < events) throw new Error(`${road} gave ${count} events instead of ${events}`);
  const cpuMicrosPerEvent = rounded((ownCpuMicros() - cpu) / events, 1);
  return { events, perSecond: Math.round(events / ((endedAt - startedAt) / 1_000)), cpuMicrosPerEvent, sum };
}

serve({ slice });
