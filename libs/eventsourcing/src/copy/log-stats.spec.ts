import { LogStats, STREAM_BOUND } from './log-stats.js';

describe('the statistics of a log', () => {
  it('count events and bytes by stream, kind and type, the most first', () => {
    const stats = new LogStats();
    for (const [stream, type] of [['ledger-a-1', 'B'], ['ledger-a-1', 'A'], ['ledger-b-1', 'B'], ['user-x', 'C']]) {
      stats.add({ stream: stream as string, type: type as string, bytes: 10 });
    }
    expect(stats.report(2)).toEqual({
      events: 4,
      bytes: 40,
      streams: 3,
      kinds: [
        { name: 'ledger', events: 3, bytes: 30, streams: 2, longest: 2 },
        { name: 'user', events: 1, bytes: 10, streams: 1, longest: 1 },
      ],
      types: [
        { name: 'B', events: 2, bytes: 20 },
        { name: 'A', events: 1, bytes: 10 },
        { name: 'C', events: 1, bytes: 10 },
      ],
      largest: [
        { name: 'ledger-a-1', events: 2, bytes: 20, tooLong: false },
        { name: 'ledger-b-1', events: 1, bytes: 10, tooLong: false },
      ],
      tooLong: 0,
    });
  });

  it('name the streams that have reached the bound', () => {
    const stats = new LogStats();
    for (let event = 0; event < STREAM_BOUND; event += 1) stats.add({ stream: 'family-1', type: 'T', bytes: 1 });
    for (let event = 0; event < STREAM_BOUND - 1; event += 1) stats.add({ stream: 'family-2', type: 'T', bytes: 1 });
    const { largest, tooLong } = stats.report(10);
    expect([tooLong, largest.map(({ tooLong: isTooLong }) => isTooLong)]).toEqual([1, [true, false]]);
  });
});
