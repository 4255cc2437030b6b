import { diskReserve, type DiskReserve } from './disk-reserve.js';

const RESERVE = 100;
let now: number;
let free: number;
let looks: number;
let reserve: DiskReserve;

beforeEach(() => {
  [now, free, looks] = [0, 1_000, 0];
  const freeBytes = (): Promise<number> => {
    looks += 1;
    return Promise.resolve(free);
  };
  reserve = diskReserve('/data', RESERVE, () => now, freeBytes);
});

describe('the reserve of a disk', () => {
  it('is looked at twice a second while there is room', async () => {
    for (let write = 0; write < 10; write += 1) {
      expect(await reserve.shortage()).toBeUndefined();
      now += 100;
    }
    expect(looks).toBe(2);
  });

  it('is not written through by a burst between two looks', async () => {
    expect(await reserve.shortage()).toBeUndefined();
    reserve.written(850);
    expect(await reserve.shortage()).toBeUndefined();
    free = 99;
    reserve.written(51);
    expect(await reserve.shortage()).toBe(99);
  });

  it('is enough again as soon as something has been freed', async () => {
    free = 50;
    expect(await reserve.shortage()).toBe(50);
    free = 100;
    expect(await reserve.shortage()).toBeUndefined();
  });
});
