import type { Sealed } from '@daybook/kernel';
import { defineCommand } from '@daybook/platform';
import { z } from 'zod';
import { END_POLICIES, type EndPolicy } from '../budget/policies.js';
import type { CommandOnFamily } from '../family/family-commands.js';
import { familyIdSchema } from '../family/family-id.js';
import { personalText } from '../personal-text.js';
import { timeZoneInput } from '../time-zone-input.js';

const SETTINGS = ['name', 'timeZone', 'startDay', 'endPolicy'] as const;

/** From when a new zone counts: the first day of the next period, or today. */
const EFFECTIVE = ['nextPeriod', 'now'] as const;
export type Effective = (typeof EFFECTIVE)[number];

const args = z.strictObject({
  familyId: familyIdSchema,
  name: personalText(80).optional().describe('How the family calls itself'),
  timeZone: timeZoneInput.optional().describe('Decides when a day ends: an IANA name, Region/City or UTC'),
  effective: z.enum(EFFECTIVE).optional().describe('From when timeZone counts; nextPeriod when left out'),
  startDay: z
    .int()
    .min(1)
    .max(31)
    .optional()
    .describe('Day of the month a period starts on. The running period runs out; the next one ends the day before the new start day'),
  endPolicy: z.enum(END_POLICIES).optional().describe('What becomes of the surplus or deficit of periods closed from now on'),
});

export const changeFamilySettings = defineCommand({
  name: 'changeFamilySettings',
  summary: 'Changes name, zone, start day or end policy of a family, whichever are given; for managers.',
  args: args.superRefine((given, context) => {
    if (SETTINGS.every((name) => given[name] === undefined)) {
      const message = `Give at least one of ${SETTINGS.join(', ')}`;
      context.addIssue({ code: 'custom', path: [], message, params: { code: 'required' } });
    }
    if (given.effective !== undefined && given.timeZone === undefined) {
      const message = 'Says from when timeZone counts, and there is none';
      context.addIssue({ code: 'custom', path: ['effective'], message, params: { code: 'not_needed' } });
    }
  }),
  answer: z.object({
    changed: z.array(z.enum(SETTINGS)).describe('What differed from before'),
    timeZoneFrom: z.iso.date().nullable().describe('First day of the new zone, when it changed'),
    startDayFrom: z.iso.date().nullable().describe('First day of the first period that the new start day shapes, when it changed'),
  }),
  refusals: ['NOT_FOUND', 'FORBIDDEN', 'USER_UNKNOWN'],
  example: { familyId: '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11', timeZone: 'Europe/Paris', effective: 'now' },
});

export interface ChangeFamilySettings extends CommandOnFamily {
  readonly type: 'changeFamilySettings';
  /** Null, here and below: stays as it is. */
  readonly name: Sealed | null;
  readonly timeZone: string | null;
  readonly effective: Effective;
  readonly startDay: number | null;
  readonly endPolicy: EndPolicy | null;
}
