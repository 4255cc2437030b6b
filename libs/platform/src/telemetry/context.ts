import { AsyncLocalStorage } from 'node:async_hooks';
import type { Random } from '@daybook/kernel';

/** What every log line and every call made on behalf of one request carries. */
export interface TraceContext {
  /** 32 hex digits; the same in every process that works on the request. */
  readonly traceId: string;
  /** 16 hex digits; this process's part of the trace. */
  readonly spanId: string;
  /** The caller's part, when the caller sent one. */
  readonly parentSpanId?: string;
  readonly sampled: boolean;
  /** Known once the command's key has been read. */
  commandId?: string;
}

const storage = new AsyncLocalStorage<TraceContext>();

export function runInTrace<Result>(trace: TraceContext, work: () => Result): Result {
  return storage.run(trace, work);
}

export function currentTrace(): TraceContext | undefined {
  return storage.getStore();
}

/** From here on the log lines of this request name the command. */
export function noteCommandId(commandId: string): void {
  const trace = storage.getStore();
  if (trace !== undefined) trace.commandId = commandId;
}

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Continues the caller's trace (W3C Trace Context) when its header is valid, else starts one. Nothing of an invalid
 * header is kept: it would end up in every log line.
 */
export function traceFrom(traceparent: string | undefined, random: Random): TraceContext {
  const fresh = Buffer.from(random.bytes(TRACE_ID_BYTES + SPAN_ID_BYTES)).toString('hex');
  const spanId = notAllZero(fresh.slice(2 * TRACE_ID_BYTES));
  const match = TRACEPARENT.exec(traceparent ?? '');
  const [, version, traceId, parentSpanId, flags, rest] = match ?? [];
  const isUsable =
    traceId !== undefined &&
    parentSpanId !== undefined &&
    version !== 'ff' &&
    (version !== '00' || rest === undefined) &&
    !isAllZero(traceId) &&
    !isAllZero(parentSpanId);
  if (!isUsable) return { traceId: notAllZero(fresh.slice(0, 2 * TRACE_ID_BYTES)), spanId, sampled: false };
  return { traceId, spanId, parentSpanId, sampled: (parseInt(flags ?? '00', 16) & 1) === 1 };
}

/** The header that hands the trace on to the next process. */
export function traceparentOf(trace: TraceContext): string {
  return `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? '01' : '00'}`;
}

function isAllZero(digits: string): boolean {
  return /^0+$/.test(digits);
}

/** The standard reserves zeros for "no id". */
function notAllZero(digits: string): string {
  return isAllZero(digits) ? `${digits.slice(0, -1)}1` : digits;
}
