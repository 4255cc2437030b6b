import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { DaybookError, type Random, type Timers } from '@daybook/kernel';
import { traceFrom } from '../telemetry/context.js';
import { problemAnswer } from './problem.js';
import { validationFailed } from './validation.js';

export interface ClientErrorOptions {
  readonly publicUrl: () => string;
  readonly random: Random;
  readonly timers: Timers;
}

/** Long enough to read the answer; a client that keeps its end open does not keep ours. */
const LINGER_MS = 1_000;

/** Answers a connection on which no request could be read: too slow, too large, or not HTTP. Then closes it. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket, options: ClientErrorOptions): void {
  const hasBegunAnswer = socket.bytesWritten > 0 && isAnswering(socket);
  if (error.code === 'ECONNRESET' || !socket.writable || hasBegunAnswer) {
    socket.destroy();
    return;
  }
  const { traceId } = traceFrom(undefined, options.random);
  const context = { publicUrl: options.publicUrl(), instance: '/', traceId };
  const { status, headers, body } = problemAnswer(refusalOf(error), context);
  const text = JSON.stringify(body);
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(text)),
    'daybook-trace-id': traceId,
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`);
  socket.once('close', options.timers.after(LINGER_MS, () => socket.destroy()));
}

/** Node keeps the answer it is writing on the socket; a second one in its middle would be read as its body. */
function isAnswering(socket: Socket & { _httpMessage?: { headersSent?: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}

function refusalOf(error: NodeJS.ErrnoException): DaybookError {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new DaybookError('REQUEST_TIMEOUT', 'Headers have 5 seconds and the whole request 10.');
    case 'HPE_HEADER_OVERFLOW':
      return new DaybookError('HEADERS_TOO_LARGE', 'The headers are larger than 16 KiB.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new DaybookError('PAYLOAD_TOO_LARGE', 'The chunk extensions are too large.');
    case undefined:
    default:
      return validationFailed([], 'This is not a valid HTTP request.');
  }
}
