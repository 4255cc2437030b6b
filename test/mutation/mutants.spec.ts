import { mutantsOf } from './mutants.js';

function mutated(source: string): string[] {
  return mutantsOf(source).map(({ start, end, text }) => source.slice(0, start) + text + source.slice(end));
}

describe('planting faults', () => {
  it.each([
    ['const a = b < c;', ['const a = b <= c;', 'const a = b >= c;']],
    ['if (ready) go();', ['if (true) go();', 'if (false) go();', 'if (ready) ;']],
    ['const a = b ? c : d;', ['const a = true ? c : d;', 'const a = false ? c : d;']],
    ['const a = !b;', ['const a = b;']],
    ['const a = b ?? 0n;', ['const a = b;', 'const a = b ?? 1n;']],
    ['const a = [b];', ['const a = [];']],
    ['const a = { ...b, c };', ['const a = { ...{}, c };']],
    ['const a = b.filter(c);', ['const a = b;']],
  ])('changes one thing at a time: %s', (source, expected) => {
    expect(mutated(source)).toEqual(expected);
  });

  it('leaves types, and guards that only broken types could reach, alone', () => {
    expect(mutated('type A = 1 | true;\ninterface B { c: 0 }')).toEqual([]);
    expect(mutated('switch (a) { default: throw new Error(`${a satisfies never}` + 1); }')).toEqual([]);
  });

  it('says where a fault is and what it is', () => {
    expect(mutantsOf('\nconst a = 1;')).toEqual([{ start: 11, end: 12, text: '2', line: 2, fault: '1 → 2' }]);
  });
});
