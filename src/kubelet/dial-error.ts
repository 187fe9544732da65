// Behaviour: Go's net package: the words of a connection that could not be made.

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connect: connection refused",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  ETIMEDOUT: "i/o timeout",
};

/** "dial tcp 10.0.0.1:80: connect: connection refused". */
export function dialError(error: Error, host: string, port: number): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const address = host.includes(":") && !host.startsWith("[") ? `[${host}]:${port}` : `${host}:${port}`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `dial tcp: lookup ${host}: no such host`;
  if (code === "ECONNRESET") return /hang up/.test(error.message) ? "EOF" : `read tcp ${address}: read: connection reset by peer`;
  const reason = REASONS[code];
  return reason === undefined ? error.message : `dial tcp ${address}: ${reason}`;
}
