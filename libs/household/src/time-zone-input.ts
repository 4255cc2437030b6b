import { isTimeZone } from '@daybook/kernel';
import { z } from 'zod';

/** A time zone in, by its IANA name. */
export const timeZoneInput = z.string().refine((text): boolean => isTimeZone(text), {
  message: 'must be an IANA time zone such as Europe/London (Region/City or UTC, exact spelling)',
  params: { code: 'invalid_time_zone' },
});
