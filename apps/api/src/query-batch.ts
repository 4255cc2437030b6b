import { MAX_BATCH_QUERIES } from '@daybook/platform';
import { z } from 'zod';

/** The envelope of a batch; what stands in `args` is judged by the contract of its query, item by item. */
export const queryBatch = z.strictObject({
  queries: z
    .array(z.strictObject({ name: z.string().min(1).max(100), args: z.unknown().optional() }))
    .min(1)
    .max(MAX_BATCH_QUERIES),
  minPosition: z.string().optional(),
});
