import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log, Sealed } from '@daybook/kernel';
import fc from 'fast-check';
import { Secret } from '../config/secret.js';
import { systemRandom } from '../system/system-random.js';
import { KeyMissingError, SealBrokenError, SubjectForgottenError } from './sealer.js';
import { openVault, vaultExists, type Vault, type VaultOptions } from './vault.js';

describe('the vault', () => {
  let directory: string;
  let elapsedMilliseconds: number;
  let vault: Vault;
  const complaints: string[] = [];
  const log: Log = { info: () => undefined, warn: () => undefined, error: (message) => complaints.push(message) };

  const open = (options: Partial<VaultOptions> = {}) =>
    openVault({ directory, mustExist: false, clock: { now: () => 0, monotonic: () => elapsedMilliseconds }, random: systemRandom, log, ...options });

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'daybook-vault-'));
    elapsedMilliseconds = 0;
    complaints.length = 0;
    vault = await open();
  });
  afterEach(async () => {
    await vault.close();
    await rm(directory, { recursive: true, force: true });
  });

  const reopen = async (options: Partial<VaultOptions> = {}): Promise<void> => {
    await vault.close();
    vault = await open(options);
  };

  describe('sealing', () => {
    it('opens to what was sealed, also after a restart', async () => {
      const subjects = fc.constantFrom('ada', 'bob');
      await fc.assert(
        fc.asyncProperty(subjects, fc.string(), fc.string({ unit: 'binary' }), async (subject, context, text) => {
          expect(await vault.open(await vault.seal(subject, context, text), context)).toBe(text);
        }),
        { numRuns: 60 },
      );
      const sealed = await vault.seal('ada', 'family-1/name', 'The Lovelaces');
      await reopen();
      expect(await vault.open(sealed, 'family-1/name')).toBe('The Lovelaces');
    });

    it('gives the same bytes for the same words, and others for others', async () => {
      const seals = await Promise.all([
        vault.seal('ada', 'c', 'x'), vault.seal('ada', 'c', 'x'),
        vault.seal('ada', 'c', 'y'), vault.seal('ada', 'd', 'x'), vault.seal('bob', 'c', 'x'),
        vault.seal('ada', 'cx', ''), vault.seal('ada', '', 'cx'),
      ]);
      expect(seals[0]).toEqual(seals[1]);
      expect(new Set(seals.map(({ data }) => data)).size).toBe(6);
      expect(new Set(seals.map(({ data }) => data.slice(0, 16))).size).toBe(6);
    });

    it('does not show what it seals', async () => {
      const { data } = await vault.seal('ada', 'name', 'The Lovelaces');
      expect(Buffer.from(data, 'base64url').toString('latin1')).not.toContain('Lovelace');
    });

    it('cannot be opened as another field, for another subject, or changed', async () => {
      const sealed = await vault.seal('ada', 'family-1/name', 'The Lovelaces');
      await vault.seal('bob', 'x', 'y');
      const flipped = Buffer.from(sealed.data, 'base64url');
      flipped[20] = (flipped[20] ?? 0) ^ 1;
      const forgeries: [Sealed, string][] = [
        [sealed, 'family-2/name'],
        [{ ...sealed, subject: 'bob' }, 'family-1/name'],
        [{ ...sealed, data: flipped.toString('base64url') }, 'family-1/name'],
        [{ ...sealed, data: sealed.data.slice(0, -4) }, 'family-1/name'],
        [{ ...sealed, data: '' }, 'family-1/name'],
      ];
      for (const [forged, context] of forgeries) await expect(vault.open(forged, context)).rejects.toBeInstanceOf(SealBrokenError);
    });
  });

  describe('forgetting', () => {
    it('closes every text of the person at once and for ever, and nobody else\'s', async () => {
      const sealed = await vault.seal('ada', 'name', 'Ada');
      const other = await vault.seal('bob', 'name', 'Bob');
      expect(await vault.open(sealed, 'name')).toBe('Ada');
      expect(await vault.forget('ada')).toBe(true);
      for (const restart of [false, true]) {
        if (restart) await reopen();
        expect(await vault.open(sealed, 'name')).toBeNull();
        await expect(vault.seal('ada', 'name', 'Ada')).rejects.toBeInstanceOf(SubjectForgottenError);
        expect(await vault.open(other, 'name')).toBe('Bob');
      }
      expect(complaints).toEqual([]);
    });

    it('reaches texts that are being opened at that moment', async () => {
      const sealed = await vault.seal('ada', 'name', 'Ada');
      await reopen();
      const opening = vault.open(sealed, 'name');
      await vault.forget('ada');
      await opening;
      expect(await vault.open(sealed, 'name')).toBeNull();
    });

    it('is not what a lost key looks like: that is an error, and the operator is told', async () => {
      const other = await open();
      const sealed = await vault.seal('ada', 'name', 'Ada');
      await expect(other.open(sealed, 'name')).rejects.toBeInstanceOf(KeyMissingError);
      expect(complaints).toEqual(['the vault has no key for a sealed text, and no word that its subject was forgotten']);
      await other.close();
    });
  });

  describe('keyed hashes', () => {
    it('are the same for the same words in one vault only', async () => {
      const hash = vault.keyedHash('user', 'issuer', 'subject');
      expect(hash).toMatch(/^[A-Za-z0-9_-]{43}$/);
      const others = [['email', 'issuer', 'subject'], ['user', 'issuersubject'], ['user', 'issuers', 'ubject'], ['userissuer', 'subject']] as const;
      for (const [purpose, ...parts] of others) expect(vault.keyedHash(purpose, ...parts)).not.toBe(hash);
      await reopen();
      expect(vault.keyedHash('user', 'issuer', 'subject')).toBe(hash);
      await rm(directory, { recursive: true });
      directory = await mkdtemp(path.join(tmpdir(), 'daybook-vault-'));
      await reopen();
      expect(vault.keyedHash('user', 'issuer', 'subject')).not.toBe(hash);
    });
  });

  describe('opening', () => {
    it('knows whether there is a vault without making one', async () => {
      const elsewhere = path.join(directory, 'elsewhere');
      expect(await vaultExists({ directory })).toBe(true);
      expect(await vaultExists({ directory: elsewhere })).toBe(false);
      expect(await vaultExists({ directory: elsewhere })).toBe(false);
    });

    it('never makes a new vault beside an old log, and says where keys lie', async () => {
      const elsewhere = path.join(directory, 'elsewhere');
      await expect(open({ directory: elsewhere, mustExist: true })).rejects.toMatchObject({
        name: 'StartError',
        message: `The log has events, but their vault is missing: no keys in ${elsewhere}/vault.keys.`,
        hint: expect.stringContaining('Restore the backup of the vault (vault.keys and vault.master)'),
      });
      await expect(stat(elsewhere)).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it('refuses a master key that is another one, missing or damaged, and says so', async () => {
      const file = path.join(directory, 'vault.master');
      const right = await readFile(file, 'utf8');
      await vault.seal('ada', 'name', 'Ada');
      await writeFile(file, 'ab'.repeat(32));
      await expect(open()).rejects.toThrow(/The master key does not open the vault in .*vault\.keys/);
      await writeFile(file, 'ab');
      await expect(open()).rejects.toThrow(/is not 64 hex digits/);
      await rm(file);
      await expect(open()).rejects.toThrow(/master key of the vault is missing/);
      await writeFile(file, right, { mode: 0o600 });
      await reopen();
    });

    it('takes the master key from the configuration and then keeps none on disk', async () => {
      const elsewhere = await mkdtemp(path.join(tmpdir(), 'daybook-vault-'));
      const masterKey = new Secret('cd'.repeat(32));
      await reopen({ directory: elsewhere, masterKey });
      const sealed = await vault.seal('ada', 'name', 'Ada');
      await expect(stat(path.join(elsewhere, 'vault.master'))).rejects.toMatchObject({ code: 'ENOENT' });
      await reopen({ directory: elsewhere, masterKey });
      expect(await vault.open(sealed, 'name')).toBe('Ada');
      await rm(elsewhere, { recursive: true });
    });

    it('refuses a master key that other users could read', async () => {
      await chmod(path.join(directory, 'vault.master'), 0o644);
      await expect(open()).rejects.toThrow(/vault\.master can be read by other users/);
    });
  });
});
