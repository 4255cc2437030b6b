import { randomBytes, randomUUID } from 'node:crypto';
import type { Random } from '@daybook/kernel';

/** Bytes and ids come from the operating system's generator; a fraction has 48 random bits. */
export const systemRandom: Random = {
  fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  uuid: () => randomUUID(),
  bytes: (count) => randomBytes(count),
};
