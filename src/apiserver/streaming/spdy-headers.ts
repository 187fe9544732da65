// Behaviour: SPDY/3.1, section 2.6.10: blocks of headers, compressed with one context a direction.
import { constants, createDeflate, createInflate } from "node:zlib";

/** Lower-case names; several values of one name are joined by NUL. */
export type SpdyHeaders = ReadonlyMap<string, string>;

const MAX_BLOCK_BYTES = 64 * 1024;

/** The words that the protocol expects in headers, each after its length, then the tail that has none. */
const WORDS =
  "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin";
const TAIL =
  "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

/** What both ends prime their compression with. */
export const SPDY_DICTIONARY = Buffer.concat([...WORDS.split(" ").map((word) => lengthPrefixed(word.replace("_", " "))), Buffer.from(TAIL)]);

function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Reads the header blocks of one direction, in their order. */
export class HeaderDecoder {
  private readonly inflate = createInflate({ dictionary: SPDY_DICTIONARY, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: MAX_BLOCK_BYTES });

  /** Rejects when a block is malformed; nothing can be read after that. */
  async decode(block: Uint8Array): Promise<SpdyHeaders> {
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      this.inflate.once("error", reject);
      this.inflate.write(block, () => {
        this.inflate.off("error", reject);
        resolve(drain(this.inflate));
      });
    });
    return parseBlock(bytes);
  }
}

/** Writes the header blocks of one direction, in their order. */
export class HeaderEncoder {
  private readonly deflate = createDeflate({ dictionary: SPDY_DICTIONARY, chunkSize: MAX_BLOCK_BYTES });

  async encode(headers: SpdyHeaders): Promise<Buffer> {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(headers.size);
    const parts: Buffer[] = [count];
    for (const [name, value] of headers) parts.push(lengthPrefixed(name), lengthPrefixed(value));
    return new Promise((resolve, reject) => {
      this.deflate.once("error", reject);
      this.deflate.write(Buffer.concat(parts));
      this.deflate.flush(constants.Z_SYNC_FLUSH, () => {
        this.deflate.off("error", reject);
        resolve(drain(this.deflate));
      });
    });
  }
}

function drain(stream: { read(): unknown }): Buffer<ArrayBuffer> {
  const chunks: Buffer<ArrayBuffer>[] = [];
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) chunks.push(chunk as Buffer<ArrayBuffer>);
  return Buffer.concat(chunks);
}

function parseBlock(bytes: Buffer): SpdyHeaders {
  const headers = new Map<string, string>();
  let at = 4;
  const text = () => {
    const length = bytes.readUInt32BE(at);
    at += 4 + length;
    if (at > bytes.length) throw new RangeError("header block is too short");
    return bytes.toString("utf8", at - length, at);
  };
  for (let left = bytes.readUInt32BE(0); left > 0; left--) headers.set(text(), text());
  return headers;
}
