// Behaviour: k8s.io/client-go/rest (Result): one request, its answer decoded or thrown as a StatusError.
import { StatusError } from "../api/errors.ts";
import type { Status } from "../api/generated/types/meta/v1.ts";
import type { ApiRequest, Transport } from "../client/transport.ts";

/** Query parameters; those without a value are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Sends a request and resolves with the decoded body; throws a StatusError when the server refuses. */
export async function send<T = unknown>(transport: Transport, request: ApiRequest, signal?: AbortSignal): Promise<T> {
  const response = await transport.request(request, signal);
  if (response.status < 400) return response.body as T;
  throw statusErrorOf(response.status, response.body, request.method);
}

/** The StatusError of an answer that is none of success. */
export function statusErrorOf(code: number, body: unknown, verb: string): StatusError {
  if (typeof body === "object" && body !== null && (body as { kind?: unknown }).kind === "Status") return new StatusError(body as Status);
  const text = typeof body === "string" ? body.trim() : "";
  const [reason, message] = genericReason(code, verb, text);
  return new StatusError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code, details: {} } as Status);
}

function genericReason(code: number, verb: string, text: string): [string, string] {
  switch (code) {
    case 400:
      return ["BadRequest", "the server rejected our request for an unknown reason"];
    case 401:
      return ["Unauthorized", "the server has asked for the client to provide credentials"];
    case 403:
      return ["Forbidden", text === "" ? "forbidden" : text];
    case 404:
      return ["NotFound", "the server could not find the requested resource"];
    case 405:
      return ["MethodNotAllowed", "the server does not allow this method on the requested resource"];
    case 406:
      return ["NotAcceptable", text || "the server was unable to respond with a content type that the client supports"];
    case 409:
      return verb === "POST" ? ["AlreadyExists", "the server reported a conflict"] : ["Conflict", "the server reported a conflict"];
    case 410:
      return ["Gone", "the resource is gone"];
    case 415:
      return ["UnsupportedMediaType", text || "the body of the request was in an unknown format"];
    case 422:
      return ["Invalid", "the server rejected our request due to an error in our request"];
    case 429:
      return ["TooManyRequests", "the server has received too many requests and has asked us to try again later"];
    case 503:
      return ["ServiceUnavailable", text || "the server is currently unable to handle the request"];
    case 504:
      return ["Timeout", "the server was unable to return a response in the time allotted, but may still be processing the request"];
    default:
      return code >= 500
        ? ["InternalError", `an error on the server (${JSON.stringify(text || "unknown")}) has prevented the request from succeeding`]
        : ["Unknown", "the server responded with the status code " + code + " but did not return more information"];
  }
}

/** A path with its query. */
export function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  if (pairs.length === 0) return path;
  pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  return `${path}?${pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`).join("&")}`;
}
