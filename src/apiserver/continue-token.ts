// Behaviour: k8s.io/apiserver/pkg/storage/continue.go: where a list goes on, and at which revision.
import { badRequest } from "../api/errors.ts";
import { JSONSyntaxError, parseJSON } from "../api/json-syntax.ts";

/** What a continue token says. */
export interface ContinueToken {
  /** The revision of the first page; -1 takes the list up from the newest one. */
  readonly revision: number;
  /** The last key of the page before, without the list's prefix. */
  readonly after: string;
}

/** The token of the page behind `after`. */
export function encodeContinue(token: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: token.revision, start: `${token.after}\u0000` })).toString("base64url");
}

/** Reads a token; throws a StatusError (400) for one that this server did not make. */
export function decodeContinue(text: string): ContinueToken {
  const invalid = (detail: string) => badRequest(`invalid continue token: ${detail}`);
  const illegal = /[^A-Za-z0-9_-]/.exec(text)?.index ?? (text.length % 4 === 1 ? text.length - 1 : -1);
  if (illegal >= 0) throw invalid(`continue key is not valid: illegal base64 data at input byte ${illegal}`);
  let token: { v?: unknown; rv?: unknown; start?: unknown };
  try {
    token = parseJSON(Buffer.from(text, "base64url").toString("latin1")) as typeof token;
  } catch (error) {
    if (error instanceof JSONSyntaxError) throw invalid(`continue key is not valid: ${error.message}`);
    throw error;
  }
  if (typeof token !== "object" || token === null) throw invalid("continue key is not valid: json: cannot unmarshal into Go value of type storage.continueToken");
  const { v, rv, start } = token;
  if (v !== "meta.k8s.io/v1") throw invalid(`continue key is not valid: server does not recognize this encoded version ${String(v ?? "")}`);
  if (typeof rv !== "number" || !Number.isSafeInteger(rv) || rv === 0) throw invalid("continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
  if (typeof start !== "string" || start === "") throw invalid("continue key is not valid: encoded start key empty (version meta.k8s.io/v1)");
  const after = Buffer.from(start, "latin1").toString("utf8").replace(/\0$/, "");
  if (`/${after}`.split("/").some((part, index) => index > 0 && (part === "." || part === ".." || (part === "" && index > 1)))) {
    throw invalid(`continue key is not valid: ${start}`);
  }
  return { revision: rv, after: after.replace(/^\//, "") };
}
