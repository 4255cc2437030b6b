import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { follow, isKept, stepsOf } from '../support/executed-document.js';
import { endInstances, Instance, temporaryDirectory } from '../support/instance.js';

jest.setTimeout(60_000);

const PROJECT = path.resolve(__dirname, '../..');

describe('docs/http.md', () => {
  it('can be typed as it stands, and prints what it says', async () => {
    const directory = await temporaryDirectory();
    try {
      const instance = await Instance.start({ dataDirectory: directory.path });
      const page = await readFile(path.join(PROJECT, 'docs/http.md'), 'utf8');
      const steps = stepsOf(page.replaceAll('http://127.0.0.1:3000', instance.url));
      const printed = await follow(steps, {}, PROJECT);
      const broken = steps.flatMap(({ line, promised }, index) =>
        promised === null || isKept(promised, printed[index] ?? '') ? [] : [{ line, promised, printed: printed[index] }],
      );
      expect(broken).toEqual([]);
    } finally {
      await endInstances(directory.path);
      await directory.remove();
    }
  });
});
