import fs from 'node:fs';
import path from 'node:path';
import { BATCH_HEADER_BYTES } from '../../../apps/eventstore/src/storage/batch.js';
import { RECORD_HEADER_BYTES } from '../../../apps/eventstore/src/storage/record.js';
import { SEGMENT_HEADER_BYTES } from '../../../apps/eventstore/src/storage/segment.js';
import type { SeededRandom } from '../../simulation/seeded-random.js';
import { filesIn, type Part, type SegmentMap, type WrittenStore } from './written-store.js';

/** Where in a store the damage is. */
export const PLACES = ['segment header', 'batch header', 'record header', 'frame', 'tail', 'index'] as const;
export type Place = (typeof PLACES)[number];

/** What a disk, or a person, does to files. */
export const KINDS = ['flipped bits', 'zeroed page', 'foreign page', 'cut short', 'removed', 'swapped', 'older copy'] as const;
export type Kind = (typeof KINDS)[number];

export interface Mutation {
  readonly place: Place;
  readonly kind: Kind;
  /** For a person, and to find it again. */
  readonly description: string;
  readonly changed: readonly (Part & { readonly file: string })[];
}

const PAGE_BYTES = 4_096;

/** Damages the copy of a store in `target` in one way; nothing if that would leave it as it was. */
export function mutate(store: WrittenStore, target: string, place: Place, kind: Kind, random: SeededRandom): Mutation | undefined {
  const segment = place === 'tail' ? (store.segments.at(-1) as SegmentMap) : random.pick(store.segments as [SegmentMap]);
  const name = place === 'index' ? segment.indexFile : segment.file;
  const file = path.join(target, name);
  const offset = offsetOf(place, segment, fs.statSync(file).size, random);
  switch (kind) {
    case 'flipped bits':
      flip(file, offset, random);
      break;
    case 'zeroed page':
      replacePage(file, offset, Buffer.alloc(PAGE_BYTES));
      break;
    case 'foreign page':
      replacePage(file, offset, pageFrom(path.join(target, random.pick(store.segments as [SegmentMap]).file), random));
      break;
    case 'cut short':
      fs.truncateSync(file, random.happens(0.5) ? offset : Math.max(0, fs.statSync(file).size - random.between(1, 64)));
      break;
    case 'removed':
      fs.rmSync(file);
      break;
    case 'swapped':
      swap(file, path.join(target, otherThan(name, target, random)));
      break;
    case 'older copy': {
      const older = store.older.get(name);
      if (older) fs.writeFileSync(file, older);
      break;
    }
    default:
      throw new Error(`unknown kind ${String(kind satisfies never)}`);
  }
  const changed = changesTo(store.directory, target);
  return changed.length === 0 ? undefined : { place, kind, changed, description: `${kind}, ${place}, ${name} at ${offset}` };
}

function offsetOf(place: Place, { batches, records, size }: SegmentMap, fileBytes: number, random: SeededRandom): number {
  const within = ({ from, to }: Part): number => random.between(from, to - 1);
  const part = (parts: readonly Part[]): Part => random.pick(parts as [Part]);
  switch (place) {
    case 'segment header':
      return within({ from: 0, to: SEGMENT_HEADER_BYTES });
    case 'batch header': {
      const { from } = part(batches);
      return within({ from, to: from + BATCH_HEADER_BYTES });
    }
    case 'record header': {
      const { from } = part(records);
      return within({ from, to: from + RECORD_HEADER_BYTES });
    }
    case 'frame': {
      const { from, to } = part(records);
      return within({ from: from + RECORD_HEADER_BYTES, to });
    }
    case 'tail':
      return within(batches.at(-1) ?? { from: 0, to: size });
    case 'index':
      return within({ from: 0, to: fileBytes });
    default:
      throw new Error(`unknown place ${String(place satisfies never)}`);
  }
}

/** One to 4 096 bytes, each changed in at least one bit. */
function flip(file: string, offset: number, random: SeededRandom): void {
  const bytes = fs.readFileSync(file);
  const count = random.happens(0.5) ? 1 : random.between(1, PAGE_BYTES);
  for (let at = offset; at < Math.min(offset + count, bytes.length); at += 1) {
    bytes[at] = (bytes[at] as number) ^ (count === 1 ? 1 << random.below(8) : random.between(1, 255));
  }
  fs.writeFileSync(file, bytes);
}

function replacePage(file: string, offset: number, page: Buffer): void {
  const bytes = fs.readFileSync(file);
  page.copy(bytes, Math.floor(offset / PAGE_BYTES) * PAGE_BYTES);
  fs.writeFileSync(file, bytes);
}

function pageFrom(file: string, random: SeededRandom): Buffer {
  const bytes = fs.readFileSync(file);
  const start = random.below(Math.max(1, Math.floor(bytes.length / PAGE_BYTES))) * PAGE_BYTES;
  return bytes.subarray(start, start + PAGE_BYTES);
}

function otherThan(name: string, target: string, random: SeededRandom): string {
  const others = filesIn(target).filter((other) => other !== name && path.extname(other) === path.extname(name));
  return random.pick(others as [string]);
}

function swap(one: string, other: string): void {
  const bytes = fs.readFileSync(one);
  fs.copyFileSync(other, one);
  fs.writeFileSync(other, bytes);
}

/** From the first to the last byte that differs, file by file. */
function changesTo(original: string, target: string): Mutation['changed'] {
  return filesIn(original).flatMap((file) => {
    const before = fs.readFileSync(path.join(original, file));
    const now = fs.existsSync(path.join(target, file)) ? fs.readFileSync(path.join(target, file)) : Buffer.alloc(0);
    if (before.equals(now)) return [];
    const longest = Math.max(before.length, now.length);
    let from = 0;
    while (before[from] === now[from]) from += 1;
    let to = longest;
    while (to > from && before[to - 1] === now[to - 1]) to -= 1;
    return [{ file, from, to }];
  });
}
