import { readFileSync } from 'node:fs';
import path from 'node:path';
import { endInstances, Instance, temporaryDirectory } from '../support/instance.js';
import { follow, isKept, stepsOf } from '../support/executed-document.js';

const PROJECT = path.resolve(__dirname, '../..');
const ADDRESS_IN_PAGES = 'http://127.0.0.1:3000';

describe('the first five minutes of a new user', () => {
  it('go as the page says, line by line', async () => {
    const page = readFileSync(path.join(PROJECT, 'docs/first-five-minutes.md'), 'utf8');
    const directory = await temporaryDirectory();
    try {
      const instance = await Instance.start({ dataDirectory: directory.path });
      const steps = stepsOf(page.replaceAll(ADDRESS_IN_PAGES, instance.url));
      const printed = await follow(steps, { DAYBOOK_URL: instance.url }, PROJECT);
      const broken = steps.flatMap(({ line, promised }, index) => {
        const came = printed[index] ?? '';
        return promised === null || isKept(promised, came) ? [] : [`line ${line} promises\n${promised}and prints\n${came}`];
      });
      expect(broken).toEqual([]);
      expect(steps.length).toBeGreaterThan(5);
      await instance.interrupt();
    } finally {
      await endInstances(directory.path);
      await directory.remove();
    }
  }, 90_000);
});
