// Protocol buffers' wire format: tags, varints and lengths, read and written.

/** Bytes that are not a valid message; the message is what Go's generated code says. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}

/** The wire type of numbers and booleans. */
export const VARINT = 0;
/** The wire type of doubles. */
export const FIXED64 = 1;
/** The wire type of strings, bytes, messages and packed lists. */
export const BYTES = 2;
const START_GROUP = 3;
const END_GROUP = 4;
const FIXED32 = 5;

const decoder = new TextDecoder("utf-8");

/** Reads one message's bytes from front to back. */
export class WireReader {
  private readonly bytes: Uint8Array;
  private position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get done(): boolean {
    return this.position >= this.bytes.length;
  }

  /** The next field's number and wire type. */
  tag(): { number: number; wireType: number } {
    const tag = this.size();
    const number = Math.floor(tag / 8);
    if (number === 0) throw new ProtobufError(`proto: illegal tag ${number} (wire type ${tag % 8})`);
    return { number, wireType: tag % 8 };
  }

  /** An unsigned 64-bit number. */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 64n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError("proto: integer overflow");
  }

  /** A signed number of 64 bits; what a double cannot hold is rounded. */
  int64(): number {
    return Number(BigInt.asIntN(64, this.varint()));
  }

  /** A signed number of 32 bits. */
  int32(): number {
    return Number(BigInt.asIntN(32, this.varint()));
  }

  double(): number {
    const part = this.take(8);
    return new DataView(part.buffer, part.byteOffset, 8).getFloat64(0, true);
  }

  /** The bytes of a length-delimited field. */
  chunk(): Uint8Array {
    return this.take(this.size());
  }

  text(): string {
    return decoder.decode(this.chunk());
  }

  /** Passes over a field that is not known. */
  skip(wireType: number, depth = 0): void {
    if (depth > 100) throw new ProtobufError("proto: groups nest too deeply");
    if (wireType === VARINT) this.varint();
    else if (wireType === FIXED64) this.take(8);
    else if (wireType === BYTES) this.chunk();
    else if (wireType === FIXED32) this.take(4);
    else if (wireType === START_GROUP) {
      for (let inner = this.tag(); inner.wireType !== END_GROUP; inner = this.tag()) this.skip(inner.wireType, depth + 1);
    } else if (wireType === END_GROUP) throw new ProtobufError("proto: unexpected end of group");
    else throw new ProtobufError(`proto: illegal wireType ${wireType}`);
  }

  /** A tag or a length: like varint, without its cost. */
  private size(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 42; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new ProtobufError("proto: integer overflow");
  }

  private byte(): number {
    const byte = this.bytes[this.position++];
    if (byte === undefined) throw new ProtobufError("unexpected EOF");
    return byte;
  }

  private take(length: number): Uint8Array {
    if (this.position + length > this.bytes.length) throw new ProtobufError("unexpected EOF");
    const part = this.bytes.subarray(this.position, this.position + length);
    this.position += length;
    return part;
  }
}

/** Writes one message. */
export class WireWriter {
  private bytes = Buffer.allocUnsafe(256);
  private length = 0;

  /** What was written. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  tag(number: number, wireType: number): void {
    this.varint(number * 8 + wireType);
  }

  /** A whole number, negative ones in two's complement of 64 bits. */
  varint(value: number): void {
    let rest = value;
    if (value < 0 || value > Number.MAX_SAFE_INTEGER) {
      let wide = BigInt.asUintN(64, BigInt(value));
      for (; wide > 0x7fn; wide >>= 7n) this.byte(Number(wide & 0x7fn) | 0x80);
      this.byte(Number(wide));
      return;
    }
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 0x80);
    this.byte(rest);
  }

  double(value: number): void {
    this.reserve(8);
    this.length = this.bytes.writeDoubleLE(value, this.length);
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.varint(size);
    this.reserve(size);
    this.length += this.bytes.write(value, this.length);
  }

  chunk(value: Uint8Array): void {
    this.varint(value.length);
    this.raw(value);
  }

  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }

  private byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  private reserve(size: number): void {
    if (this.length + size <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + size));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}
