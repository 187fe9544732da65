// Behaviour: k8s.io/apiserver/pkg/util/webhook (client.go, error.go) and client-go/rest: one question to a server over HTTPS.
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as connectSocket, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Clock } from "../../../util/clock.ts";

/** Where a webhook is served, and by whom its certificate is signed. */
export interface WebhookTarget {
  /** As it is asked, and as messages name it. */
  readonly url: string;
  /** What to dial instead of the URL's host and port: the pod behind a service. */
  readonly address?: { readonly host: string; readonly port: number };
  /** PEM; absent: what the machine trusts. */
  readonly authority?: string;
}

/** The webhook could not be asked; the message says why, in the words of Go's HTTP client. */
export class WebhookCallError extends Error {
  override readonly name = "WebhookCallError";
}

const MAX_BODY = 3 * 1024 * 1024;

/** Posts JSON and reads JSON; rejects with a WebhookCallError. */
export async function postJson(target: WebhookTarget, body: unknown, timeoutSeconds: number, clock: Clock): Promise<unknown> {
  const text = timedUrl(target.url, timeoutSeconds);
  const url = new URL(text);
  const { signal, cancel } = deadline(clock, timeoutSeconds * 1000);
  let response: { status: number; text: string };
  try {
    response = await exchange(url, target, JSON.stringify(body), signal);
  } catch (error) {
    const reason = signal.aborted ? "context deadline exceeded" : reasonOf(error, url, target);
    throw new WebhookCallError(`Post ${JSON.stringify(text)}: ${reason}`);
  } finally {
    cancel();
  }
  if (response.status < 200 || response.status > 299) throw new WebhookCallError(refusalOf(response));
  try {
    return JSON.parse(response.text);
  } catch {
    const excerpt = response.text.trimStart();
    throw new WebhookCallError(excerpt === "" ? "unexpected end of JSON input" : `couldn't get version/kind; json parse error: invalid character '${excerpt[0]}' looking for beginning of value`);
  }
}

/** The URL with the time that the webhook has. */
export function timedUrl(url: string, timeoutSeconds: number): string {
  return `${url}${url.includes("?") ? "&" : "?"}timeout=${timeoutSeconds}s`;
}

function deadline(clock: Clock, delayMs: number): { signal: AbortSignal; cancel: () => void } {
  const controller = new AbortController();
  const cancel = clock.setTimer(delayMs, () => controller.abort());
  return { signal: controller.signal, cancel };
}

async function exchange(url: URL, { address, authority }: WebhookTarget, payload: string, signal: AbortSignal): Promise<{ status: number; text: string }> {
  const servername = isIP(url.hostname) === 0 ? url.hostname : "";
  const host = address?.host ?? url.hostname.replace(/^\[|\]$/g, "");
  const port = address?.port ?? Number(url.port || 443);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = httpsRequest({
      method: "POST",
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, "content-type": "application/json", accept: "application/json", "content-length": Buffer.byteLength(payload) },
      signal,
      createConnection: () =>
        connectTls({ socket: connectSocket({ host, port }), servername, host: url.hostname, ...(authority !== undefined && { ca: authority }) }),
    });
    outgoing.on("response", resolve);
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MAX_BODY) throw new Error(`limit is ${MAX_BODY}`);
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 500, text: Buffer.concat(chunks).toString() };
}

const UNKNOWN_AUTHORITY = new Set(["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_GET_ISSUER_CERT", "CERT_SIGNATURE_FAILURE"]);

function reasonOf(error: unknown, url: URL, { address }: WebhookTarget): string {
  const { code = "", message = String(error) } = error as NodeJS.ErrnoException;
  const at = `${address?.host ?? url.hostname}:${address?.port ?? (url.port || 443)}`;
  const certificate = "tls: failed to verify certificate: x509:";
  if (code === "ECONNREFUSED") return `dial tcp ${at}: connect: connection refused`;
  if (code === "EHOSTUNREACH") return `dial tcp ${at}: connect: no route to host`;
  if (code === "ETIMEDOUT") return `dial tcp ${at}: i/o timeout`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `dial tcp: lookup ${url.hostname}: no such host`;
  if (code === "ECONNRESET") return "EOF";
  if (code === "CERT_HAS_EXPIRED") return `${certificate} certificate has expired or is not yet valid`;
  if (UNKNOWN_AUTHORITY.has(code)) return `${certificate} certificate signed by unknown authority`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = [...message.matchAll(/DNS:([^,\s]+)/g)].map(([, name]) => name);
    return names.length === 0 ? `${certificate} ${message}` : `${certificate} certificate is valid for ${names.join(", ")}, not ${url.hostname}`;
  }
  return message;
}

function refusalOf({ status, text }: { status: number; text: string }): string {
  const parsed = parsedStatus(text);
  if (parsed !== undefined) return parsed;
  if (status === 404) return "the server could not find the requested resource";
  if (status === 401) return "the server has asked for the client to provide credentials";
  if (status === 403) return "unknown";
  if (status >= 500) return `an error on the server (${JSON.stringify(text.trim() || "unknown")}) has prevented the request from succeeding`;
  return `the server responded with the status code ${status} but did not return more information`;
}

function parsedStatus(text: string): string | undefined {
  try {
    const value = JSON.parse(text) as { kind?: unknown; message?: unknown };
    return value.kind === "Status" && typeof value.message === "string" ? value.message : undefined;
  } catch {
    return undefined;
  }
}
