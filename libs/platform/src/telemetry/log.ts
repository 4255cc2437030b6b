import type { Clock, Log } from '@daybook/kernel';
import { pino, stdTimeFunctions, type DestinationStream } from 'pino';
import type { LogLevel } from '../config/index.js';
import { systemClock } from '../system/index.js';
import { currentTrace } from './context.js';
import { humanLine } from './human-line.js';
import { RepeatLimit } from './repeat-limit.js';
import { redacted, redactedText, type LoggableFacts } from './redaction.js';

/** `process.stdout` is one. */
export interface LogDestination {
  write(line: string): unknown;
  readonly isTTY?: boolean;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly destination: LogDestination;
  /** One line of text for people instead of JSON; where the destination is a terminal unless given. */
  readonly forPeople?: boolean;
  /** Facts of the process, on every line: its role, its version. */
  readonly base?: Readonly<Record<string, string>>;
  /** For the limit on repeated lines; the system's unless given. */
  readonly clock?: Clock;
}

/** What the line itself owns; a fact of the same name gets an underscore. */
const LINE_MEMBERS = new Set(['time', 'level', 'message', 'traceId', 'spanId', 'commandId']);

/** The kernel's log on pino: every line carries the trace of the request it belongs to, and nothing that is personal. */
export function createLog(options: LogOptions): Log {
  const { destination, forPeople = destination.isTTY === true } = options;
  const stream: DestinationStream = {
    write: (line) => void destination.write(forPeople ? humanLine(line) : line),
  };
  const logger = pino(
    {
      level: options.level,
      base: options.base ?? null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  const limit = new RepeatLimit(options.clock ?? systemClock);
  const write = (level: 'info' | 'warn' | 'error', message: string, facts?: Readonly<Record<string, unknown>>): void => {
    const suppressed = limit.admit(message);
    if (suppressed === undefined) return;
    logger[level]({ ...lineFacts(facts), ...(suppressed > 0 && { suppressed }) }, redactedText(message));
  };
  return {
    info: (message, facts) => write('info', message, facts),
    warn: (message, facts) => write('warn', message, facts),
    error: (message, facts) => write('error', message, facts),
  };
}

function lineFacts(facts: Readonly<Record<string, unknown>> = {}): LoggableFacts {
  const own = Object.entries(redacted(facts)).map(([name, fact]) => [LINE_MEMBERS.has(name) ? `${name}_` : name, fact]);
  return { ...traceFacts(), ...(Object.fromEntries(own) as LoggableFacts) };
}

function traceFacts(): LoggableFacts {
  const trace = currentTrace();
  if (trace === undefined) return {};
  const { traceId, spanId, commandId } = trace;
  return commandId === undefined ? { traceId, spanId } : { traceId, spanId, commandId };
}
