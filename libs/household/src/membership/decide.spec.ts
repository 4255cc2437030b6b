import fc from 'fast-check';
import type { Sealed } from '@daybook/kernel';
import { rulesOf } from '../../../../test/support/decider.js';
import type { CreateFamily } from './commands.js';
import { membershipDecider } from './decide.js';
import type { MembershipEvent } from './events.js';
import { evolveMembership, initialMembership } from './state.js';

const familyId = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';
const sealed = (data: string): Sealed => ({ sealed: 1, subject: 'ada', data });

const foundHome: CreateFamily = {
  type: 'createFamily',
  familyId,
  name: sealed('home'),
  currency: 'EUR',
  timeZone: 'Europe/London',
  founder: 'ada',
};
const homeCreated: MembershipEvent = {
  type: 'FamilyCreated',
  data: { familyId, name: sealed('home'), currency: 'EUR', timeZone: 'Europe/London' },
};
const adaFounded: MembershipEvent = { type: 'MemberJoined', data: { userId: 'ada', role: 'manager', via: 'founding' } };

describe('creating a family', () => {
  const rules = rulesOf(membershipDecider, undefined);

  it('makes the family and its founder the first manager', () => {
    rules.given().when(foundHome).then(homeCreated, adaFounded);
  });

  it('has nothing to do when the same founder creates the same family again', () => {
    rules.given(homeCreated, adaFounded).when(foundHome).then();
  });

  it.each<[string, Partial<CreateFamily>]>([
    ['another founder', { founder: 'bob' }],
    ['another name', { name: sealed('cottage') }],
    ['another currency', { currency: 'USD' }],
    ['another zone', { timeZone: 'Asia/Tokyo' }],
  ])('is refused under an id that is taken, with %s', (_, difference) => {
    rules.given(homeCreated, adaFounded).when({ ...foundHome, ...difference }).refuses('FAMILY_EXISTS');
  });

  it('leaves nothing to do for a repeat, whatever it was created with', () => {
    const anyFamily = fc.record({
      type: fc.constant('createFamily' as const),
      familyId: fc.uuid(),
      name: fc.string({ minLength: 1 }).map(sealed),
      currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
      timeZone: fc.constantFrom('UTC', 'Asia/Tokyo', 'Africa/Cairo'),
      founder: fc.string({ minLength: 1 }),
    });
    fc.assert(fc.property(anyFamily, (command) => rules.given().when(command).isQuietWhenRepeated()));
  });
});

describe('the state of a family', () => {
  it('cannot gain a member before it exists', () => {
    expect(() => evolveMembership(initialMembership, adaFounded)).toThrow('never created');
  });

  it('stops at an event it does not know', () => {
    const unknown = { type: 'FamilyTeleported', data: {} } as unknown as MembershipEvent;
    expect(() => evolveMembership(initialMembership, unknown)).toThrow('unknown membership event');
  });
});
