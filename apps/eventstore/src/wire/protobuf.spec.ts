import fc from 'fast-check';
import { MalformedMessageError, ProtoReader, ProtoWriter, varintLength } from './protobuf.js';

describe('the protobuf reader', () => {
  it('reads back every number and text that was written', () => {
    const fields = fc.array(fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.maxSafeNat(), fc.string()));
    fc.assert(
      fc.property(fields, (written) => {
        const writer = new ProtoWriter();
        for (const [field, number, text] of written) writer.uint(field, number).string(field + 1, text);
        const bytes = writer.finish();
        const reader = new ProtoReader(bytes);
        for (const [field, number, text] of written) {
          expect([reader.nextField(), reader.uint()]).toEqual([field, number]);
          expect([reader.nextField(), reader.string()]).toEqual([field + 1, text]);
        }
        expect(reader.nextField()).toBe(0);
      }),
    );
  });

  it('saturates at the largest number a double counts exactly', () => {
    const largest = Buffer.from([0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
    const reader = new ProtoReader(largest);
    reader.nextField();
    expect(reader.uint()).toBe(Number.MAX_SAFE_INTEGER);
    expect(varintLength(Number.MAX_SAFE_INTEGER)).toBe(8);
  });

  it('either reads or refuses any bytes at all, and never leaves them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const reader = new ProtoReader(Buffer.from(bytes));
        try {
          let fields = 0;
          while (reader.nextField() !== 0) {
            reader.skip();
            fields += 1;
          }
          expect(fields).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessageError);
        }
      }),
    );
  });
});
