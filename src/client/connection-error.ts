// Behaviour: Go's net, crypto/tls and net/url errors as kubectl prints them.

/** No answer came: the server is not there, or the connection to it broke. `message` is in Go's words, as kubectl shows them inside others. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly method: string;
  /** The whole address that was asked. */
  readonly url: string;
  /** What the operating system or TLS called it: "ECONNREFUSED", "CERT_HAS_EXPIRED". */
  readonly code: string;
  /** What went wrong, without what was asked. */
  readonly reason: string;

  constructor(method: string, url: string, code: string, reason: string, cause?: unknown) {
    super(`${method.slice(0, 1)}${method.slice(1).toLowerCase()} ${JSON.stringify(url)}: ${reason}`, { cause });
    this.method = method;
    this.url = url;
    this.code = code;
    this.reason = reason;
  }

  /** kubectl's sentence for it. */
  get kubectlMessage(): string {
    if (this.code === "ECONNREFUSED") return `The connection to the server ${new URL(this.url).host} was refused - did you specify the right host or port?`;
    return `Unable to connect to the server: ${this.reason}`;
  }
}

/** What Node's network and TLS errors say beyond their message. */
type Failure = NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string; host?: string; cert?: { subjectaltname?: string; valid_to?: string } };

/** Explains a failed request; an abort is passed on as it is. */
export function connectionError(method: string, url: string, error: unknown, socketPath?: string): unknown {
  if (!(error instanceof Error) || error.name === "AbortError" || error.name === "TimeoutError") return error;
  const failure = error as Failure;
  const noSocket = socketPath !== undefined && failure.code === "ENOENT";
  return new ConnectionError(method, url, noSocket ? "ECONNREFUSED" : (failure.code ?? ""), describe(failure, url, socketPath), error);
}

function describe(error: Failure, url: string, socketPath: string | undefined): string {
  const target = socketPath === undefined ? `dial tcp ${error.address?.includes(":") ? `[${error.address}]` : (error.address ?? "")}:${error.port ?? ""}` : `dial unix ${socketPath}`;
  switch (error.code) {
    case "ECONNREFUSED":
      return `${target}: connect: connection refused`;
    case "ENOENT":
      return `${target}: connect: no such file or directory`;
    case "EACCES":
      return `${target}: connect: permission denied`;
    case "EHOSTUNREACH":
      return `${target}: connect: no route to host`;
    case "ENETUNREACH":
      return `${target}: connect: network is unreachable`;
    case "ETIMEDOUT":
      return `${target}: i/o timeout`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `dial tcp: lookup ${error.hostname ?? new URL(url).hostname}${nameServer()}: no such host`;
    case "ECONNRESET":
      return error.message === "socket hang up" ? "EOF" : "read: connection reset by peer";
    case "CERT_HAS_EXPIRED":
      return `tls: failed to verify certificate: x509: certificate has expired or is not yet valid${error.cert?.valid_to === undefined ? "" : `: it was valid until ${error.cert.valid_to}`}`;
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `tls: failed to verify certificate: x509: ${altNames(error)}`;
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "CERT_SIGNATURE_FAILURE":
      return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
      return "http: server gave HTTP response to HTTPS client";
    default:
      return error.message;
  }
}

/** Who was asked for a name, as far as it is known. */
function nameServer(): string {
  const [server] = process.getBuiltinModule("node:dns").getServers();
  if (server === undefined) return "";
  return ` on ${/:[0-9]+$/.test(server) && !server.includes("::") ? server : `${server.includes(":") ? `[${server}]` : server}:53`}`;
}

function altNames(error: Failure): string {
  const names = (error.cert?.subjectaltname ?? "").split(", ").map((name) => name.replace(/^(?:DNS|IP Address):/, ""));
  return `certificate is valid for ${names.join(", ")}, not ${error.host ?? ""}`;
}
