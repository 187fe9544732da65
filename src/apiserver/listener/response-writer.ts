// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/writers.go: answers on an HTTP connection.
import type { ServerResponse as HttpResponse } from "node:http";
import { constants, gzip } from "node:zlib";
import { promisify } from "node:util";
import type { ServedEvent, ServerResponse, StreamBody, WatchBody } from "../message.ts";

const GZIP_MIN_BYTES = 128 * 1024;
/** A watcher that lets this much pile up is cut off. */
const MAX_WATCH_BACKLOG_BYTES = 16 * 1024 * 1024;

const gzipAsync = promisify<Buffer, { level: number }, Buffer>(gzip);

/** Writes an answer whole; for one that goes on, resolves at its end. */
export async function writeResponse(
  outgoing: HttpResponse,
  response: ServerResponse,
  { acceptEncoding = "", closing }: { acceptEncoding?: string | undefined; closing: AbortSignal },
): Promise<void> {
  const { body } = response;
  outgoing.statusCode = response.status;
  for (const [name, value] of Object.entries(response.headers)) outgoing.setHeader(name, value);
  if (!outgoing.hasHeader("cache-control")) outgoing.setHeader("cache-control", "no-cache, private");
  if (response.warnings.length > 0) outgoing.setHeader("warning", response.warnings.map(formatWarning));
  switch (body.type) {
    case "object":
      if (!outgoing.hasHeader("content-type")) outgoing.setHeader("content-type", "application/json");
      return writeBytes(outgoing, Buffer.from(body.text()), acceptEncoding);
    case "bytes":
      return writeBytes(outgoing, typeof body.data === "string" ? Buffer.from(body.data) : Buffer.from(body.data.buffer, body.data.byteOffset, body.data.byteLength), acceptEncoding);
    case "watch":
      return writeWatch(outgoing, body, closing);
    case "stream":
      return writeStream(outgoing, body);
  }
}

async function writeBytes(outgoing: HttpResponse, data: Buffer, acceptEncoding: string): Promise<void> {
  let bytes = data;
  if (data.byteLength >= GZIP_MIN_BYTES && !outgoing.hasHeader("content-encoding") && /\bgzip\b/.test(acceptEncoding)) {
    bytes = await gzipAsync(data, { level: constants.Z_BEST_SPEED });
    outgoing.setHeader("content-encoding", "gzip");
    outgoing.setHeader("vary", "Accept-Encoding");
  }
  outgoing.setHeader("content-length", bytes.byteLength);
  outgoing.end(bytes);
}

function writeWatch(outgoing: HttpResponse, { events }: WatchBody, closing: AbortSignal): Promise<void> {
  if (!outgoing.hasHeader("content-type")) outgoing.setHeader("content-type", "application/json");
  outgoing.flushHeaders();
  return new Promise((resolve) => {
    let batch: Uint8Array[] = [];
    let stop = () => {};
    const flush = () => {
      const [first] = batch;
      if (first === undefined) return;
      outgoing.write(batch.length === 1 ? first : Buffer.concat(batch));
      batch = [];
      if (outgoing.writableLength > MAX_WATCH_BACKLOG_BYTES) outgoing.destroy();
    };
    const finish = () => {
      closing.removeEventListener("abort", end);
      stop();
      resolve();
    };
    const end = () => {
      flush();
      outgoing.end();
    };
    const onEvent = (event: ServedEvent) => {
      batch.push(event.line);
      if (batch.length === 1) queueMicrotask(flush);
    };
    outgoing.once("close", finish);
    closing.addEventListener("abort", end, { once: true });
    stop = events.start(onEvent, end);
    if (outgoing.destroyed) finish();
  });
}

async function writeStream(outgoing: HttpResponse, { chunks }: StreamBody): Promise<void> {
  outgoing.flushHeaders();
  for await (const chunk of chunks) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(chunk)) await drained(outgoing);
  }
  outgoing.end();
}

function drained(outgoing: HttpResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off("drain", done).off("close", done);
      resolve();
    };
    outgoing.on("drain", done).on("close", done);
  });
}

/** RFC 7234's form: a code, no agent, a quoted text. */
function formatWarning(text: string): string {
  const printable = text.replaceAll(/\p{Cc}/gu, "");
  return `299 - "${printable.replaceAll(/["\\]/g, "\\$&")}"`;
}
