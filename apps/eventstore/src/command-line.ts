import { parseArgs } from 'node:util';

export interface CommandLine {
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  readonly segmentBytes: number;
  readonly reserveBytes: number;
  readonly verify: boolean;
  /** 0 switches the scrub off. */
  readonly scrubBytesPerSecond: number;
  readonly scrubPauseMs: number;
  /** Takes orders to fail from its parent process: for tests. */
  readonly failsOnOrder: boolean;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const MEBIBYTE = 1024 * 1024;
const DEFAULT_PORT = '2113';
const DEFAULT_SEGMENT_MIB = '64';
const DEFAULT_RESERVE_MIB = '256';
const DEFAULT_SCRUB_MIB = '2';
const DEFAULT_SCRUB_HOURS = '24';
const HOUR_MS = 3_600_000;
/** Timers of Node end at 24 days. */
const LONGEST_PAUSE_HOURS = 480;

/** Loopback has many addresses and this protocol, unencrypted and without accounts, belongs on them only. */
const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

export function readCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): CommandLine {
  const { values } = parse(args);
  const directory = values.dir ?? env['EVENTSTORE_DIR'];
  if (!directory) throw new UsageError('Say where the events are kept: --dir <path> or EVENTSTORE_DIR.');
  const host = values.host ?? '127.0.0.1';
  if (!LOOPBACK.test(host)) {
    throw new UsageError(
      `The embedded event store listens on loopback only, not on ${host}. ` +
        'To use it from another machine, run an EventStoreDB cluster and name it in EVENTSTORE_URL.',
    );
  }
  if (values.faults && env['NODE_ENV'] === 'production') {
    throw new UsageError('--faults makes the event store fail on purpose: it is for tests, not for production.');
  }
  return {
    directory,
    host,
    port: wholeNumber('--port', values.port ?? env['EVENTSTORE_PORT'] ?? DEFAULT_PORT, 0, 65_535),
    segmentBytes: wholeNumber('--segment-mib', values['segment-mib'] ?? DEFAULT_SEGMENT_MIB, 1, 1024) * MEBIBYTE,
    reserveBytes:
      wholeNumber('--reserve-mib', values['reserve-mib'] ?? DEFAULT_RESERVE_MIB, 0, 2 ** 40) * MEBIBYTE,
    verify: values.verify ?? false,
    scrubBytesPerSecond: wholeNumber('--scrub-mib', values['scrub-mib'] ?? DEFAULT_SCRUB_MIB, 0, 2 ** 20) * MEBIBYTE,
    scrubPauseMs: wholeNumber('--scrub-hours', values['scrub-hours'] ?? DEFAULT_SCRUB_HOURS, 0, LONGEST_PAUSE_HOURS) * HOUR_MS,
    failsOnOrder: values.faults ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        dir: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        'segment-mib': { type: 'string' },
        'reserve-mib': { type: 'string' },
        verify: { type: 'boolean' },
        'scrub-mib': { type: 'string' },
        'scrub-hours': { type: 'string' },
        faults: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${name} must be a whole number from ${least} to ${most}, not "${text}".`);
}
