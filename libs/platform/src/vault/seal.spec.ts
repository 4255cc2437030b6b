import { createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { deriveSubjectKeys, openText, sealText } from './seal.js';

const key = Buffer.alloc(32, 7);

describe('sealText', () => {
  it('writes what every later version must read', () => {
    expect(sealText(deriveSubjectKeys(key), 'ada', 'family-1/name', 'The Lovelaces')).toBe('hTioPNPCLSW-0pu-AtXSmtnbQ4JRDDJFWsod2gIFQ-YrX2eSsuEQpDc');
  });

  it('is AES-256-GCM under derived keys, as anybody can check without this code', () => {
    const bytes = Buffer.from(sealText(deriveSubjectKeys(key), 'ada', 'name', 'Ada'), 'base64url');
    const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
    const nonce = createHmac('sha256', derived('daybook seal nonce')).update('["name","Ada"]').digest().subarray(0, 12);
    expect(bytes.subarray(0, 12)).toEqual(nonce);
    const decipher = createDecipheriv('aes-256-gcm', derived('daybook seal encryption'), nonce);
    decipher.setAAD(Buffer.from('["ada","name"]')).setAuthTag(bytes.subarray(-16));
    expect(decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')).toBe('Ada');
  });

  it('says nothing but the length and equality of texts', () => {
    const keys = deriveSubjectKeys(key);
    expect(sealText(keys, 'ada', 'name', 'Ada')).toHaveLength(sealText(keys, 'ada', 'name', 'Bob').length);
    expect(openText(keys, 'ada', 'name', sealText(keys, 'ada', 'name', ''))).toBe('');
  });
});
