import type { SeededRandom } from '../../simulation/seeded-random.js';
import type { DiskCall, RecordedCall } from './disk-calls.js';

const SECTOR_BYTES = 512;
/** Of the sectors that arrive, how many do so by half: worse than disks promise. */
const HALF_SECTORS = 0.05;

type DataChange = { readonly offset: number; readonly bytes: Buffer } | { readonly truncatedTo: number };

interface Inode {
  /** Survives a power cut. */
  durable: Buffer;
  /** In the page cache, oldest first. */
  pending: DataChange[];
  /** How many of these a sync that has begun will cover. */
  covered: number;
}

type NameChange =
  | { readonly kind: 'link'; readonly name: string; readonly inode: Inode }
  | { readonly kind: 'move'; readonly from: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly name: string };

/** How much of what is not durable a power cut leaves behind. */
export type Survival = 'everything' | 'nothing' | SeededRandom;

/**
 * A directory on a disk with a page cache in front: what is written is pending until its file is synced, a name is
 * until the directory is. `image` is what a power cut may leave now: of the pending data any sectors, with any length a
 * file has had since; of the pending names any number of the oldest.
 */
export class CrashDisk {
  private durableNames = new Map<string, Inode>();
  private pendingNames: NameChange[] = [];
  private coveredNames = 0;

  apply({ call, bytes }: RecordedCall): void {
    switch (call.call) {
      case 'create':
        this.pendingNames.push({ kind: 'link', name: call.file, inode: { durable: Buffer.alloc(0), pending: [], covered: 0 } });
        return;
      case 'write':
        this.open(call.file).pending.push({ offset: call.offset, bytes });
        return;
      case 'truncate':
        this.open(call.file).pending.push({ truncatedTo: call.length });
        return;
      case 'rename':
        this.pendingNames.push({ kind: 'move', from: call.file, to: call.to });
        return;
      case 'remove':
        this.pendingNames.push({ kind: 'unlink', name: call.file });
        return;
      case 'sync-begun':
      case 'synced':
        return this.sync(call);
      default:
        throw new Error(`unknown call ${String(call satisfies never)}`);
    }
  }

  /** Files by name, with their bytes. */
  image(survival: Survival): Map<string, Buffer> {
    const names = applied(this.durableNames, this.pendingNames.slice(0, survivingNames(survival, this.pendingNames.length)));
    return new Map([...names].map(([name, inode]) => [name, bytesOf(inode, survival)]));
  }

  /** Whether chance has anything to decide. */
  get hasPending(): boolean {
    return this.pendingNames.length > 0 || [...this.durableNames.values()].some(({ pending }) => pending.length > 0);
  }

  private sync({ call, file }: Extract<DiskCall, { call: 'sync-begun' | 'synced' }>): void {
    if (file === '.') {
      if (call === 'sync-begun') this.coveredNames = this.pendingNames.length;
      else {
        this.durableNames = applied(this.durableNames, this.pendingNames.splice(0, this.coveredNames));
        this.coveredNames = 0;
      }
      return;
    }
    const inode = this.open(file);
    if (call === 'sync-begun') inode.covered = inode.pending.length;
    else {
      inode.durable = inode.pending.splice(0, inode.covered).reduce(changed, inode.durable);
      inode.covered = 0;
    }
  }

  /** As the running process sees it: with every change. */
  private open(name: string): Inode {
    const inode = applied(this.durableNames, this.pendingNames).get(name);
    if (!inode) throw new Error(`${name} is not there`);
    return inode;
  }
}

function survivingNames(survival: Survival, pending: number): number {
  if (survival === 'nothing') return 0;
  return survival === 'everything' ? pending : survival.between(0, pending);
}

function applied(names: ReadonlyMap<string, Inode>, changes: readonly NameChange[]): Map<string, Inode> {
  const result = new Map(names);
  for (const change of changes) {
    if (change.kind === 'link') result.set(change.name, change.inode);
    else if (change.kind === 'unlink') result.delete(change.name);
    else {
      const inode = result.get(change.from);
      result.delete(change.from);
      if (inode) result.set(change.to, inode);
    }
  }
  return result;
}

function bytesOf({ durable, pending }: Inode, survival: Survival): Buffer {
  if (survival === 'nothing' || pending.length === 0) return durable;
  if (survival === 'everything') return pending.reduce(changed, durable);
  const probability = survival.pick([0.1, 0.5, 0.9, 1]);
  let longest = durable.length;
  const bytes = pending.reduce((before, change) => {
    const after = arrived(before, change, survival, probability);
    longest = Math.max(longest, after.length);
    return after;
  }, durable);
  // The length of a file is written apart from its data: it may be any it has had.
  if (!survival.happens(0.5)) return bytes;
  const length = survival.between(Math.min(durable.length, bytes.length), longest);
  return changed(bytes.subarray(0, length), { offset: length, bytes: Buffer.alloc(0) });
}

/** Each sector of a write arrives or does not; a file that has grown reads zeros where nothing has arrived. */
function arrived(before: Buffer, change: DataChange, random: SeededRandom, probability: number): Buffer {
  if ('truncatedTo' in change) return random.happens(probability) ? changed(before, change) : before;
  const { offset, bytes } = change;
  const result = Buffer.alloc(Math.max(before.length, offset + bytes.length));
  before.copy(result);
  for (let start = offset; start < offset + bytes.length; ) {
    const end = Math.min(offset + bytes.length, (Math.floor(start / SECTOR_BYTES) + 1) * SECTOR_BYTES);
    const arrives = random.happens(HALF_SECTORS) ? Math.floor((start + end) / 2) : end;
    if (random.happens(probability)) bytes.copy(result, start, start - offset, arrives - offset);
    start = end;
  }
  return result;
}

function changed(before: Buffer, change: DataChange): Buffer {
  if ('truncatedTo' in change) {
    const shorter = Buffer.alloc(change.truncatedTo);
    before.copy(shorter);
    return shorter;
  }
  const result = Buffer.alloc(Math.max(before.length, change.offset + change.bytes.length));
  before.copy(result);
  change.bytes.copy(result, change.offset);
  return result;
}
