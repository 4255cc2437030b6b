import type { Sealed } from '@daybook/kernel';
import { z } from 'zod';

/** Personal data inside an event: ciphertext that names the person it is about. */
export const sealedSchema: z.ZodType<Sealed> = z.strictObject({
  sealed: z.literal(1),
  subject: z.string().min(1),
  data: z.string().min(1),
});
