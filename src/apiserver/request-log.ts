// What is told of every request once it is answered: to metrics and to the audit log.
import type { RequestInfo } from "./request-info.ts";
import type { ServerRequest, ServerResponse } from "./message.ts";
import type { UserInfo } from "./resource.ts";

/** One request with its answer. */
export interface ServedRequest {
  readonly request: ServerRequest;
  /** Absent when the URL could not be read. */
  readonly info?: RequestInfo;
  /** Absent when nobody was recognized. */
  readonly user?: UserInfo;
  /** Who asked, where it was on behalf of `user`. */
  readonly impersonator?: UserInfo;
  /** What admission noted down. */
  readonly annotations?: ReadonlyMap<string, string>;
  readonly response: ServerResponse;
  /** Milliseconds since the epoch. */
  readonly received: number;
  /** Milliseconds until the answer, or its beginning when it goes on. */
  readonly duration: number;
}

/** Is told of requests; must neither throw nor wait. */
export type RequestObserver = (served: ServedRequest) => void;
