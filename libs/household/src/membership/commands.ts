import { isCurrency, isTimeZone, isUuid, type Sealed } from '@daybook/kernel';
import { defineCommand } from '@daybook/platform';
import { z } from 'zod';
import { personalText } from '../personal-text.js';

export const familyIdSchema = z
  .string()
  .toLowerCase()
  .refine(isUuid, { message: 'must be a UUID', params: { code: 'invalid_uuid' } })
  .meta({ format: 'uuid', description: 'Id of the family' });

export const createFamily = defineCommand({
  name: 'createFamily',
  summary: 'Creates a family; the caller becomes its first manager.',
  args: z.strictObject({
    familyId: familyIdSchema.optional().describe('Made by the client, or by the server when left out'),
    name: personalText(80).describe('How the family calls itself'),
    currency: z
      .string()
      .meta({ pattern: '^[A-Z]{3}$' })
      .default('USD')
      .refine(isCurrency, {
        message: 'must be an ISO 4217 code in capitals, such as EUR',
        params: { code: 'invalid_currency' },
      })
      .meta({ description: 'Home currency, ISO 4217 in capitals', examples: ['EUR'] }),
    timeZone: z
      .string()
      .default('UTC')
      .refine(isTimeZone, {
        message: 'must be an IANA time zone such as Europe/London (Region/City or UTC, exact spelling)',
        params: { code: 'invalid_time_zone' },
      })
      .meta({ description: 'Decides when a day ends: an IANA name, Region/City or UTC', examples: ['Europe/London'] }),
  }),
  answer: z.object({ familyId: z.uuid() }),
  refusals: ['FAMILY_EXISTS', 'USER_UNKNOWN'],
  example: { name: 'Home', currency: 'EUR', timeZone: 'Europe/London' },
});

/** What the decider sees: ids are known and personal text is sealed before a decision is made. */
export interface CreateFamily {
  readonly type: 'createFamily';
  readonly familyId: string;
  readonly name: Sealed;
  readonly currency: string;
  readonly timeZone: string;
  readonly founder: string;
}

export type MembershipCommand = CreateFamily;
