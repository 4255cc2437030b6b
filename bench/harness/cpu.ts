import fs from 'node:fs';

const CLOCK_TICKS_PER_SECOND = 100;

export function ownCpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Of a process and its present children; Linux only, NaN elsewhere. */
export function treeCpuMicros(pid: number): number {
  try {
    return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + cpuMicrosOf(one), 0);
  } catch {
    return Number.NaN;
  }
}

function childrenOf(pid: number): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => statOf(child)[1] === String(pid));
}

function cpuMicrosOf(pid: number): number {
  const fields = statOf(pid);
  return ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / CLOCK_TICKS_PER_SECOND) * 1_000_000;
}

/** Fields behind the program's name, which may itself have spaces. */
function statOf(pid: number): readonly string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  } catch {
    return [];
  }
}

const PAGE_BYTES = 4_096;

/** Of a process; Linux only, NaN elsewhere. */
export function residentMib(pid: number): number {
  try {
    return Math.round((Number(fs.readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES) / 2 ** 20);
  } catch {
    return Number.NaN;
  }
}
