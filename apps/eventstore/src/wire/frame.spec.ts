import fc from 'fast-check';
import { frame, FrameSplitter, MAX_MESSAGE_BYTES } from './frame.js';

function split(pieces: readonly Buffer[]): { messages: Buffer[]; incomplete: number } {
  const messages: Buffer[] = [];
  const splitter = new FrameSplitter((message) => messages.push(message));
  for (const piece of pieces) splitter.push(piece);
  return { messages, incomplete: splitter.incomplete };
}

describe('the splitter of gRPC frames', () => {
  it('finds the same messages however the bytes are cut into pieces', () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 8 }), fc.array(fc.nat({ max: 400 }), { maxLength: 12 }), (sent, cuts) => {
        const whole = Buffer.concat(sent.map(frame));
        const ends = [...cuts.filter((cut) => cut < whole.length), whole.length].sort((a, b) => a - b);
        const pieces = ends.map((end, at) => whole.subarray(ends[at - 1] ?? 0, end));
        expect(split(pieces)).toEqual({ messages: sent, incomplete: 0 });
      }),
    );
  });

  it('says that a message is not whole yet', () => {
    expect(split([frame(Buffer.from('abc')).subarray(0, 6)])).toEqual({ messages: [], incomplete: 6 });
  });

  it('refuses compressed and oversized messages before they arrive', () => {
    const header = Buffer.alloc(5);
    header[0] = 1;
    expect(() => split([header])).toThrow('compressed');
    header[0] = 0;
    header.writeUInt32BE(MAX_MESSAGE_BYTES + 1, 1);
    expect(() => split([header])).toThrow('bytes is over');
  });
});
