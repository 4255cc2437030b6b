import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCivilDate, transactionId } from '@daybook/kernel';
import { validationFailedBy, type CommandContract } from '@daybook/platform';
import { amendTransaction, createTransaction, recordRefund, voidTransaction } from './commands.js';

function errorsOf({ args, example }: CommandContract, change: object): unknown {
  const parsed = args.safeParse({ ...(example as object), ...change });
  return parsed.success ? [] : validationFailedBy(parsed.error).data.errors;
}

function parsed({ args, example }: CommandContract, change: object): unknown {
  return args.parse({ ...(example as object), ...change });
}

describe('the arguments of createTransaction', () => {
  it.each([
    ['amount', 0, 'too_small'],
    ['amount', '-1', 'too_small'],
    ['amount', '1e3', 'invalid_amount'],
    ['amount', undefined, 'required'],
    ['type', 'transfer', 'invalid_value'],
    ['category', 'food', 'invalid_category'],
    ['date', '2026-02-30', 'invalid_date'],
    ['description', 'a\u0007b', 'invalid_characters'],
    ['description', 'x'.repeat(501), 'invalid_length'],
    ['clientId', '', 'invalid_client_id'],
    ['clientId', 'x'.repeat(129), 'invalid_client_id'],
    ['clientId', 'a\u200bb', 'invalid_client_id'],
    ['incomeKind', 'gift', 'invalid_value'],
    ['lateEntry', true, 'invalid_value'],
    ['tags', [], 'unknown_field'],
  ])('%s: %j is refused as %s', (field, value, code) => {
    expect(errorsOf(createTransaction, { [field]: value })).toMatchObject([{ pointer: `/${field}`, code }]);
  });

  it('take an empty description for none, and a clientId as people write', () => {
    expect(parsed(createTransaction, { description: '  ' })).toMatchObject({ description: null });
    expect(parsed(createTransaction, { clientId: 'Kassenzettel № 7, Müller & Söhne' })).toMatchObject({
      clientId: 'Kassenzettel № 7, Müller & Söhne',
    });
  });

  it('take an id of a category in any letter case', () => {
    const category = '5E6F7A8B-1C2D-4E3F-9A0B-1C2D3E4F5A6B';
    expect(parsed(createTransaction, { category })).toMatchObject({ category: category.toLowerCase() });
  });
});

describe('the arguments of amendTransaction', () => {
  it('name at least one field to change; null takes a description away', () => {
    expect(errorsOf(amendTransaction, { amount: undefined })).toMatchObject([{ pointer: '', code: 'nothing_to_change' }]);
    expect(errorsOf(amendTransaction, { amount: undefined, lateEntry: 'adjustCurrent' })).toMatchObject([{ code: 'nothing_to_change' }]);
    expect(parsed(amendTransaction, { amount: undefined, description: null })).toMatchObject({ description: null });
    expect(parsed(amendTransaction, { amount: undefined, description: '' })).toMatchObject({ description: null });
  });

  it('name the version they were made on', () => {
    for (const expectedVersion of [undefined, 0, '1', 1.5]) {
      expect(errorsOf(amendTransaction, { expectedVersion })).toMatchObject([{ pointer: '/expectedVersion' }]);
    }
  });
});

describe('the examples', () => {
  it.each([createTransaction, recordRefund, amendTransaction, voidTransaction])('$name is taken as it stands', (contract) => {
    expect(errorsOf(contract, {})).toEqual([]);
  });

  it('amend and void what the first one records, under the id that the page for clients computes', () => {
    const { familyId, clientId = '', date = '' } = createTransaction.example;
    const id = transactionId(familyId, clientId, parseCivilDate(date));
    expect([amendTransaction.example.transactionId, voidTransaction.example.transactionId]).toEqual([id, id]);
    const page = readFileSync(join(__dirname, '../../../../docs/how-to/record-while-offline.md'), 'utf8');
    expect(page).toContain(`# ${id}\ntransaction_id("${familyId}", "${clientId}", "${date}")`);
  });
});
