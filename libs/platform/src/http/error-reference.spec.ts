import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DaybookError, ERRORS, type ErrorCode } from '@daybook/kernel';
import { errorReference, renderErrorDocs } from './error-reference.js';
import { HTTP_MEANING, httpStatusOf, problemAnswer, problemType } from './problem.js';

const CODES = Object.keys(ERRORS) as ErrorCode[];
const ROOT = path.resolve(__dirname, '../../../..');

describe('docs/errors.md', () => {
  it('is what `node bin/error-docs.cjs` writes', () => {
    expect(readFileSync(path.join(ROOT, 'docs/errors.md'), 'utf8')).toBe(renderErrorDocs());
  });

  it.each(CODES)('has a row for %s under its code as anchor', (code) => {
    expect(renderErrorDocs().split(`<a id="${code}"></a>`)).toHaveLength(2);
  });
});

describe('the status of a code', () => {
  it('is one that its category allows', () => {
    const allowed: Record<string, readonly number[]> = {
      ValidationError: [400, 404, 405, 406, 408, 413, 415, 421, 422, 431],
      AuthorizationError: [401, 403, 404],
      TransactionCreationError: [422],
      BudgetCalculationError: [422],
      FamilySyncError: [422, 429],
      ConflictError: [409, 422],
      UnavailableError: [429, 500, 503],
    };
    for (const { code, category, status } of errorReference()) {
      expect([code, allowed[category]?.includes(status)]).toEqual([code, true]);
    }
  });

  it.each(CODES.filter((code) => [429, 503].includes(httpStatusOf(code))))('with %s comes Retry-After', (code) => {
    const context = { publicUrl: 'https://budget.example/', instance: '/', traceId: '0' };
    const { headers, body } = problemAnswer(new DaybookError(code, 'd'), context);
    expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(body.type).toBe(`https://budget.example/docs/errors#${code}`);
  });

  it('has advice that is a sentence', () => {
    for (const { advice } of Object.values(HTTP_MEANING)) expect(advice).toMatch(/^[A-Z].*\.$/);
  });

  it('lets the type be the same with and without a slash after the public address', () => {
    expect(problemType('http://x/', 'INTERNAL')).toBe(problemType('http://x', 'INTERNAL'));
  });
});
