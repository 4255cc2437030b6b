import { DaybookError } from '@daybook/kernel';
import { TestClock, validationFailedBy } from '@daybook/platform';
import { VirtualTime } from '../../../test/support/virtual-time.js';
import { devClockRequest, moveClock } from './dev-clock-request.js';

/** The machine says 2026-04-01T00:00:00Z. */
function clock(): TestClock {
  return new TestClock(new VirtualTime());
}

function move(moved: TestClock, request: unknown) {
  const parsed = devClockRequest.safeParse(request);
  if (!parsed.success) throw validationFailedBy(parsed.error);
  return moveClock(moved, parsed.data);
}

function refusalOf(request: unknown): unknown {
  try {
    return move(clock(), request);
  } catch (error) {
    if (error instanceof DaybookError) return [error.code, ...(error.data.errors ?? []).map(({ pointer }) => pointer)];
    throw error;
  }
}

describe('the clock of dev mode', () => {
  it('is put to an instant, or to the midnight of a date', () => {
    expect(move(clock(), { now: '2026-04-02T08:30:00.250Z' })).toEqual({ now: '2026-04-02T08:30:00.250Z', shiftedBySeconds: 117_000 });
    expect(move(clock(), { now: '2027-01-01' })).toMatchObject({ now: '2027-01-01T00:00:00.000Z' });
  });

  it.each([
    [90, '2026-04-01T00:01:30.000Z'],
    [-60, '2026-03-31T23:59:00.000Z'],
    ['PT36H', '2026-04-02T12:00:00.000Z'],
    ['P1D', '2026-04-02T00:00:00.000Z'],
    ['P1DT2H3M4S', '2026-04-02T02:03:04.000Z'],
    ['P2W', '2026-04-15T00:00:00.000Z'],
    ['-P1D', '2026-03-31T00:00:00.000Z'],
  ])('is advanced by %p', (advance, now) => {
    expect(move(clock(), { advance })).toMatchObject({ now });
  });

  it('is advanced from where it is, and given back by null', () => {
    const moved = clock();
    move(moved, { advance: 'P1D' });
    expect(move(moved, { advance: 'P1D' })).toEqual({ now: '2026-04-03T00:00:00.000Z', shiftedBySeconds: 172_800 });
    expect(move(moved, { now: null })).toEqual({ now: '2026-04-01T00:00:00.000Z', shiftedBySeconds: 0 });
  });

  it.each([
    [{}, ''],
    [{ now: '2026-04-01T00:00:00Z', advance: 5 }, ''],
    [{ now: 'tomorrow' }, '/now'],
    [{ now: '2026-02-30' }, '/now'],
    [{ now: '2026-04-01T08:00:00+02:00' }, '/now'],
    [{ now: '1999-12-31' }, '/now'],
    [{ now: '2200-01-01' }, '/now'],
    [{ now: 5 }, '/now'],
    [{ advance: 'P1M' }, '/advance'],
    [{ advance: 'P' }, '/advance'],
    [{ advance: 'PT' }, '/advance'],
    [{ advance: 'P1DT' }, '/advance'],
    [{ advance: 'P99999D' }, '/advance'],
    [{ advance: 1.5 }, '/advance'],
    [{ advance: 7_000_000_000 }, '/advance'],
    [{ advance: null }, '/advance'],
    [{ now: null, more: 1 }, '/more'],
  ])('refuses %j with a pointer', (request, pointer) => {
    expect(refusalOf(request)).toEqual(['VALIDATION_FAILED', pointer]);
  });
});
