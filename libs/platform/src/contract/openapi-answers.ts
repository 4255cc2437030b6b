import { ERRORS, type ErrorCode } from '@daybook/kernel';
import { z } from 'zod';
import { errorReference } from '../http/error-reference.js';

export type Schema = Record<string, unknown>;

const REFERENCE = new Map(errorReference().map((entry) => [entry.code, entry]));

const HEADERS = {
  'Daybook-Trace-Id': 'Names this request in the log of the server',
  'Daybook-Position': 'The position of the answer, as in its body',
  ETag: 'Names what is said, for this caller; the same while nothing else would be said',
  'Idempotency-Replayed': '`true` when the command had been carried out before and this is its first answer again',
  'Preference-Applied': 'The wait that was kept to, when `Prefer` asked for one',
  'Retry-After': 'Seconds to wait before sending it again',
  'WWW-Authenticate': 'The scheme to authenticate with',
  Allow: 'The methods this address takes',
};

type HeaderName = keyof typeof HEADERS;

export function headerComponents(): Schema {
  const schema = { type: 'string' };
  return Object.fromEntries(Object.entries(HEADERS).map(([name, description]) => [name, { description, schema }]));
}

export function jsonAnswer(description: string, schema: Schema, ...headers: readonly HeaderName[]): Schema {
  return { description, headers: headersOf(headers), content: { 'application/json': { schema } } };
}

/** Without a body. */
export function notModified(description: string, ...headers: readonly HeaderName[]): Schema {
  return { description, headers: headersOf(headers) };
}

export function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** One response a status, with every code that may come with it. */
export function problemAnswers(codes: readonly ErrorCode[]): Record<string, Schema> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codes)) {
    const status = REFERENCE.get(code)?.status ?? 500;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, those]) => [String(status), problemAnswer(status, those)]));
}

function problemAnswer(status: number, codes: readonly ErrorCode[]): Schema {
  const headers: HeaderName[] = [];
  if (codes.some((code) => REFERENCE.get(code)?.isRetryable)) headers.push('Retry-After');
  if (status === 401) headers.push('WWW-Authenticate');
  if (status === 405) headers.push('Allow');
  return {
    description: codes.map((code) => `${code}: ${ERRORS[code].title}. ${REFERENCE.get(code)?.advice ?? ''}`).join('\n\n'),
    headers: headersOf(headers),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [reference('Problem'), { properties: { code: { enum: codes } } }],
        },
      },
    },
  };
}

function headersOf(names: readonly HeaderName[]): Schema {
  const all: readonly HeaderName[] = ['Daybook-Trace-Id', ...names];
  return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

export function problemSchema(): Schema {
  const text = { type: 'string' };
  const fieldError = {
    type: 'object',
    required: ['pointer', 'path', 'code', 'message'],
    properties: {
      pointer: { ...text, description: 'JSON pointer into the request; empty for the whole of it' },
      path: { ...text, description: 'The same for people: `lines[0].amount`' },
      code: { ...text, description: 'Which rule is broken, for programs' },
      message: { ...text, description: 'What is wrong, for people' },
    },
  };
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'category', 'detail', 'instance', 'traceId'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: text,
      status: { type: 'integer' },
      code: { enum: Object.keys(ERRORS), description: 'What programs decide by; never changes its meaning' },
      category: { enum: [...new Set(Object.values(ERRORS).map(({ category }) => category))] },
      detail: { ...text, description: 'About this one case, for people' },
      instance: text,
      traceId: { ...text, description: 'Names this request in the log of the server' },
      errors: { type: 'array', items: fieldError },
      retryAfterSeconds: { type: 'integer', description: 'Only inside a batch: what Retry-After says elsewhere' },
    },
  };
}

export function schemaOf(type: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, {
    io,
    unrepresentable: 'any',
    // Answers only ever gain members: a client made from this must not choke on a new one.
    override({ zodSchema, jsonSchema }) {
      if (io === 'output') delete jsonSchema.additionalProperties;
      // zod leaves these two out where the parsed value is another one than the given; a contract that names them means the given.
      else Object.assign(jsonSchema, givenForms(z.globalRegistry.get(zodSchema)));
    },
  });
  return schema;
}

function givenForms({ default: byDefault, examples }: Schema = {}): Schema {
  return { ...(byDefault !== undefined && { default: byDefault }), ...(examples !== undefined && { examples }) };
}
