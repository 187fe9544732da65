// Behaviour: pkg/probe/http, pkg/probe/util.go: the HTTP requests of probes and lifecycle hooks.
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Container, HTTPGetAction } from "../api/generated/types/core/v1.ts";
import { dialError } from "./dial-error.ts";

/** The version that requests name. */
const KUBERNETES_VERSION = "1.36";
const MAX_BODY = 10 * 1024;
const MAX_REDIRECTS = 10;

/** The answer of a server, or why there was none in Go's words. */
export type HttpOutcome = { readonly status: number; readonly body: string; readonly redirectedAway: boolean } | { readonly error: string };

/** The number of a port given by number or name; throws an Error for a name that the container does not have. */
export function containerPort(port: number | string, container: Container): number {
  const byName = typeof port === "string" ? container.ports?.find((candidate) => candidate.name === port)?.containerPort : undefined;
  const number = typeof port === "number" ? port : (byName ?? (/^\d+$/.test(port) ? Number(port) : undefined));
  if (number === undefined) throw new Error(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`);
  if (number < 1 || number > 65535) throw new Error(`invalid port number: ${number}`);
  return number;
}

/** Asks a container's HTTP server. `purpose` goes into the user agent: "probe" or "lifecycle". Throws an Error for a port without a number. */
export async function httpGet(action: HTTPGetAction, container: Container, podIP: string, purpose: string, timeoutMs: number): Promise<HttpOutcome> {
  const host = action.host === undefined || action.host === "" ? podIP : action.host;
  const scheme = (action.scheme ?? "HTTP").toLowerCase();
  const path = action.path === undefined || action.path === "" ? "" : action.path.startsWith("/") ? action.path : `/${action.path}`;
  const authority = host.includes(":") ? `[${host}]` : host;
  let url = new URL(`${scheme}://${authority}:${containerPort(action.port, container)}${path}`);
  const shown = `${scheme}://${authority}:${containerPort(action.port, container)}${path}`;
  const headers: Record<string, string | string[]> = { "user-agent": `kube-${purpose}/${KUBERNETES_VERSION}`, accept: "*/*", connection: "close" };
  for (const { name, value } of action.httpHeaders ?? []) {
    if (name.toLowerCase() === "accept" && value === "") delete headers["accept"];
    else headers[name.toLowerCase()] = value;
  }
  for (let redirects = 0; ; redirects++) {
    const outcome = await get(url, headers, timeoutMs, redirects === 0 ? shown : url.href);
    if ("error" in outcome) return outcome;
    const location = outcome.status >= 300 && outcome.status < 400 ? outcome.location : undefined;
    if (location === undefined) return { ...outcome, redirectedAway: false };
    const next = new URL(location, url);
    if (next.hostname !== url.hostname) return { ...outcome, redirectedAway: true };
    if (redirects >= MAX_REDIRECTS) return { error: `Get ${JSON.stringify(location)}: stopped after 10 redirects` };
    url = next;
  }
}

function get(url: URL, headers: Record<string, string | string[]>, timeoutMs: number, shown: string): Promise<{ status: number; body: string; location?: string } | { error: string }> {
  return new Promise((resolve) => {
    const timedOut = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    const options = { method: "GET", headers, agent: false, signal: AbortSignal.timeout(timeoutMs) };
    const fail = (error: Error) => {
      const reason = error.name === "AbortError" || error.name === "TimeoutError" ? timedOut : dialError(error, url.hostname, Number(url.port || (url.protocol === "https:" ? 443 : 80)));
      resolve({ error: `Get ${JSON.stringify(shown)}: ${reason}` });
    };
    try {
      const request = url.protocol === "https:" ? httpsRequest(url, { ...options, rejectUnauthorized: false }) : httpRequest(url, options);
      request.on("error", fail);
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const done = () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8").slice(0, MAX_BODY), ...(response.headers.location !== undefined && { location: response.headers.location }) });
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size < MAX_BODY) return;
          done();
          response.destroy();
        });
        response.on("end", done);
        response.on("error", fail);
      });
      request.end();
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
