// Behaviour: k8s.io/apiserver/pkg/endpoints/request/requestinfo.go: what a path and a method ask for.

/** What a request asks for, read off its method and URL alone. */
export interface RequestInfo {
  readonly method: string;
  /** The path, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** False for /version, /healthz, discovery and the like. */
  readonly isResourceRequest: boolean;
  /** Kubernetes' verb for resources (list, deletecollection ...), the lower-case method for anything else. */
  readonly verb: string;
  readonly apiPrefix: string;
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** What follows the subresource, for proxies: "" or a path that starts with "/". */
  readonly rest: string;
}

const NAMESPACE_SUBRESOURCES = new Set(["status", "finalize"]);

/** Reads a request's method and URL (path and query). Throws a URIError for a path that is badly escaped. */
export function parseRequestInfo(method: string, url: string): RequestInfo {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
  const other: RequestInfo = {
    method, path, query, isResourceRequest: false, verb: method.toLowerCase(),
    apiPrefix: "", group: "", version: "", namespace: "", resource: "", subresource: "", name: "", rest: "",
  };
  const parts = path.split("/").slice(1).map(decodeURIComponent);
  if (parts.at(-1) === "") parts.pop();
  const prefix = parts.shift();
  if (prefix !== "api" && prefix !== "apis") return other;
  if (parts.length < (prefix === "api" ? 2 : 3)) return other;
  const group = prefix === "api" ? "" : (parts.shift() ?? "");
  const version = parts.shift() ?? "";

  let verb = "";
  if (parts[0] === "watch" || parts[0] === "proxy") {
    if (parts.length < 2) return other;
    verb = parts.shift() ?? "";
  }
  let namespace = "";
  if (parts[0] === "namespaces" && parts.length > 1) {
    namespace = parts[1] ?? "";
    if (parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(parts[2] ?? "")) parts.splice(0, 2);
  }
  const [resource = "", name = "", subresource = "", ...rest] = parts;
  if (resource === "namespaces" && group === "") namespace = name;
  return {
    ...other,
    isResourceRequest: true,
    apiPrefix: prefix,
    group,
    version,
    namespace,
    resource,
    subresource,
    name,
    rest: rest.length > 0 || (subresource !== "" && path.endsWith("/")) ? `/${path.split("/").slice(-(rest.length + (path.endsWith("/") ? 1 : 0))).join("/")}` : "",
    verb: verb === "" ? verbOf(method, name, query) : verb,
  };
}

function verbOf(method: string, name: string, query: URLSearchParams): string {
  switch (method) {
    case "POST":
      return "create";
    case "GET":
    case "HEAD":
      if (name !== "") return "get";
      return isTrue(query.get("watch")) ? "watch" : "list";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name === "" ? "deletecollection" : "delete";
    default:
      return "";
  }
}

/** A boolean query parameter as Go's conversion reads it: absent, "false" and "0" are false, anything else is true. */
export function isTrue(parameter: string | null): boolean {
  return parameter !== null && parameter.toLowerCase() !== "false" && parameter !== "0";
}
