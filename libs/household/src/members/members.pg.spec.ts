import { parseCivilDate } from '@daybook/kernel';
import { HouseholdRig } from '../../../../test/support/household-rig.js';
import { familyStream } from '../family/family-stream.js';
import type { MembershipEvent } from '../membership/index.js';
import { MembersQueries } from './queries.js';

const [home, cottage] = ['0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11', '1c7a1d2f-4d63-4b55-8e3f-7a1a6b8e2d22'] as const;

describe('getUserFamilyContext', () => {
  let rig: HouseholdRig;
  let queries: MembersQueries;
  beforeEach(async () => {
    rig = await HouseholdRig.open();
    queries = new MembersQueries(rig.readModels());
  });
  afterEach(() => rig.close());

  async function givenFamily(familyId: string, founder: string): Promise<void> {
    const name = await rig.vault.seal(founder, `family-${familyId}/name`, 'Home');
    const created: MembershipEvent = {
      type: 'FamilyCreated',
      data: {
        familyId,
        name,
        currency: 'EUR',
        timeZone: 'UTC',
        budgetStartDate: parseCivilDate('2026-04-01'),
        startDay: 1,
        carryMode: 'redistribute',
        endPolicy: 'carryBoth',
      },
    };
    const joined: MembershipEvent = { type: 'MemberJoined', data: { userId: founder, role: 'manager', via: 'founding' } };
    await rig.given(familyStream(familyId), created, joined);
  }

  it('lists the families of the caller, whatever bucket they are in, and nobody else\'s', async () => {
    await givenFamily(home, 'ada');
    await givenFamily(cottage, 'ada');
    await givenFamily('2d8b2e3a-5e74-4c66-9f4a-8b2b7c9f3e33', 'bob');

    const { data } = await queries.getUserFamilyContext({}, rig.as('ada'));
    const joinedAt = '2026-04-01T09:30:00.000Z';
    expect(data).toEqual({
      userId: 'ada',
      memberships: [
        { familyId: home, role: 'manager', joinedAt },
        { familyId: cottage, role: 'manager', joinedAt },
      ],
    });
  });

  it('answers an empty list to somebody who belongs nowhere', async () => {
    await givenFamily(home, 'ada');
    const { data } = await queries.getUserFamilyContext({}, rig.as('eve'));
    expect(data).toEqual({ userId: 'eve', memberships: [] });
  });

  it('refuses to answer about another user', async () => {
    await expect(queries.getUserFamilyContext({ userId: 'ada' }, rig.as('eve'))).rejects.toMatchObject({
      code: 'ACTOR_MISMATCH',
    });
  });
});
