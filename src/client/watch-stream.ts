// Behaviour: k8s.io/client-go/rest/watch: watch events from the wire, one JSON document a line.
import { StatusError } from "../api/errors.ts";
import type { Status } from "../api/generated/types/meta/v1.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { WatchEvent } from "./client.ts";
import { type RequestSubject, statusErrorOf } from "./status-response.ts";
import type { ApiRequest, Transport } from "./transport.ts";

/** The events of a watch; ends when the server ends it or `signal` aborts, throws StatusErrors for refusals and ERROR events. */
export async function* watchEvents<T extends KubernetesObject>(
  transport: Transport,
  request: ApiRequest,
  subject: RequestSubject,
  signal?: AbortSignal,
): AsyncIterable<WatchEvent<T>> {
  try {
    for await (const { type, object } of await openWatch(transport, request, subject, signal)) {
      if (type === "ERROR") throw new StatusError(object as Status);
      yield { type: type as WatchEvent["type"], object: object as T };
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

async function openWatch(transport: Transport, request: ApiRequest, subject: RequestSubject, signal?: AbortSignal): Promise<AsyncIterable<{ type: string; object: unknown }>> {
  if (transport.watch !== undefined) return transport.watch(request, signal);
  const stream = await transport.stream(request, signal);
  if (stream.status >= 400) throw statusErrorOf(stream.status, await decodeAll(stream.chunks), request.method, subject, stream.headers["retry-after"]);
  return decodeLines(stream.chunks);
}

async function decodeAll(chunks: AsyncIterable<Uint8Array>): Promise<unknown> {
  const text = Buffer.concat(await Array.fromAsync(chunks)).toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The events of a watch's answer as it comes over a wire. */
export async function* decodeLines(chunks: AsyncIterable<Uint8Array>): AsyncIterable<{ type: string; object: unknown }> {
  for await (const line of lines(chunks)) {
    if (line !== "") yield JSON.parse(line) as { type: string; object: unknown };
  }
}

/** The lines of a text that comes in pieces, without their ends; bytes of a character may be in two pieces. */
export async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  for await (const chunk of chunks) {
    const pieces = decoder.decode(chunk, { stream: true }).split("\n");
    for (const [index, piece] of pieces.entries()) {
      parts.push(piece);
      if (index === pieces.length - 1) break;
      yield parts.join("");
      parts = [];
    }
  }
  const rest = parts.join("") + decoder.decode();
  if (rest !== "") yield rest;
}
