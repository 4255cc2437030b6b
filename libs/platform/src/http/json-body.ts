import type { FastifyInstance } from 'fastify';
import { JsonRefused, parseStrictJson } from './strict-json.js';
import { validationFailed } from './validation.js';

const LIMITS = { depth: 20, arrayLength: 1000, exactNumbers: true };

/** JSON in UTF-8 is the only body there is; every other media type is 415. */
export function installJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

export function parseJsonBody(body: Buffer | string): unknown {
  try {
    const text = typeof body === 'string' ? body : decode(body);
    return parseStrictJson(text, LIMITS);
  } catch (error) {
    if (!(error instanceof JsonRefused)) throw error;
    throw validationFailed([{ pointer: '', code: error.code, message: error.message }]);
  }
}

/** Bytes that are no UTF-8 are refused: replacing them would store another text than was sent. */
function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new JsonRefused('invalid_json', 'The body is not valid UTF-8');
  }
}
