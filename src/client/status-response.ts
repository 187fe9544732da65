// Behaviour: k8s.io/apimachinery/pkg/api/errors (NewGenericServerResponse) and k8s.io/client-go/rest (transformResponse).
import { type GroupResource, StatusError } from "../api/errors.ts";
import type { Status } from "../api/generated/types/meta/v1.ts";
import { formatGroupResource } from "../api/object.ts";

/** What a request was about, for the message of an answer that says nothing itself. */
export interface RequestSubject extends GroupResource {
  readonly name?: string;
}

/** The StatusError of an answer that is none of success: the Status in its body, else what its code means. */
export function statusErrorOf(code: number, body: unknown, method: string, subject?: RequestSubject, retryAfter?: string): StatusError {
  if (isStatus(body)) return new StatusError({ ...body, code: body.code ?? code });
  const text = typeof body === "string" ? body.trim() : body === undefined ? "" : JSON.stringify(body);
  const [reason, words] = genericAnswer(code, method, text === "" ? "unknown" : text);
  const about = subject === undefined ? "" : ` (${[method.toLowerCase(), formatGroupResource(subject), subject.name ?? ""].filter((part) => part !== "").join(" ")})`;
  const seconds = Number(retryAfter);
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: `${words}${about}`,
    reason,
    details: {
      ...(subject?.name !== undefined && { name: subject.name }),
      ...(subject !== undefined && subject.group !== "" && { group: subject.group }),
      ...(subject !== undefined && { kind: subject.resource }),
      causes: [{ reason: "UnexpectedServerResponse", message: text === "" ? "unknown" : text }],
      ...(seconds > 0 && { retryAfterSeconds: seconds }),
    },
    code,
  });
}

/** Whether a decoded body is a Status of failure. */
export function isStatus(body: unknown): body is Status {
  return typeof body === "object" && body !== null && "kind" in body && body.kind === "Status" && "status" in body && body.status !== "Success";
}

function genericAnswer(code: number, method: string, text: string): [reason: string, message: string] {
  switch (code) {
    case 400:
      return ["BadRequest", "the server rejected our request for an unknown reason"];
    case 401:
      return ["Unauthorized", "the server has asked for the client to provide credentials"];
    case 403:
      return ["Forbidden", text];
    case 404:
      return ["NotFound", "the server could not find the requested resource"];
    case 405:
      return ["MethodNotAllowed", "the server does not allow this method on the requested resource"];
    case 406:
      return ["NotAcceptable", text === "unknown" ? "the server was unable to respond with a content type that the client supports" : text];
    case 409:
      return [method === "POST" ? "AlreadyExists" : "Conflict", "the server reported a conflict"];
    case 415:
      return ["UnsupportedMediaType", text];
    case 422:
      return ["Invalid", "the server rejected our request due to an error in our request"];
    case 429:
      return ["TooManyRequests", "the server has received too many requests and has asked us to try again later"];
    case 503:
      return ["ServiceUnavailable", "the server is currently unable to handle the request"];
    case 504:
      return ["Timeout", "the server was unable to return a response in the time allotted, but may still be processing the request"];
    default:
      if (code >= 500) return ["InternalError", `an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding`];
      return ["", `the server responded with the status code ${code} but did not return more information`];
  }
}
