import { formatInstant, parseInstant } from '@daybook/kernel';
import { BODY_EDGE_REFUSALS, validationFailed, VERSIONED_EDGE_REFUSALS, type OpenOperation, type TestClock } from '@daybook/platform';
import { z } from 'zod';

const EARLIEST_MS = parseInstant('2000-01-01T00:00:00Z');
const LATEST_MS = parseInstant('2199-12-31T23:59:59Z');
const MAX_SECONDS = 6_000_000_000;
/** Days and smaller: a month has no length of its own. */
const DURATION = /^(?<sign>-?)P(?:(?<weeks>\d{1,4})W|(?:(?<days>\d{1,5})D)?(?:T(?=\d)(?:(?<hours>\d{1,6})H)?(?:(?<minutes>\d{1,8})M)?(?:(?<seconds>\d{1,9})S)?)?)$/;

/** Exactly one of the two; `now: null` gives the clock of the machine back. */
export const devClockRequest = z
  .strictObject({
    now: z
      .string()
      .nullable()
      .optional()
      .meta({ description: 'An instant, or a date for its midnight, in UTC; null gives the clock of the machine back', examples: ['2026-04-01T08:30:00Z'] }),
    advance: z
      .union([z.int().min(-MAX_SECONDS).max(MAX_SECONDS), z.string().max(40)])
      .optional()
      .meta({ description: 'By how much, from where it is: an ISO 8601 duration of weeks, days, hours, minutes and seconds, or seconds', examples: ['P1DT2H'] }),
  })
  .refine(({ now, advance }) => (now === undefined) !== (advance === undefined), {
    message: 'Expected either now or advance',
    params: { code: 'either_or' },
  });

export const testClockSchema = z.object({
  now: z.iso.datetime(),
  shiftedBySeconds: z.number().meta({ description: 'How far it is off the clock of the machine' }),
});

export const DEV_CLOCK_OPERATION: OpenOperation = {
  name: 'setDevClock',
  method: 'post',
  path: '/v1/dev/clock',
  tag: 'server',
  summary: 'Dev mode only: puts the clock of this process elsewhere, from where it goes on. Tokens do not notice.',
  body: { schema: devClockRequest, example: { advance: 'P1D' } },
  answers: { 200: { description: 'The clock as it is now', schema: testClockSchema } },
  refusals: [...VERSIONED_EDGE_REFUSALS, ...BODY_EDGE_REFUSALS],
};

export interface TestClockFacts {
  readonly now: string;
  readonly shiftedBySeconds: number;
}

export function testClockFacts(clock: TestClock): TestClockFacts {
  return { now: formatInstant(Math.floor(clock.now())), shiftedBySeconds: Math.round(clock.shiftMs / 1_000) };
}

export function moveClock(clock: TestClock, { now, advance }: z.output<typeof devClockRequest>): TestClockFacts {
  if (now === null) clock.reset();
  else if (now !== undefined) clock.setTo(withinRange(instantOf(now), '/now'));
  else if (advance !== undefined) clock.setTo(withinRange(clock.now() + millisecondsOf(advance), '/advance'));
  return testClockFacts(clock);
}

function instantOf(text: string): number {
  try {
    return parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  } catch {
    throw refused('/now', 'Expected an instant such as 2026-04-01T08:30:00Z, in UTC');
  }
}

function millisecondsOf(advance: number | string): number {
  if (typeof advance === 'number') return advance * 1_000;
  const parts = /\d/.test(advance) ? DURATION.exec(advance)?.groups : undefined;
  if (parts === undefined) throw refused('/advance', 'Expected a duration such as P1D or PT36H, or seconds');
  const { sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = parts;
  const wholeDays = Number(weeks) * 7 + Number(days);
  const length = ((wholeDays * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return (sign === '-' ? -length : length) * 1_000;
}

function withinRange(instantMs: number, pointer: string): number {
  if (instantMs >= EARLIEST_MS && instantMs <= LATEST_MS) return instantMs;
  throw refused(pointer, 'The clock stays between 2000 and 2199');
}

function refused(pointer: string, message: string) {
  return validationFailed([{ pointer, code: 'invalid_value', message }]);
}
