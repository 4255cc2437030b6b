import os from 'node:os';

/** What a figure was measured on: without it the figure means nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly loadBefore: readonly number[];
}

export function machine(): Machine {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    loadBefore: load(),
  };
}

export function load(): readonly number[] {
  return os.loadavg().map((value) => Number(value.toFixed(1)));
}

export function machineLine({ cpu, cores, memoryGiB, system, node, loadBefore }: Machine, loadAfter: readonly number[]): string {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, load average ${loadBefore.join(' ')} before and ${loadAfter.join(' ')} after`;
}
