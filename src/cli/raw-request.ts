// Behaviour: k8s.io/kubectl/pkg/rawhttp: --raw of create, replace and delete: a body from a file to a path as it stands.
import { readFileSync } from "node:fs";
import { statusErrorOf } from "../client/status-response.ts";
import type { ApiRequest } from "../client/transport.ts";
import type { Factory } from "./factory.ts";
import { readStdin } from "./io.ts";

/** POSTs a file ("-" is standard input) and prints the answer. */
export function createRaw(factory: Factory, path: string, filename: string): Promise<void> {
  return sendRaw(factory, "POST", path, filename);
}

/** PUTs a file and prints the answer. */
export function replaceRaw(factory: Factory, path: string, filename: string): Promise<void> {
  return sendRaw(factory, "PUT", path, filename);
}

/** DELETEs, with a file as the body when one is given, and prints the answer. */
export function deleteRaw(factory: Factory, path: string, filename: string | undefined): Promise<void> {
  return sendRaw(factory, "DELETE", path, filename);
}

async function sendRaw(factory: Factory, method: ApiRequest["method"], path: string, filename: string | undefined): Promise<void> {
  const body = filename === undefined ? undefined : filename === "-" ? await readStdin(factory.io) : readFileSync(filename);
  const transport = await factory.transport();
  const stream = await transport.stream({ method, path, headers: { accept: "application/json, */*" }, ...(body !== undefined && { body }) }, factory.io.signal);
  if (stream.status < 400) {
    for await (const chunk of stream.chunks) factory.io.out(chunk);
    return;
  }
  const text = Buffer.concat(await Array.fromAsync(stream.chunks)).toString();
  let answer: unknown = text;
  try {
    answer = JSON.parse(text);
  } catch {
    // A server's plain words.
  }
  throw statusErrorOf(stream.status, answer, method);
}
