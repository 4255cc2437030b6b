/**
 * The protobuf wire format, by hand: only what the messages of this node need. Numbers are read into doubles and
 * saturate at 2^53 - 1; no revision, position or count of one machine comes near it.
 */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

export class ProtoReader {
  private wireType = VARINT;

  constructor(
    private readonly bytes: Buffer,
    private position = 0,
    private readonly end = bytes.length,
  ) {}

  /** The number of the next field, 0 at the end of the message. */
  nextField(): number {
    if (this.position >= this.end) return 0;
    const tag = this.varint();
    this.wireType = tag & 7;
    const field = Math.floor(tag / 8);
    if (field === 0) throw new MalformedMessageError('field number 0');
    return field;
  }

  uint(): number {
    this.expect(VARINT);
    return this.varint();
  }

  bool(): boolean {
    return this.uint() !== 0;
  }

  bytesValue(): Buffer {
    const length = this.lengthOfBlock();
    const start = this.position;
    this.position += length;
    return this.bytes.subarray(start, this.position);
  }

  string(): string {
    return this.bytesValue().toString('utf8');
  }

  message(): ProtoReader {
    const length = this.lengthOfBlock();
    const start = this.position;
    this.position += length;
    return new ProtoReader(this.bytes, start, this.position);
  }

  skip(): void {
    switch (this.wireType) {
      case VARINT:
        this.varint();
        return;
      case FIXED64:
        this.advance(8);
        return;
      case LENGTH_DELIMITED:
        this.advance(this.lengthOfBlock());
        return;
      case FIXED32:
        this.advance(4);
        return;
      default:
        throw new MalformedMessageError(`wire type ${this.wireType}`);
    }
  }

  private lengthOfBlock(): number {
    this.expect(LENGTH_DELIMITED);
    const length = this.varint();
    if (this.position + length > this.end) throw new MalformedMessageError('a field is longer than its message');
    return length;
  }

  private advance(count: number): void {
    this.position += count;
    if (this.position > this.end) throw new MalformedMessageError('a field is longer than its message');
  }

  private expect(wireType: number): void {
    if (this.wireType !== wireType) throw new MalformedMessageError(`wire type ${this.wireType}, not ${wireType}`);
  }

  private varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.position < this.end ? this.bytes[this.position] : undefined;
      if (byte === undefined) throw new MalformedMessageError('a number is cut off');
      this.position += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return Math.min(value, Number.MAX_SAFE_INTEGER);
      scale *= 128;
    }
    throw new MalformedMessageError('a number is longer than ten bytes');
  }
}

export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length += 1;
  return length;
}

/** Writes a varint and returns the offset behind it. */
export function writeVarint(target: Buffer, offset: number, value: number): number {
  let rest = value;
  let at = offset;
  while (rest >= 128) {
    target[at] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
    at += 1;
  }
  target[at] = rest;
  return at + 1;
}

/** For answers: small messages written field by field. The event frame has an encoder of its own. */
export class ProtoWriter {
  private readonly parts: Buffer[] = [];
  private size = 0;

  uint(field: number, value: number): this {
    const part = Buffer.allocUnsafe(varintLength(field * 8) + varintLength(value));
    writeVarint(part, writeVarint(part, 0, field * 8 + VARINT), value);
    return this.push(part);
  }

  bytes(field: number, value: Buffer): this {
    const head = Buffer.allocUnsafe(varintLength(field * 8) + varintLength(value.length));
    writeVarint(head, writeVarint(head, 0, field * 8 + LENGTH_DELIMITED), value.length);
    return this.push(head).push(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  message(field: number, value: ProtoWriter): this {
    return this.bytes(field, value.finish());
  }

  /** A field whose presence is its meaning. */
  empty(field: number): this {
    return this.bytes(field, Buffer.alloc(0));
  }

  finish(): Buffer {
    return Buffer.concat(this.parts, this.size);
  }

  private push(part: Buffer): this {
    this.parts.push(part);
    this.size += part.length;
    return this;
  }
}
