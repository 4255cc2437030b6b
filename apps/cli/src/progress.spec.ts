import { progressOn } from './progress.js';

let written: string[];
let now: number;

beforeEach(() => {
  written = [];
  now = 0;
});

function progress(given: { isTTY?: boolean; quiet?: boolean } = {}) {
  const target = { isTTY: given.isTTY ?? false, write: (text: string) => written.push(text) };
  return progressOn(target, { unit: 'events', quiet: given.quiet ?? false, monotonic: () => now });
}

describe('progress', () => {
  it('is a line of JSON a second for a program, and one at each beginning and end', () => {
    const shown = progress();
    for (let done = 1; done <= 30; done += 1) {
      shown.show(done <= 10 ? 'compare' : 'copy', done, 30);
      now += 100;
    }
    shown.end();
    expect(written.map((line) => (JSON.parse(line) as { done: number }).done)).toEqual([1, 11, 21, 30]);
    expect(JSON.parse(written[0] as string)).toEqual({ phase: 'compare', done: 1, total: 30, unit: 'events' });
  });

  it('is a bar for a person, in one line', () => {
    const shown = progress({ isTTY: true });
    shown.show('copy', 15, 30);
    now += 100;
    shown.show('copy', 30, 30);
    shown.end();
    expect(written[0]).toBe('\rcopy  [###############---------------] 50 %  15 of 30 events\u001b[K');
    expect(written.slice(1)).toEqual([expect.stringContaining('100 %'), '\n']);
  });

  it('says how many where nobody knows of how many, and nothing to who asked for quiet', () => {
    progress({ isTTY: true }).show('read', 7, undefined);
    progress({ quiet: true }).show('read', 8, 8);
    expect(written).toEqual(['\rread  7 events\u001b[K']);
  });
});
