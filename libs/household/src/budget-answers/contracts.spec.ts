import { validationFailedBy } from '@daybook/platform';
import type { z } from 'zod';
import * as contracts from './contracts.js';

const familyId = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';

function refused(args: z.ZodType, given: object): readonly string[] {
  const parsed = args.safeParse({ familyId, ...given });
  if (parsed.success) return [];
  return (validationFailedBy(parsed.error).data.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
}

describe('the arguments of an overview', () => {
  const { args } = contracts.getMonthlyBudgetOverview;

  it.each([
    [{}],
    [{ period: '2026-04-17' }],
    [{ period: 'today' }],
    [{ year: 2026, month: 0 }],
    [{ year: '2026', month: '11' }],
  ])('may be %p', (given) => {
    expect(refused(args, given)).toEqual([]);
  });

  it.each([
    [{ year: 2026 }, ['/month required']],
    [{ month: 3 }, ['/year required']],
    [{ period: '2026-04-17', year: 2026 }, ['/year not_together']],
    [{ period: '2026-04-17', month: 3 }, ['/month not_together']],
    [{ period: '2026-04-17', year: 2026, month: 3 }, ['/year not_together', '/month not_together']],
    [{ year: 2026, month: 12 }, ['/month invalid_value']],
    [{ year: 2026, month: -1 }, ['/month invalid_value']],
    [{ year: 'MMXXVI', month: 3 }, ['/year invalid_value']],
    [{ period: '2026-02-30' }, ['/period invalid_date']],
    [{ period: '2026-04' }, ['/period invalid_date']],
    [{ date: '2026-04-01' }, ['/date unknown_field']],
  ])('may not be %p', (given, errors) => {
    expect(refused(args, given)).toEqual(errors);
  });
});

describe('a moment of knowledge', () => {
  const { args } = contracts.calculateDailyBudget;

  it.each(['2026-04-01T08:30:00Z', '2026-04-01T08:30:00.123Z', '0a1b2c3d-00000000000000ff'])('may be %s', (asAt) => {
    expect(refused(args, { asAt })).toEqual([]);
  });

  it.each(['', 'now', '2026-04-01', '2026-04-01T08:30:00+02:00', '2026-02-30T08:30:00Z', '255', '0A1B2C3D-00000000000000FF', 7, null, {}])(
    'may not be %p',
    (asAt) => {
      const [error] = refused(args, { asAt });
      expect(error).toMatch(/^\/asAt (invalid_as_at|invalid_type)$/);
    },
  );

  it.each(['2026-04-31', 'tomorrow', '20260401', '', 20260401])('is not to be taken for the day asked for, which may not be %p', (date) => {
    const [error] = refused(args, { date });
    expect(error).toMatch(/^\/date (invalid_date|invalid_type)$/);
  });
});
