import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { SpdyConnection, type SpdyStream } from "./spdy-connection.ts";
import { HeaderDecoder, HeaderEncoder, SPDY_DICTIONARY } from "./spdy-headers.ts";

/** Two ends of one connection. */
function pair(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const end = (other: number) =>
    new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        ends[other]?.push(chunk);
        done();
      },
      final(done) {
        ends[other]?.push(null);
        done();
      },
    });
  ends.push(end(1), end(0));
  return ends as [Duplex, Duplex];
}

function control(type: number, body: Buffer, flags = 0): Buffer {
  const head = Buffer.from([0x80, 3, 0, type, flags, 0, 0, 0]);
  head.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([head, body]);
}

function data(id: number, text: string, flags = 0): Buffer {
  const head = Buffer.from([0, 0, 0, id, flags, 0, 0, text.length]);
  return Buffer.concat([head, Buffer.from(text)]);
}

async function synStream(encoder: HeaderEncoder, id: number, headers: Record<string, string>): Promise<Buffer> {
  return control(1, Buffer.concat([Buffer.from([0, 0, 0, id, 0, 0, 0, 0, 0, 0]), await encoder.encode(new Map(Object.entries(headers)))]));
}

test("the dictionary is the one that everybody has", () => {
  let [low, high] = [1, 0];
  for (const byte of SPDY_DICTIONARY) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  expect((high * 65_536 + low).toString(16)).toBe("e3c6a7c2");
});

test("headers survive, block after block", async () => {
  const [encoder, decoder] = [new HeaderEncoder(), new HeaderDecoder()];
  for (const name of ["stdin", "stdout", "stderr"]) {
    const headers = new Map([["streamtype", name], ["port", "80"]]);
    expect(await decoder.decode(await encoder.encode(headers))).toEqual(headers);
  }
});

test("streams are accepted, carry data both ways and end one half at a time", async () => {
  const [near, far] = pair();
  const opened: SpdyStream[] = [];
  const connection = new SpdyConnection(near, (stream) => {
    opened.push(stream);
    stream.on("data", (chunk: Buffer) => stream.write(`got ${chunk.toString()}`));
    stream.on("end", () => stream.end("bye"));
  });
  const running = connection.run();
  const encoder = new HeaderEncoder();
  // Cut into single bytes, as networks may.
  for (const byte of Buffer.concat([await synStream(encoder, 1, { streamtype: "data" }), data(1, "hello"), data(1, "", 1)])) far.write(Buffer.from([byte]));
  let frames = Buffer.alloc(0);
  await new Promise<void>((resolve) => {
    far.on("data", (chunk: Buffer) => {
      frames = Buffer.concat([frames, chunk]);
      if (frames.subarray(-8).equals(data(1, "", 1))) resolve();
    });
  });
  expect(opened[0]?.headers.get("streamtype")).toBe("data");
  expect(frames.readUInt16BE(2)).toBe(2);
  expect(frames.subarray(8 + frames.readUIntBE(5, 3))).toEqual(Buffer.concat([data(1, "got hello"), data(1, "bye"), data(1, "", 1)]));
  far.end();
  await running;
});

test("pings are answered, and rubbish ends the connection", async () => {
  const [near, far] = pair();
  const running = new SpdyConnection(near, () => {}).run();
  const ping = control(6, Buffer.from([0, 0, 0, 7]));
  far.write(ping);
  expect(await new Promise((resolve) => far.once("data", resolve))).toEqual(ping);
  far.write(Buffer.from([0x80, 9, 0, 1, 0, 0, 0, 0]));
  await running;
  expect(near.destroyed).toBe(true);
});
