import type { KeyStore } from './key-store.js';

/** What every place for keys must do; `open` opens the same place again, `another` a second time beside the first. */
export function describeKeyStore(form: string, open: () => Promise<KeyStore>, another: () => Promise<KeyStore>): void {
  const bytes = (fill: number) => Buffer.alloc(61, fill);

  describe(`a key store in ${form}`, () => {
    let store: KeyStore;

    beforeEach(async () => {
      store = await open();
      await store.ownSecret(bytes(0));
    });
    afterEach(() => store.close());

    const reopened = async (): Promise<KeyStore> => {
      await store.close();
      return (store = await open());
    };

    it('keeps the first secret it was given', async () => {
      expect(await store.ownSecret(bytes(9))).toEqual(bytes(0));
      expect(await (await reopened()).ownSecret(bytes(9))).toEqual(bytes(0));
    });

    it('knows nothing of a subject nobody added', async () => {
      expect(await store.find('ada')).toBeUndefined();
    });

    it('keeps the first key of a subject, also after it was opened again', async () => {
      expect(await store.addIfAbsent('ada', bytes(1))).toEqual(bytes(1));
      expect(await store.addIfAbsent('ada', bytes(2))).toEqual(bytes(1));
      expect(await (await reopened()).find('ada')).toEqual(bytes(1));
    });

    it('gives one key to all who ask at once', async () => {
      const answers = await Promise.all([1, 2, 3, 4, 5].map((fill) => store.addIfAbsent('ada', bytes(fill))));
      expect(new Set(answers.map((answer) => answer.toString('hex'))).size).toBe(1);
      expect(await store.find('ada')).toEqual(answers[0]);
    });

    it('erases a key for ever and says whether there was one', async () => {
      await store.addIfAbsent('ada', bytes(1));
      await store.addIfAbsent('bob', bytes(2));
      expect(await store.forget('ada')).toBe(true);
      expect(await store.forget('ada')).toBe(false);
      expect(await store.forget('never seen')).toBe(false);
      for (const restart of [false, true]) {
        if (restart) await reopened();
        expect(await store.find('ada')).toBe('forgotten');
        expect(await store.addIfAbsent('ada', bytes(3))).toBe('forgotten');
        expect(await store.addIfAbsent('never seen', bytes(3))).toBe('forgotten');
        expect(await store.find('bob')).toEqual(bytes(2));
      }
    });

    it('takes any text for a subject', async () => {
      const odd = ['', 'a\nb', '"', '\\', "'; drop table vault_keys; --", 'ä\u2028😀', 'x'.repeat(500)];
      for (const [index, subject] of odd.entries()) await store.addIfAbsent(subject, bytes(index));
      await reopened();
      for (const [index, subject] of odd.entries()) expect(await store.find(subject)).toEqual(bytes(index));
    });

    it('is read alike by who opens it next', async () => {
      await store.addIfAbsent('ada', bytes(1));
      await store.forget('ada');
      await store.addIfAbsent('bob', bytes(2));
      const other = await another();
      expect([await other.find('ada'), await other.find('bob')]).toEqual(['forgotten', bytes(2)]);
      await other.close();
    });
  });
}
