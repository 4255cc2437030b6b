import { CapturedLog } from '../../../test/support/captured-log.js';
import { flipBit, LogOnDisk } from '../../../test/support/event-log.js';
import { systemClock, systemTimers } from '@daybook/platform';
import { superviseNode, type SupervisedNode } from './event-store-node.js';

let disk: LogOnDisk;
let node: SupervisedNode | undefined;

beforeEach(async () => {
  disk = await LogOnDisk.create(64 * 1024);
});

afterEach(async () => {
  await node?.stop();
  await disk.discard();
});

describe('the supervised node', () => {
  it('counts what its scrub has found damaged, and says in the log which file and bytes', async () => {
    await disk.append(3);
    await disk.append(3);
    await disk.close();
    await flipBit(disk.file(), disk.index.position(1) + 60);
    const log = new CapturedLog();
    node = await superviseNode({ dir: disk.directory, port: 0, clock: systemClock, timers: systemTimers, log });
    while (node.damagedParts() === 0 || log.lines.length === 0) await systemTimers.sleep(5);

    expect(node.damagedParts()).toBe(1);
    expect(JSON.stringify(log.lines)).toContain(`is damaged in bytes ${disk.index.position(1)} to`);
  });
});
