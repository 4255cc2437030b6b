import { ERRORS, type ErrorCode } from '@daybook/kernel';
import { z } from 'zod';
import {
  COMMAND_REFUSALS,
  COMMON_REFUSALS,
  QUERY_REFUSALS,
  type CommandContract,
  type QueryContract,
} from './contract.js';

type Contract = CommandContract | QueryContract;
type Schema = Record<string, unknown>;

export interface OpenApiOptions {
  readonly version: string;
  readonly serverUrl: string;
  readonly statusOf: (code: ErrorCode) => number;
}

/** OpenAPI 3.1 derived from the contracts: `operationId` is the message's name, each operation lists its problem codes. */
export function openApiDocument(contracts: readonly Contract[], options: OpenApiOptions): Schema {
  const paths = contracts.map((contract) =>
    contract.kind === 'command' ? commandPath(contract, options) : queryPath(contract, options),
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'Daybook',
      version: options.version,
      description: 'The shared daily budget of a household. Commands change it, queries read it.',
    },
    servers: [{ url: options.serverUrl }],
    security: [{ bearer: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: problemSchema() },
    },
  };
}

export function refusalsOf(contract: Contract): readonly ErrorCode[] {
  const ofItsKind = contract.kind === 'command' ? COMMAND_REFUSALS : QUERY_REFUSALS;
  return [...new Set([...contract.refusals, ...ofItsKind, ...COMMON_REFUSALS])];
}

export function argumentsSchema(contract: Contract): Schema {
  return z.toJSONSchema(contract.args, { io: 'input', unrepresentable: 'any' }) as Schema;
}

function answerSchema(contract: Contract): Schema {
  return z.toJSONSchema(contract.answer, { io: 'output', unrepresentable: 'any' }) as Schema;
}

function commandPath(contract: CommandContract, options: OpenApiOptions): [string, Schema] {
  const answer = {
    type: 'object',
    required: ['commandId', 'position', 'result', 'projected'],
    properties: {
      commandId: { type: 'string', format: 'uuid' },
      position: { type: 'string', description: 'Opaque; pass it as minPosition to read your own write' },
      result: answerSchema(contract),
      projected: { type: 'boolean' },
    },
  };
  const post = {
    operationId: contract.name,
    summary: contract.summary,
    tags: ['commands'],
    parameters: [
      header('Idempotency-Key', 'A UUID becomes the commandId; any other key is mapped to one'),
      header('Prefer', '`wait=<seconds up to 5>` answers when the read models have it'),
    ],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: argumentsSchema(contract), example: contract.example } },
    },
    responses: { 200: jsonAnswer('Accepted: the events are durable', answer), ...problems(contract, options) },
  };
  return [`/v1/commands/${contract.name}`, { post }];
}

function queryPath(contract: QueryContract, options: OpenApiOptions): [string, Schema] {
  const args = argumentsSchema(contract);
  const properties = (args['properties'] ?? {}) as Record<string, Schema>;
  const required = new Set((args['required'] ?? []) as string[]);
  const parameters = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.has(name),
    schema,
    ...('description' in schema ? { description: schema['description'] } : {}),
  }));
  const answer = {
    type: 'object',
    required: ['data', 'position'],
    properties: { data: answerSchema(contract), position: { type: 'string' } },
  };
  const get = {
    operationId: contract.name,
    summary: contract.summary,
    tags: ['queries'],
    parameters: [
      ...parameters,
      { name: 'minPosition', in: 'query', required: false, schema: { type: 'string' } },
    ],
    responses: { 200: jsonAnswer('Rows and position from one snapshot', answer), ...problems(contract, options) },
  };
  return [`/v1/queries/${contract.name}`, { get }];
}

function header(name: string, description: string): Schema {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

function jsonAnswer(description: string, schema: Schema): Schema {
  return { description, content: { 'application/json': { schema } } };
}

function problems(contract: Contract, options: OpenApiOptions): Record<string, Schema> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of refusalsOf(contract)) {
    const status = options.statusOf(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses = [...byStatus].map(([status, codes]) => [
    String(status),
    {
      description: codes.map((code) => `${code}: ${ERRORS[code].title}`).join('\n\n'),
      content: {
        'application/problem+json': {
          schema: {
            allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }],
          },
        },
      },
    },
  ]);
  return Object.fromEntries(responses) as Record<string, Schema>;
}

function problemSchema(): Schema {
  const text = { type: 'string' };
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'category', 'detail', 'traceId'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: text,
      status: { type: 'integer' },
      code: { enum: Object.keys(ERRORS) },
      category: text,
      detail: text,
      instance: text,
      traceId: text,
      errors: {
        type: 'array',
        items: { type: 'object', properties: { pointer: text, path: text, code: text, message: text } },
      },
    },
  };
}
