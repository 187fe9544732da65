// What goes into the API server and comes out of it, independent of any wire.
import type { KubernetesObject } from "../api/object.ts";
import type { UserInfo } from "./resource.ts";

/** One request, from a socket or from this process. */
export interface ServerRequest {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as sent, or an object that is decoded already; the server may keep parts of it. */
  readonly body?: Uint8Array | object;
  /** Who asks, when the transport itself knows; absent: found from certificate or headers. */
  readonly user?: UserInfo;
  /** The subject of the client's verified certificate. */
  readonly certificate?: {
    readonly commonName: string;
    readonly organizations: readonly string[];
    /** SHA-256 of the certificate, in lower-case hexadecimal. */
    readonly fingerprint?: string;
  };
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
}

/** One whole answer, or one that goes on. */
export interface ServerResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Texts for Warning headers. */
  readonly warnings: readonly string[];
  readonly body: ResponseBody;
}

/** The forms an answer's body takes. */
export type ResponseBody = ObjectBody | BytesBody | WatchBody | StreamBody;

/** A JSON value: whoever has no wire takes `value` (shared, not to be mutated), a wire takes `text`. */
export interface ObjectBody {
  readonly type: "object";
  value(): unknown;
  text(): string;
}

/** Bytes or text whose content-type stands in the headers. */
export interface BytesBody {
  readonly type: "bytes";
  readonly data: Uint8Array | string;
}

/** Watch events until either side ends them. */
export interface WatchBody {
  readonly type: "watch";
  readonly events: WatchSource;
}

/** Bytes that come in time. */
export interface StreamBody {
  readonly type: "stream";
  readonly chunks: AsyncIterable<Uint8Array | string>;
}

/** One event as it is served: decoded and as a line of JSON, each made once for all who want it. */
export interface ServedEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: KubernetesObject;
  /** `{"type":...,"object":...}` with its newline. */
  readonly line: Uint8Array;
}

/** Where watch events come from; started once. */
export interface WatchSource {
  /** Calls `onEvent` for each event and `onEnd` once at the end, unless the returned function stopped it before. */
  start(onEvent: (event: ServedEvent) => void, onEnd: () => void): () => void;
}

/** A body of a value that is serialized only when a wire needs it. */
export function objectBody(value: unknown): ObjectBody {
  return { type: "object", value: () => value, text: () => JSON.stringify(value) };
}

/** An answer that is one JSON value. */
export function objectResponse(status: number, value: unknown, warnings: readonly string[] = []): ServerResponse {
  return { status, headers: {}, warnings, body: objectBody(value) };
}

/** An answer of plain text. */
export function textResponse(status: number, text: string): ServerResponse {
  return { status, headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" }, warnings: [], body: { type: "bytes", data: text } };
}
