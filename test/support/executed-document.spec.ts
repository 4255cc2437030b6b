import { follow, isKept, stepsOf } from './executed-document.js';

const PAGE = ['# Page', '```sh', 'NAME=ada', 'echo hello $NAME', '```', 'It answers:', '```text', 'hello …', '```', '```sh', 'echo $NAME', '```', ''].join('\n');

describe('a page that is followed to the letter', () => {
  it('is read as its steps and what they promise', () => {
    expect(stepsOf(PAGE)).toEqual([
      { line: 2, commands: 'NAME=ada\necho hello $NAME\n', promised: 'hello …\n' },
      { line: 10, commands: 'echo $NAME\n', promised: null },
    ]);
  });

  it('is typed into one shell, so that a step builds on the one before', async () => {
    expect((await follow(stepsOf(PAGE), {}, '.')).map((text) => text.trim())).toEqual(['hello ada', 'ada']);
  });

  it('fails where a step fails', async () => {
    await expect(follow([{ line: 1, commands: 'false', promised: null }], {}, '.')).rejects.toThrow('the shell ended with 1');
  });

  it.each([
    ['{ "a": 1 }', '{"a":1}', true],
    ['{ "a": 1 }', '{"a":2}', false],
    ['{ "id": "…", "a": 1 }', '{"id":"b.c","a":1}', true],
    ['a.c', 'abc', false],
    ['…"a": 1…', '{"b":0,"a":1,"c":2}', true],
  ])('promises %s, and %s keeps it: %s', (promised, printed, kept) => {
    expect(isKept(promised, printed)).toBe(kept);
  });
});
