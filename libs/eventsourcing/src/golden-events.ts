import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '@daybook/kernel';
import type { EventRegistry, StoredForm } from './upcast.js';

/**
 * For a feature's own tests: a folder of JSON files `{ "type", "data" }`, at least one for every stored name there has
 * ever been, exactly as it was written. A file is added with each version and never edited: whoever breaks the reading
 * of an old event turns this red.
 */
export function describeGoldenEvents<Event>(directory: string, registry: EventRegistry<Event>): void {
  const golden = readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file, stored: storedForm(join(directory, file)) }));

  describe('events as they were written', () => {
    it.each(registry.storedTypes)('keep an example of %s', (type) => {
      expect(golden.map(({ stored }) => stored.type)).toContain(type);
    });

    it.each(golden)('can be read: $file', ({ stored }) => {
      const current = registry.decode(stored);
      const written = registry.encode(current);

      // Writing checks the schema. What was stored in the current version is stored again to the letter.
      expect(registry.decode(written)).toEqual(current);
      if (stored.type === written.type) expect(written).toEqual(stored);
    });
  });
}

function storedForm(file: string): StoredForm {
  const stored = JSON.parse(readFileSync(file, 'utf8')) as Partial<StoredForm>;
  invariant(typeof stored.type === 'string' && typeof stored.data === 'object', `${file} is not { "type", "data" }`);
  return { type: stored.type, data: stored.data };
}
