import { CapturedLog } from '../../../test/support/captured-log.js';
import { VirtualTime } from '../../../test/support/virtual-time.js';
import { pruneHourly } from './prune-ops.js';

const HOUR = 3_600_000;

describe('what has expired in ops', () => {
  it('is dropped every hour, also after an hour in which that failed, until it is stopped', async () => {
    const time = new VirtualTime();
    const log = new CapturedLog();
    let pruned = 0;
    const prune = (): Promise<void> => {
      pruned += 1;
      return pruned === 1 ? Promise.reject(new Error('away')) : Promise.resolve();
    };
    const stop = pruneHourly({ prune }, time, log);
    await time.advance(3 * HOUR);
    expect(pruned).toBe(3);
    expect(log.messages()).toEqual(['What has expired could not be dropped']);
    stop();
    await time.advance(3 * HOUR);
    expect([pruned, time.pendingTimers]).toEqual([3, 0]);
  });
});
