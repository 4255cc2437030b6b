import { DaybookError } from '@daybook/kernel';
import type { FastifyInstance } from 'fastify';
import { JsonRefused, parseStrictJson } from './strict-json.js';
import { validationFailed } from './validation.js';

const LIMITS = { depth: 20, arrayLength: 1000, exactNumbers: true };

/** JSON in UTF-8 is the only body there is; every other media type is 415. */
export function installJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      assertPlain(request.headers['content-encoding']);
      done(null, parseJsonBody(body));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

export function parseJsonBody(body: Buffer | string): unknown {
  try {
    const text = typeof body === 'string' ? body : decode(body);
    if (text.trim() === '') throw new JsonRefused('invalid_json', 'The body is empty: expected an object with the arguments');
    return parseStrictJson(text, LIMITS);
  } catch (error) {
    if (!(error instanceof JsonRefused)) throw error;
    throw validationFailed([{ pointer: '', code: error.code, message: error.message }]);
  }
}

/** Bodies are small; a packed one could unfold to any size. */
function assertPlain(contentEncoding: string | undefined): void {
  if (contentEncoding === undefined || contentEncoding.toLowerCase() === 'identity') return;
  throw new DaybookError('UNSUPPORTED_MEDIA_TYPE', 'Send the body without Content-Encoding.');
}

/** Bytes that are no UTF-8 are refused: replacing them would store another text than was sent. */
function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new JsonRefused('invalid_json', 'The body is not valid UTF-8');
  }
}
