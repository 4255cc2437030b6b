import { refusalsOf, type CommandContract, type QueryContract } from './contract.js';
import { headerComponents, jsonAnswer, problemAnswers, problemSchema, schemaOf, type Schema } from './openapi-answers.js';
import type { OpenOperation } from './operation.js';

type Contract = CommandContract | QueryContract;

export interface OpenApiOptions {
  readonly version: string;
  readonly serverUrl: string;
  /** The addresses beside commands and queries. */
  readonly operations: readonly OpenOperation[];
}

/** OpenAPI 3.1 derived from the contracts: `operationId` is the message's name, each operation lists its problem codes. */
export function openApiDocument(contracts: readonly Contract[], options: OpenApiOptions): Schema {
  const messages = contracts.map((contract) => (contract.kind === 'command' ? commandPath(contract) : queryPath(contract)));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Daybook',
      version: options.version,
      description: 'The shared daily budget of a household. Commands change it, queries read it.',
    },
    servers: [{ url: options.serverUrl }],
    security: [{ bearer: [] }],
    paths: Object.fromEntries([...messages, ...options.operations.map(operationPath)]),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      headers: headerComponents(),
      schemas: { Problem: problemSchema() },
    },
  };
}

export function argumentsSchema(contract: Contract): Schema {
  return schemaOf(contract.args, 'input');
}

/** Whether its answers come in pages. */
export function takesPages(contract: Contract): boolean {
  return 'cursor' in ((argumentsSchema(contract)['properties'] ?? {}) as Schema);
}

export const IDEMPOTENCY_KEY_MEANING =
  'Makes it safe to send a command again: the same key with the same arguments gets the first answer again. The key ' +
  'counts per caller, command and family (for createFamily: per familyId, or per key where none is given). A UUID ' +
  'becomes the commandId; any other key is mapped to one.';

export const PREFER_MEANING =
  '`wait=<seconds>`, 5 at most: answers once the read models have what the command did, or when the time is over; ' +
  '`projected` says which.';

export const MIN_POSITION_MEANING =
  'A position of an earlier answer, as it was given: the answer is at least as new, so that you read your own write. ' +
  '`PROJECTION_BEHIND` when that takes longer than half a second.';

const POSITION = {
  type: 'string',
  description: 'Opaque; pass it as minPosition to read at least what this answer knows',
};

const NEXT_CURSOR = {
  type: ['string', 'null'],
  description: 'Opaque; pass it as cursor, with the same arguments, for the next page; null on the last one',
};

function commandPath(contract: CommandContract): [string, Schema] {
  const answer = {
    type: 'object',
    required: ['commandId', 'position', 'result', 'projected'],
    properties: {
      commandId: { type: 'string', format: 'uuid' },
      position: POSITION,
      result: schemaOf(contract.answer, 'output'),
      projected: {
        type: 'boolean',
        description: 'true only if the answer waited, see Prefer, and the read models have it',
      },
    },
  };
  const post = {
    operationId: contract.name,
    summary: contract.summary,
    tags: ['commands'],
    parameters: [
      header('Idempotency-Key', IDEMPOTENCY_KEY_MEANING, { minLength: 1, maxLength: 128, pattern: '^[!-~]+$' }),
      header('Prefer', PREFER_MEANING, { examples: ['wait=2'] }),
    ],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: argumentsSchema(contract), example: contract.example } },
    },
    responses: {
      200: jsonAnswer(
        'Accepted: the events are durable',
        answer,
        'Daybook-Position',
        'Idempotency-Replayed',
        'Preference-Applied',
      ),
      ...problemAnswers(refusalsOf(contract)),
    },
  };
  return [`/v1/commands/${contract.name}`, { post }];
}

function queryPath(contract: QueryContract): [string, Schema] {
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
  const minPosition = { name: 'minPosition', in: 'query', required: false, description: MIN_POSITION_MEANING };
  const get = {
    operationId: contract.name,
    summary: contract.summary,
    tags: ['queries'],
    parameters: [...parameters, { ...minPosition, schema: { type: 'string' } }],
    responses: {
      200: jsonAnswer('Rows and position from one snapshot', queryAnswer(contract), 'Daybook-Position'),
      ...problemAnswers(refusalsOf(contract)),
    },
  };
  return [`/v1/queries/${contract.name}`, { get }];
}

function queryAnswer(contract: QueryContract): Schema {
  const isList = takesPages(contract);
  return {
    type: 'object',
    required: ['data', 'position', ...(isList ? ['nextCursor'] : [])],
    properties: {
      data: schemaOf(contract.answer, 'output'),
      position: POSITION,
      ...(isList && { nextCursor: NEXT_CURSOR }),
      stale: {
        type: 'object',
        description: 'Only while the read models stand still or catch up: right as of the position, and older than it should be',
        required: ['since', 'reason'],
        properties: {
          since: { type: 'string', format: 'date-time', description: 'Since when they are behind' },
          reason: { type: 'string', examples: ['parked', 'catching-up'] },
        },
      },
    },
  };
}

function operationPath({ name, method, path, tag, summary, body, answers, refusals }: OpenOperation): [string, Schema] {
  const own = Object.entries(answers).map(([status, { description, schema }]) => [
    status,
    jsonAnswer(description, schemaOf(schema, 'output')),
  ]);
  const operation = {
    operationId: name,
    summary,
    tags: [tag],
    security: [],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(body.schema, 'input'), example: body.example } },
      },
    }),
    responses: { ...problemAnswers(refusals), ...(Object.fromEntries(own) as Schema) },
  };
  return [path, { [method]: operation }];
}

function header(name: string, description: string, schema: Schema): Schema {
  return { name, in: 'header', required: false, description, schema: { type: 'string', ...schema } };
}
