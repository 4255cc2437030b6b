import type { CommandContract, QueryContract } from './contract.js';
import { headerComponents, jsonAnswer, problemAnswers, problemSchema, schemaOf, type Schema } from './openapi-answers.js';
import { batchPaths } from './openapi-batches.js';
import { commandPath, messageSchemas, queryPath } from './openapi-messages.js';
import type { OpenOperation } from './operation.js';

export interface OpenApiOptions {
  readonly version: string;
  readonly serverUrl: string;
  /** The addresses beside commands and queries. */
  readonly operations: readonly OpenOperation[];
}

/** OpenAPI 3.1 derived from the contracts: `operationId` is the message's name, each operation lists its problem codes. */
export function openApiDocument(contracts: readonly (CommandContract | QueryContract)[], options: OpenApiOptions): Schema {
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
    paths: Object.fromEntries([...messages, ...batchPaths(contracts), ...options.operations.map(operationPath)]),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      headers: headerComponents(),
      schemas: { Problem: problemSchema(), ...messageSchemas(contracts) },
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
