// The seam between the client and whatever carries its requests: HTTPS, a Unix socket, or the API server in this process.

/** One request to an API server. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with query, already percent-encoded: "/api/v1/pods?limit=500". */
  readonly path: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON; a string or bytes as they are, with the content-type header given. */
  readonly body?: object | string | Uint8Array;
}

/** A whole answer. */
export interface ApiResponse {
  readonly status: number;
  /** Lower-case names; several values joined by ", ", warnings apart. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values of the Warning headers, decoded. */
  readonly warnings: readonly string[];
  /** The decoded JSON body, or text when it was not JSON. Objects that come from a shared store are frozen. */
  readonly body: unknown;
}

/** An answer that goes on: watch events, log lines. */
export interface ApiStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  /** Ends with the answer; throws when the connection breaks. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Carries requests to one API server with one identity. Answers of any status resolve; only a broken transport rejects. */
export interface Transport {
  /** Sends a request and reads the whole answer. */
  request(request: ApiRequest, signal?: AbortSignal): Promise<ApiResponse>;
  /** Sends a request and hands on the answer as it comes. */
  stream(request: ApiRequest, signal?: AbortSignal): Promise<ApiStream>;
  /** Watches without a wire in between, where the transport can: decoded events, ending as a watch ends. */
  watch?(request: ApiRequest, signal?: AbortSignal): Promise<AsyncIterable<{ type: string; object: unknown }>>;
  /** Releases connections. */
  close(): void;
}
