import { parseCivilDate } from '@daybook/kernel';
import { HouseholdRig } from '../../../../test/support/household-rig.js';
import { familyStream } from '../family/family-stream.js';
import type { MembershipEvent } from '../membership/index.js';
import { FamiliesQueries } from './queries.js';

const familyId = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';

describe('getFamilyDetails', () => {
  let rig: HouseholdRig;
  let queries: FamiliesQueries;
  beforeEach(async () => {
    rig = await HouseholdRig.open();
    queries = new FamiliesQueries(rig.readModels(), rig.vault, rig.clock);
  });
  afterEach(() => rig.close());

  async function givenHome(): Promise<void> {
    const name = await rig.vault.seal('ada', `family-${familyId}/name`, 'Home');
    const created: MembershipEvent = {
      type: 'FamilyCreated',
      data: {
        familyId,
        name,
        currency: 'JPY',
        timeZone: 'Asia/Tokyo',
        budgetStartDate: parseCivilDate('2026-04-01'),
        startDay: 1,
        carryMode: 'redistribute',
        endPolicy: 'carryBoth',
      },
    };
    const founded: MembershipEvent = { type: 'MemberJoined', data: { userId: 'ada', role: 'manager', via: 'founding' } };
    await rig.given(familyStream(familyId), created, founded);
  }

  it('shows a member the family, and its own today rather than the server\'s', async () => {
    await givenHome();
    const { data } = await queries.getFamilyDetails({ familyId }, rig.as('ada'));
    expect(data).toEqual({
      familyId,
      name: 'Home',
      currency: 'JPY',
      currencyDigits: 0,
      timeZone: 'Asia/Tokyo',
      today: '2026-04-02',
      role: 'manager',
      version: 1,
      members: [{ userId: 'ada', role: 'manager', joinedAt: '2026-04-01T09:30:00.000Z' }],
    });
  });

  it('has no such family for anybody else, in the words of one that does not exist', async () => {
    await givenHome();
    for (const asked of [familyId, familyId.replace('0b', 'ff')]) {
      await expect(queries.getFamilyDetails({ familyId: asked }, rig.as('eve'))).rejects.toMatchObject({
        code: 'NOT_FOUND',
        detail: 'There is no such family among yours.',
      });
    }
  });

  it('forgets the name with the person who gave it, and keeps the family', async () => {
    await givenHome();
    await rig.vault.forget('ada');
    const { data } = await queries.getFamilyDetails({ familyId }, rig.as('ada'));
    expect(data).toMatchObject({ name: '[forgotten]', currency: 'JPY' });
  });
});
