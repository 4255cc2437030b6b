import { BODY_EDGE_REFUSALS, COMMON_REFUSALS, QUERY_REFUSALS, type CommandContract, type QueryContract } from './contract.js';
import { jsonAnswer, problemAnswers, reference, type Schema } from './openapi-answers.js';
import {
  argsName, commandAnswer, header, IDEMPOTENCY_KEY_FORM, IDEMPOTENCY_KEY_MEANING, MIN_POSITION_MEANING, PREFER_MEANING, queryAnswer,
} from './openapi-messages.js';

type Contract = CommandContract | QueryContract;

export const MAX_BATCH_COMMANDS = 500;
export const MAX_BATCH_QUERIES = 20;

const ANYTHING = { type: 'object', description: 'That of the message, see its own address' };
const PROBLEM = {
  type: 'object',
  required: ['problem'],
  properties: { problem: reference('Problem') },
};

export const COMMAND_BATCH_MEANING =
  'Carries out commands one after the other, each begun when the one before has its answer. Not atomic: what one is ' +
  'refused says nothing about the next, so look at every item. Prefer: wait counts for the whole of it.';

export const QUERY_BATCH_MEANING = 'Answers many questions at one position, from one snapshot.';

/** `POST /v1/commands` and `POST /v1/queries`: each item is what its own address takes, and is answered in its place. */
export function batchPaths(contracts: readonly Contract[]): [string, Schema][] {
  const commands = contracts.filter((contract) => contract.kind === 'command');
  const queries = contracts.filter((contract) => contract.kind === 'query');
  return [
    ['/v1/commands', { post: commandBatch(commands) }],
    ['/v1/queries', { post: queryBatch(queries) }],
  ];
}

function commandBatch(contracts: readonly CommandContract[]): Schema {
  const key = { idempotencyKey: { ...IDEMPOTENCY_KEY_FORM, description: IDEMPOTENCY_KEY_MEANING } };
  const replayed = { type: 'boolean', description: '`true` when the command had been carried out before and this is its first answer again' };
  const answer = commandAnswer(ANYTHING);
  const item = { ...answer, properties: { ...(answer['properties'] as Schema), replayed } };
  return {
    operationId: 'runCommands',
    summary: 'Up to 500 commands, in order, with one answer or problem for each.',
    description: COMMAND_BATCH_MEANING,
    tags: ['commands'],
    parameters: [header('Prefer', PREFER_MEANING, { examples: ['wait=2'] })],
    requestBody: bodyOf('commands', contracts, MAX_BATCH_COMMANDS, key, {}),
    responses: {
      200: jsonAnswer('One item for each command, in their order', resultsOf({ oneOf: [item, PROBLEM] }), 'Daybook-Position', 'Preference-Applied'),
      ...problemAnswers([...COMMON_REFUSALS, ...BODY_EDGE_REFUSALS]),
    },
  };
}

function queryBatch(contracts: readonly QueryContract[]): Schema {
  const minPosition = { minPosition: { type: 'string', description: MIN_POSITION_MEANING } };
  const results = resultsOf({ oneOf: [queryAnswer(ANYTHING, 'maybe'), PROBLEM] });
  const position = { type: 'string', description: 'What all of them are at' };
  return {
    operationId: 'askQueries',
    summary: 'Up to 20 queries, all answered at one position.',
    description: QUERY_BATCH_MEANING,
    tags: ['queries'],
    requestBody: bodyOf('queries', contracts, MAX_BATCH_QUERIES, {}, minPosition),
    responses: {
      200: jsonAnswer(
        'One item for each query, in their order',
        { ...results, required: ['position', 'results'], properties: { position, ...(results['properties'] as Schema) } },
        'Daybook-Position',
      ),
      ...problemAnswers([...COMMON_REFUSALS, ...BODY_EDGE_REFUSALS, ...QUERY_REFUSALS]),
    },
  };
}

function bodyOf(list: string, contracts: readonly Contract[], maxItems: number, ofItem: Schema, beside: Schema): Schema {
  const items = contracts.map((contract) => ({
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: { name: { const: contract.name }, args: reference(argsName(contract)), ...ofItem },
  }));
  const schema = {
    type: 'object',
    required: [list],
    additionalProperties: false,
    properties: { [list]: { type: 'array', minItems: 1, maxItems, items: { oneOf: items } }, ...beside },
  };
  const example = { [list]: contracts.slice(0, 2).map(({ name, example: args }) => ({ name, args })) };
  return { required: true, content: { 'application/json': { schema, example } } };
}

function resultsOf(items: Schema): Schema {
  return { type: 'object', required: ['results'], properties: { results: { type: 'array', items } } };
}
