import { refusalsOf, type CommandContract, type QueryContract } from './contract.js';
import { jsonAnswer, notModified, problemAnswers, reference, schemaOf, type Schema } from './openapi-answers.js';

type Contract = CommandContract | QueryContract;

export function argumentsSchema(contract: Contract): Schema {
  return schemaOf(contract.args, 'input');
}

/** Whether its answers come in pages. */
export function takesPages(contract: Contract): boolean {
  return 'cursor' in propertiesOf(argumentsSchema(contract));
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

export const IF_NONE_MATCH_MEANING = 'The `ETag` of an answer you have: 304 without a body while nothing else would be said.';

export const IDEMPOTENCY_KEY_FORM = { type: 'string', minLength: 1, maxLength: 128, pattern: '^[!-~]+$' };

const POSITION = {
  type: 'string',
  description: 'Opaque; pass it as minPosition to read at least what this answer knows',
};

const NEXT_CURSOR = {
  type: ['string', 'null'],
  description: 'Opaque; pass it as cursor, with the same arguments, for the next page; null on the last one',
};

const STALE = {
  type: 'object',
  description: 'Only while the read models stand still or catch up: right as of the position, and older than it should be',
  required: ['since', 'reason'],
  properties: {
    since: { type: 'string', format: 'date-time', description: 'Since when they are behind' },
    reason: { type: 'string', examples: ['parked', 'catching-up'] },
  },
};

/** What every message says in JSON, once, by name: its own address and the batch refer to it. */
export function messageSchemas(contracts: readonly Contract[]): Record<string, Schema> {
  const schemas = contracts.flatMap((contract) => [
    [argsName(contract), argumentsSchema(contract)],
    [answerName(contract), schemaOf(contract.answer, 'output')],
  ]);
  return Object.fromEntries(schemas) as Record<string, Schema>;
}

export function argsName({ name }: Contract): string {
  return `${name}Args`;
}

function answerName({ name, kind }: Contract): string {
  return kind === 'command' ? `${name}Result` : `${name}Data`;
}

/** `result` is that of one command, or of whichever was sent. */
export function commandAnswer(result: Schema): Schema {
  return {
    type: 'object',
    required: ['commandId', 'position', 'result', 'projected'],
    properties: {
      commandId: { type: 'string', format: 'uuid' },
      position: POSITION,
      result,
      projected: {
        type: 'boolean',
        description: 'true only if the answer waited, see Prefer, and the read models have it',
      },
      notProjected: {
        type: 'array',
        items: { type: 'string' },
        description: 'Read models that were not waited for, because they stand still for this family',
      },
    },
  };
}

/** `data` is that of one query, or of whichever was sent. */
export function queryAnswer(data: Schema, pages: 'always' | 'maybe' | 'never'): Schema {
  return {
    type: 'object',
    required: ['data', 'position', ...(pages === 'always' ? ['nextCursor'] : [])],
    properties: { data, position: POSITION, ...(pages !== 'never' && { nextCursor: NEXT_CURSOR }), stale: STALE },
  };
}

export function commandPath(contract: CommandContract): [string, Schema] {
  const post = {
    operationId: contract.name,
    summary: contract.summary,
    tags: ['commands'],
    parameters: [
      header('Idempotency-Key', IDEMPOTENCY_KEY_MEANING, IDEMPOTENCY_KEY_FORM),
      header('Prefer', PREFER_MEANING, { examples: ['wait=2'] }),
    ],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: reference(argsName(contract)), example: contract.example } },
    },
    responses: {
      200: jsonAnswer(
        'Accepted: the events are durable',
        commandAnswer(reference(answerName(contract))),
        'Daybook-Position',
        'Idempotency-Replayed',
        'Preference-Applied',
      ),
      ...problemAnswers(refusalsOf(contract)),
    },
  };
  return [`/v1/commands/${contract.name}`, { post }];
}

export function queryPath(contract: QueryContract): [string, Schema] {
  const args = argumentsSchema(contract);
  const required = new Set((args['required'] ?? []) as string[]);
  const example = contract.example as Readonly<Record<string, unknown>>;
  const parameters = Object.entries(propertiesOf(args)).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.has(name),
    schema,
    ...('description' in schema ? { description: schema['description'] } : {}),
    ...(example[name] !== undefined && { example: example[name] }),
  }));
  const minPosition = { name: 'minPosition', in: 'query', required: false, description: MIN_POSITION_MEANING };
  const answer = queryAnswer(reference(answerName(contract)), takesPages(contract) ? 'always' : 'never');
  const get = {
    operationId: contract.name,
    summary: contract.summary,
    tags: ['queries'],
    parameters: [...parameters, { ...minPosition, schema: { type: 'string' } }, header('If-None-Match', IF_NONE_MATCH_MEANING)],
    responses: {
      200: jsonAnswer('Rows and position from one snapshot', answer, 'Daybook-Position', 'ETag'),
      304: notModified('Nothing else would be said than in the answer you have', 'Daybook-Position', 'ETag'),
      ...problemAnswers(refusalsOf(contract)),
    },
  };
  return [`/v1/queries/${contract.name}`, { get }];
}

export function header(name: string, description: string, schema: Schema = {}): Schema {
  return { name, in: 'header', required: false, description, schema: { type: 'string', ...schema } };
}

function propertiesOf(schema: Schema): Record<string, Schema> {
  return (schema['properties'] ?? {}) as Record<string, Schema>;
}
