import { ownCpuMicros } from './cpu.js';
import { percentiles, rounded } from './percentiles.js';

/** What one slice of a closed loop came to. Latencies are of this process's clock, around each operation. */
export interface Slice {
  readonly ops: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Of the process that drives the loop: what an operation costs its client. */
  readonly cpuMicrosPerOp: number;
}

export interface SliceOrder {
  readonly writers: number;
  readonly milliseconds: number;
  readonly warmUpMilliseconds: number;
}

/** So many workers, each with one operation under way at any time, for so long; the warm-up does not count. */
export async function closedLoop(order: SliceOrder, operate: (worker: number) => Promise<void>): Promise<Slice> {
  if (order.warmUpMilliseconds > 0) await loop(order.writers, order.warmUpMilliseconds, operate, null);
  const latencies: number[] = [];
  const [startedAt, cpu] = [performance.now(), ownCpuMicros()];
  await loop(order.writers, order.milliseconds, operate, latencies);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuMicrosPerOp = rounded((ownCpuMicros() - cpu) / latencies.length, 1);
  const { p50, p99, max } = percentiles(latencies);
  return { ops: latencies.length, perSecond: Math.round(latencies.length / seconds), p50Ms: p50, p99Ms: p99, maxMs: max, cpuMicrosPerOp };
}

async function loop(
  workers: number,
  milliseconds: number,
  operate: (worker: number) => Promise<void>,
  latencies: number[] | null,
): Promise<void> {
  const until = performance.now() + milliseconds;
  const work = async (worker: number): Promise<void> => {
    for (let begun = performance.now(); begun < until; ) {
      await operate(worker);
      const ended = performance.now();
      latencies?.push(ended - begun);
      begun = ended;
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
}
