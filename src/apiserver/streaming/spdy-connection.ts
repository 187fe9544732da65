// Behaviour: SPDY/3.1 as github.com/moby/spdystream speaks it, server side: streams over one connection, no flow control.
import { Duplex } from "node:stream";
import { HeaderDecoder, HeaderEncoder, type SpdyHeaders } from "./spdy-headers.ts";

const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const GOAWAY = 7;
const FLAG_FIN = 1;
const VERSION = 3;
const HEAD_BYTES = 8;
const STATUS_CANCEL = 5;
const MAX_CONTROL_BYTES = 64 * 1024;
/** A stream that is not read holds the connection up when it has this much. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** Serves the streams that the other end opens. */
export class SpdyConnection {
  private readonly transport: Duplex;
  private readonly onStream: (stream: SpdyStream) => void;
  private readonly decoder = new HeaderDecoder();
  private readonly encoder = new HeaderEncoder();
  private readonly streams = new Map<number, SpdyStream>();
  private writes: Promise<void> = Promise.resolve();

  /** `onStream` is called for each stream after it was accepted. */
  constructor(transport: Duplex, onStream: (stream: SpdyStream) => void) {
    this.transport = transport;
    this.onStream = onStream;
    transport.on("error", () => transport.destroy());
  }

  /** Reads frames until the connection ends, cleanly or not; then every stream is over. */
  async run(): Promise<void> {
    let pending: Buffer = Buffer.alloc(0);
    try {
      for await (const chunk of this.transport as AsyncIterable<Buffer>) {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
        for (;;) {
          if (pending.length < HEAD_BYTES) break;
          const length = pending.readUIntBE(5, 3);
          const isControl = (pending[0] ?? 0) >= 0x80;
          if (isControl && length > MAX_CONTROL_BYTES) throw new RangeError("control frame is too long");
          if (pending.length < HEAD_BYTES + length) break;
          const frame = pending.subarray(0, HEAD_BYTES + length);
          pending = pending.subarray(HEAD_BYTES + length);
          await (isControl ? this.onControl(frame) : this.onData(frame));
        }
      }
    } catch {
      this.transport.destroy();
    } finally {
      for (const stream of this.streams.values()) stream.destroy();
      this.streams.clear();
    }
  }

  /** Ends the connection once everything written has gone out. */
  async close(): Promise<void> {
    await this.writes;
    if (!this.transport.destroyed) this.transport.end();
  }

  private async onControl(frame: Buffer): Promise<void> {
    if ((frame.readUInt16BE(0) & 0x7fff) !== VERSION) throw new RangeError("unknown SPDY version");
    const body = frame.subarray(HEAD_BYTES);
    switch (frame.readUInt16BE(2)) {
      case SYN_STREAM:
        return this.onSynStream(body, frame[4] ?? 0);
      case RST_STREAM:
        this.streams.get(streamId(body))?.destroy();
        return;
      case PING:
        return this.write(frame);
      case GOAWAY:
      default:
    }
  }

  private async onSynStream(body: Buffer, flags: number): Promise<void> {
    const id = streamId(body);
    const headers = await this.decoder.decode(body.subarray(10));
    const stream = new SpdyStream(id, headers, {
      write: (data, fin) => this.write(dataFrame(id, data, fin)),
      forget: (reset) => {
        if (this.streams.delete(id) && reset) void this.write(controlFrame(RST_STREAM, 0, ids(id, STATUS_CANCEL))).catch(() => {});
      },
    });
    this.streams.set(id, stream);
    if ((flags & FLAG_FIN) !== 0) stream.push(null);
    const reply = await this.encoder.encode(new Map());
    await this.write(controlFrame(SYN_REPLY, 0, Buffer.concat([ids(id), reply])));
    this.onStream(stream);
  }

  private async onData(frame: Buffer): Promise<void> {
    const stream = this.streams.get(streamId(frame));
    if (stream === undefined) return;
    if (frame.length > HEAD_BYTES) await stream.receive(Buffer.from(frame.subarray(HEAD_BYTES)));
    if (((frame[4] ?? 0) & FLAG_FIN) !== 0) stream.push(null);
  }

  private write(frame: Buffer): Promise<void> {
    this.writes = this.writes.then(
      () =>
        new Promise<void>((resolve, reject) => {
          if (this.transport.destroyed) reject(new Error("connection is closed"));
          else this.transport.write(frame, (error) => (error ? reject(error) : resolve()));
        }),
    );
    const written = this.writes;
    this.writes = written.catch(() => {});
    return written;
  }
}

interface StreamLink {
  write(data: Buffer, fin: boolean): Promise<void>;
  forget(reset: boolean): void;
}

/** One stream: each half ends on its own. */
export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: SpdyHeaders;
  private readonly link: StreamLink;
  private wake: (() => void) | undefined;

  constructor(id: number, headers: SpdyHeaders, link: StreamLink) {
    super({ allowHalfOpen: true });
    this.id = id;
    this.headers = headers;
    this.link = link;
    this.on("error", () => {});
  }

  /** Takes data in; resolves when there is room for more. */
  receive(data: Buffer): Promise<void> | void {
    if (this.destroyed || this.readableEnded) return;
    this.push(data);
    if (this.readableLength < MAX_UNREAD_BYTES) return;
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  override _read(): void {
    this.wake?.();
    this.wake = undefined;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    void settle(this.link.write(chunk, false), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    void settle(this.link.write(Buffer.alloc(0), true), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.wake?.();
    this.link.forget(!this.writableFinished || !this.readableEnded);
    done(error);
  }
}

/** Tells a callback how a promise settled. */
async function settle(promise: Promise<void>, done: (error?: Error | null) => void): Promise<void> {
  let failure: Error | undefined;
  try {
    await promise;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  done(failure);
}

function streamId(bytes: Buffer): number {
  return bytes.readUInt32BE(0) & 0x7fffffff;
}

function ids(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}

function controlFrame(type: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16BE(0x8000 | VERSION, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt8(flags, 4);
  head.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([head, body]);
}

function dataFrame(id: number, data: Buffer, fin: boolean): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(id, 0);
  head.writeUInt8(fin ? FLAG_FIN : 0, 4);
  head.writeUIntBE(data.length, 5, 3);
  return Buffer.concat([head, data]);
}
