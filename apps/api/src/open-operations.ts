import { EDGE_REFUSALS, VERSIONED_EDGE_REFUSALS, type OpenOperation } from '@daybook/platform';
import { z } from 'zod';
import { testClockSchema } from './dev-clock-request.js';

export const META_OPERATION: OpenOperation = {
  name: 'getMeta',
  method: 'get',
  path: '/v1/meta',
  tag: 'server',
  summary: 'What a client has to know of this server before it has a token.',
  answers: {
    200: {
      description: 'The server as it is now',
      schema: z.object({
        version: z.string(),
        api: z.literal('v1'),
        authMode: z.enum(['dev', 'oidc']).meta({ description: 'dev: anybody gets a token from POST /v1/dev/tokens' }),
        issuer: z.string().optional().meta({ description: 'Who signs the tokens; absent in dev mode' }),
        limits: z.object({
          commandBytes: z.int().meta({ description: 'Largest body of a command' }),
          batchBytes: z.int().meta({ description: 'Largest body of a batch' }),
          batchCommands: z.int().meta({ description: 'Most commands in a batch' }),
          batchQueries: z.int().meta({ description: 'Most queries in a batch' }),
        }),
      }),
    },
  },
  refusals: VERSIONED_EDGE_REFUSALS,
};

const check = z.looseObject({
  name: z.string(),
  status: z
    .enum(['ok', 'failing', 'down', 'recovering'])
    .meta({ description: 'failing and recovering: seen, and not yet believed because it has not lasted' }),
  forSeconds: z.number(),
  action: z.string().optional().meta({ description: 'What to do about it; absent while it is ok' }),
});

export const HEALTH_OPERATIONS: readonly OpenOperation[] = [
  probe('live', 'Whether the process still turns; a supervisor restarts it when not.', 'live', ['stalled']),
  probe('startup', 'Whether the start is over.', 'started', ['starting']),
  probe('ready', 'Whether it can serve, and what is missing when not; load balancers ask this.', 'ready', ['not ready', 'stopping']),
];

function probe(name: string, summary: string, well: string, unwell: readonly [string, ...string[]]): OpenOperation {
  const body = (status: z.ZodType) => z.object({
      status,
      checks: z.array(check),
      testClock: testClockSchema.optional().meta({ description: 'Only of readiness, and only while dev mode has moved the clock' }),
    });
  return {
    name: `health${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    method: 'get',
    path: `/health/${name}`,
    tag: 'server',
    summary,
    answers: {
      200: { description: 'Yes', schema: body(z.literal(well)) },
      503: { description: 'No', schema: body(z.enum(unwell)) },
    },
    refusals: EDGE_REFUSALS,
  };
}
