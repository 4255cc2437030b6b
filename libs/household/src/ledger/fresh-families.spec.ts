import type { CommandRuntime } from '@daybook/eventsourcing';
import { HOME } from '../../../../test/support/budget-events.js';
import { homeAfter } from '../../../../test/support/ledger-rules.js';
import { FreshFamilies } from './fresh-families.js';

const COTTAGE = HOME.replace('0b', '1c');

function familiesOver(read: (stream: string) => Promise<unknown>): FreshFamilies {
  return new FreshFamilies({ read } as unknown as CommandRuntime);
}

describe('families as they are', () => {
  it('are read once for all who ask before the read has begun, and anew for who asks later', async () => {
    const begun: string[] = [];
    const families = familiesOver((stream) => {
      begun.push(stream);
      return Promise.resolve({ state: homeAfter(), revision: BigInt(begun.length), position: 0n });
    });
    const [first, second, other] = await Promise.all([families.read(HOME), families.read(HOME), families.read(COTTAGE)]);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
    expect(begun).toEqual([`family-${HOME}`, `family-${COTTAGE}`]);
    expect(await families.read(HOME)).toMatchObject({ revision: 3n });
  });

  it('are not shared once the read is on its way, because it may not see what came after', async () => {
    const ends: (() => void)[] = [];
    const families = familiesOver(() => new Promise<void>((resolve) => ends.push(resolve)));
    const asked = [families.read(HOME)];
    await Promise.resolve();
    await Promise.resolve();
    asked.push(families.read(HOME));
    await Promise.resolve();
    await Promise.resolve();
    expect(ends).toHaveLength(2);
    for (const end of ends) end();
    await Promise.all(asked);
  });

  it('are asked for again after a read that failed, and all who shared it are told', async () => {
    let fails = true;
    const families = familiesOver(() => (fails ? Promise.reject(new Error('away')) : Promise.resolve('there')));
    await expect(Promise.all([families.read(HOME), families.read(HOME)])).rejects.toThrow('away');
    fails = false;
    expect(await families.read(HOME)).toBe('there');
  });
});
