import { BODY_EDGE_REFUSALS, VERSIONED_EDGE_REFUSALS, type OpenOperation } from '@daybook/platform';
import { z } from 'zod';

export const devTokenRequest = z.strictObject({
  userId: z.string().meta({ description: 'Whoever you want to be', pattern: '^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$' }),
  name: z.string().max(200).optional(),
  email: z.email().max(320).optional(),
  roles: z
    .array(z.string().max(64))
    .max(20)
    .optional()
    .meta({ description: 'operator and auditor mean something, others are carried', examples: [['operator']] }),
  expiresIn: z.int().positive().optional().meta({ description: 'Seconds; 8 hours unless given, 30 days at most', maximum: 2_592_000 }),
});

export const DEV_TOKEN_OPERATION: OpenOperation = {
  name: 'issueDevToken',
  method: 'post',
  path: '/v1/dev/tokens',
  tag: 'server',
  summary: 'Dev mode only: a token for anybody who asks.',
  body: { schema: devTokenRequest, example: { userId: 'me' } },
  answers: {
    200: {
      description: 'Send it as Authorization: Bearer',
      schema: z.object({ token: z.string(), userId: z.string(), expiresAt: z.iso.datetime() }),
    },
  },
  refusals: [...VERSIONED_EDGE_REFUSALS, ...BODY_EDGE_REFUSALS],
};
