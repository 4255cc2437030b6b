import type { Space } from './projection.js';

/** A space as tables and caches name it. STORAGE CONTRACT: it stands in every row. */
export type SpaceKey = string;

/** STORAGE CONTRACT: how many shares the spaces of a group are split into, and which one a space belongs to. */
export const BUCKET_COUNT = 64;

export function spaceKey({ kind, id }: Space): SpaceKey {
  return `${kind}:${id}`;
}

export function parseSpaceKey(key: SpaceKey): Space {
  const colon = key.indexOf(':');
  const kind = key.slice(0, colon);
  if (kind !== 'family' && kind !== 'user' && kind !== 'system') throw new TypeError(`${key} does not name a space`);
  return { kind, id: key.slice(colon + 1) };
}

/** FNV-1a over UTF-16 units, then mixed so that ids that differ in their last digits spread as well. */
export function bucketOf(space: SpaceKey): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < space.length; index += 1) {
    hash = Math.imul(hash ^ space.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & (BUCKET_COUNT - 1);
}

export function allBuckets(): number[] {
  return Array.from({ length: BUCKET_COUNT }, (_, bucket) => bucket);
}
