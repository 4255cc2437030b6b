import { isUuid } from '@daybook/kernel';
import { z } from 'zod';

/** An id in, in any letter case; canonical from here on. */
export function uuidInput(description: string) {
  return z
    .string()
    .toLowerCase()
    .refine(isUuid, { message: 'must be a UUID', params: { code: 'invalid_uuid' } })
    .meta({ format: 'uuid', description });
}

export const familyIdSchema = uuidInput('Id of the family');
