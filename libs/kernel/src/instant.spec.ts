import * as fc from 'fast-check';
import { formatInstant, parseInstant } from './instant.js';

const instants = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(9999, 11, 31) });

describe('an instant as text', () => {
  it('is what the runtime writes, for any millisecond', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(formatInstant(instant)).toBe(new Date(instant).toISOString());
        expect(parseInstant(formatInstant(instant))).toBe(instant);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['2026-04-01T08:30:00Z', '2026-04-01T08:30:00.000Z'],
    ['2026-04-01T08:30:00.5Z', '2026-04-01T08:30:00.500Z'],
    ['2026-04-01T23:59:59.999Z', '2026-04-01T23:59:59.999Z'],
  ])('%s is read as %s', (text, canonical) => {
    expect(formatInstant(parseInstant(text))).toBe(canonical);
  });

  it.each([
    '2026-04-01',
    '2026-04-01T08:30Z',
    '2026-04-01T08:30:00',
    '2026-04-01T08:30:00+00:00',
    '2026-04-01t08:30:00z',
    '2026-04-01 08:30:00Z',
    '2026-02-30T08:30:00Z',
    '2026-04-01T24:00:00Z',
    '2026-04-01T08:60:00Z',
    '2026-04-01T08:30:60Z',
    '2026-04-01T08:30:00.1234Z',
    '2026-04-01T08:30:00.Z',
    '',
  ])('%j is refused', (text) => {
    expect(() => parseInstant(text)).toThrow('VALIDATION_FAILED');
  });
});
