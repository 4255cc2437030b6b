import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { fromEpochDay, monthOf, parseCivilDate } from './civil-date.js';
import { DaybookError } from './errors.js';
import {
  commandIdFor,
  creationDateOf,
  isUuid,
  ledgerMonthOf,
  parseUuid,
  transactionId,
  uuidV5,
} from './ids.js';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const FAMILY = '5f2c1c1e-8a51-4d0a-9c5b-0f6f5a1b2c3d';
const OF_APRIL = transactionId(FAMILY, 'c', parseCivilDate('2026-04-01'));
const uuids = fc.uuid();
const days = fc.integer({ min: 0, max: 2_932_896 }).map(fromEpochDay);

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof DaybookError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('a UUID', () => {
  it('is accepted in any letter case and kept in lower case', () => {
    expect(parseUuid('5F2C1C1E-8A51-4D0A-9C5B-0F6F5A1B2C3D')).toBe(FAMILY);
    expect(isUuid('5F2C1C1E-8A51-4D0A-9C5B-0F6F5A1B2C3D')).toBe(false);
  });

  it.each(['', 'abc', `{${FAMILY}}`, ` ${FAMILY}`, `${FAMILY}\n`, FAMILY.replaceAll('-', ''), FAMILY.replace('5', 'g')])(
    'is not %j',
    (text) => {
      expect(refusal(() => parseUuid(text))).toBe('VALIDATION_FAILED');
    },
  );
});

describe('derived ids', () => {
  it('version 5 answers the value published in RFC 9562', () => {
    expect(uuidV5(DNS, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('version 5 is SHA-1 of the namespace and the name, for any name', () => {
    fc.assert(
      fc.property(uuids, fc.string({ unit: 'grapheme' }), (namespace, name) => {
        const digest = createHash('sha1').update(Buffer.from(namespace.replaceAll('-', ''), 'hex')).update(name).digest();
        const id = uuidV5(namespace, name).replaceAll('-', '');
        expect(id.slice(0, 12)).toBe(digest.toString('hex').slice(0, 12));
        expect(id[12]).toBe('5');
        expect(id.slice(13, 16)).toBe(digest.toString('hex').slice(13, 16));
        expect('89ab').toContain(id[16]);
        expect(id.slice(17)).toBe(digest.toString('hex').slice(17, 32));
      }),
    );
  });

  it('an idempotency key that is a UUID is the command id, whoever sends it', () => {
    expect(commandIdFor('mia', 'createFamily', null, FAMILY.toUpperCase())).toBe(FAMILY);
  });

  it('any other key counts per actor, command and family', () => {
    const variants = [
      commandIdFor('mia', 'createTransaction', FAMILY, 'k1'),
      commandIdFor('tom', 'createTransaction', FAMILY, 'k1'),
      commandIdFor('mia', 'voidTransaction', FAMILY, 'k1'),
      commandIdFor('mia', 'createTransaction', null, 'k1'),
      commandIdFor('mia', 'createTransaction', FAMILY, 'k2'),
    ];
    expect(new Set(variants).size).toBe(variants.length);
    expect(variants.every(isUuid)).toBe(true);
  });

  it('no two different quadruples are confused, whatever they contain', () => {
    const part = fc.string({ maxLength: 4, unit: fc.constantFrom('a', '"', ',', '[', '\\', '|', ' ') });
    const quadruple = fc.tuple(part, part, fc.option(part), part);
    fc.assert(
      fc.property(quadruple, quadruple, (left, right) => {
        const same = JSON.stringify(left) === JSON.stringify(right);
        expect(commandIdFor(...left) === commandIdFor(...right)).toBe(same);
      }),
    );
  });

  it('the ids of today are the ids of ever', () => {
    expect({
  command: commandIdFor('mia', 'createTransaction', FAMILY, 'k1'),
  transaction: transactionId(FAMILY, 'c-1', parseCivilDate('2026-04-01'))
}).toMatchInlineSnapshot(`
{
  "command": "ecb98877-330d-50f8-98ab-c6e7a51cd5cf",
  "transaction": "019d4657-0000-81aa-9985-39a2fb218cfe",
}
`);
  });
});

describe('a transaction id', () => {
  it('carries the date given at creation in its first 48 bits', () => {
    const id = transactionId(FAMILY, 'c-1', parseCivilDate('2026-04-01'));
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.UTC(2026, 3, 1));
  });

  it('carries SHA-256 of family and client id in the rest, but for version and variant', () => {
    fc.assert(
      fc.property(uuids, fc.string({ unit: 'grapheme' }), days, (family, clientId, date) => {
        const hash = createHash('sha256').update(`${family}|${clientId}`).digest('hex');
        const id = transactionId(family, clientId, date).replaceAll('-', '');
        expect(id[12]).toBe('8');
        expect(id.slice(13, 16)).toBe(hash.slice(1, 4));
        expect(Number.parseInt(id[16] ?? '', 16)).toBe(0b1000 | (Number.parseInt(hash[4] ?? '', 16) & 0b0011));
        expect(id.slice(17)).toBe(hash.slice(5, 20));
      }),
    );
  });

  it('leads back to its date and its ledger, for any family, client id and date', () => {
    fc.assert(
      fc.property(uuids, fc.string(), days, (family, clientId, date) => {
        const id = transactionId(family, clientId, date);
        expect(creationDateOf(id.toUpperCase())).toBe(date);
        expect(ledgerMonthOf(id)).toBe(monthOf(date));
      }),
    );
  });

  it('sorts as its date', () => {
    fc.assert(
      fc.property(uuids, fc.string(), days, days, (family, clientId, one, other) => {
        fc.pre(one < other);
        expect(transactionId(family, clientId, one) < transactionId(family, clientId, other)).toBe(true);
      }),
    );
  });

  it('is the same for the family id in any letter case', () => {
    const date = parseCivilDate('2026-04-01');
    expect(transactionId(FAMILY.toUpperCase(), 'c', date)).toBe(transactionId(FAMILY, 'c', date));
  });

  it('does not exist before 1970', () => {
    expect(refusal(() => transactionId(FAMILY, 'c', parseCivilDate('1969-12-31')))).toBe('DATE_OUT_OF_RANGE');
    expect(creationDateOf(transactionId(FAMILY, 'c', parseCivilDate('1970-01-01')))).toBe('1970-01-01');
  });

  it.each([
    ['a random UUID', FAMILY],
    ['a UUIDv8 that is not at midnight', '019d464f-0001-8000-8000-000000000000'],
    ['a UUIDv8 of the day after the last', 'e677d21f-dc00-8000-8000-000000000000'],
    ['a UUID of another version at midnight', OF_APRIL.replace(/-8/, '-7')],
    ['a UUID of another variant', OF_APRIL.replace(/-[89ab](.{3}-.{12})$/, '-c$1')],
  ])('%s is nobody\'s transaction', (_, id) => {
    expect(refusal(() => ledgerMonthOf(id))).toBe('NOT_FOUND');
  });

  it('a text that is no UUID is malformed rather than not found', () => {
    expect(refusal(() => ledgerMonthOf('c-1'))).toBe('VALIDATION_FAILED');
  });
});
