import { validationFailedBy } from '@daybook/platform';
import { createFamily } from './commands.js';

function errorsOf(args: object): unknown {
  const parsed = createFamily.args.safeParse({ name: 'Home', ...args });
  return parsed.success ? [] : validationFailedBy(parsed.error).data.errors;
}

describe('the arguments of createFamily', () => {
  it.each([
    ['currency', 'eur', 'invalid_currency', 'must be an ISO 4217 code in capitals, such as EUR'],
    [
      'timeZone',
      'europe/london',
      'invalid_time_zone',
      'must be an IANA time zone such as Europe/London (Region/City or UTC, exact spelling)',
    ],
    ['name', '  ', 'invalid_length', 'must have between 1 and 80 characters'],
    ['name', 'a\tb', 'invalid_characters', 'must not have control characters'],
    ['familyId', 'mine', 'invalid_uuid', 'must be a UUID'],
  ])('%s: %j is refused as %s', (field, value, code, message) => {
    expect(errorsOf({ [field]: value })).toEqual([{ pointer: `/${field}`, code, message }]);
  });

  it('are taken as its example gives them', () => {
    expect(errorsOf(createFamily.example)).toEqual([]);
  });
});
