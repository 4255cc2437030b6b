import { factsTable, jsonText, rowsTable } from './output.js';

describe('an answer for a person', () => {
  it('has names and values under each other, and leaves out what is not known', () => {
    expect(factsTable({ events: 12, 'too long': undefined, result: 'whole' })).toBe('events  12\nresult  whole\n');
  });

  it('has numbers on the right and words on the left', () => {
    expect(rowsTable(['STREAM', 'EVENTS'], [['a', 5], ['longer', 1_000]])).toBe('STREAM  EVENTS\na            5\nlonger    1000\n');
  });
});

describe('an answer for a program', () => {
  it('has positions as text, because JSON numbers are not exact', () => {
    expect(JSON.parse(jsonText({ position: 2n ** 60n }))).toEqual({ position: String(2n ** 60n) });
  });
});
