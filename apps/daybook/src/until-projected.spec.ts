import { untilProjected } from './until-projected.js';

const home = { kind: 'family', id: 'home' } as const;

describe('the wait for the read models after a command', () => {
  it.each([
    ['are there', () => Promise.resolve('reached' as const), { projected: true }],
    ['are not there in time', () => Promise.resolve('timeout' as const), { projected: false }],
    ['cannot be asked', () => Promise.reject(new Error('no connection')), { projected: false }],
  ])('ends when they %s', async (_, wait, told) => {
    expect(await untilProjected({ wait }, home, 7n, 1_000)).toEqual(told);
  });

  it('ends at once when they stand still for this family, and names them', async () => {
    const { projected, notProjected } = await untilProjected({ wait: () => Promise.resolve('parked') }, home, 7n, 1_000);
    expect(projected).toBe(false);
    expect(notProjected).toContain('families');
  });
});
