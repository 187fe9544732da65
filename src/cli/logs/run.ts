// Behaviour: k8s.io/kubectl/pkg/cmd/logs/logs.go (RunLogs): prints logs one after the other, or all at once when they are followed.
import { StatusError } from "../../api/errors.ts";
import { statusErrorOf } from "../../client/status-response.ts";
import type { Transport } from "../../client/transport.ts";
import { CommandError, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import type { LogRequest } from "./requests.ts";

const RETRY_MS = 1000;
const LINE_BREAK = 10;

/** How logs are printed. */
export interface LogOutput {
  readonly factory: Factory;
  readonly follow: boolean;
  readonly ignoreErrors: boolean;
  readonly prefix: boolean;
  readonly maxRequests: number;
  readonly podTimeoutMs: number;
}

/** Prints the logs asked for; throws what kept one from being read. */
export async function printLogs(requests: readonly LogRequest[], output: LogOutput): Promise<void> {
  const { factory, follow, maxRequests } = output;
  if (follow && requests.length > 1 && requests.length > maxRequests) {
    throw new CommandError(
      `you are attempting to follow ${requests.length} log streams, but maximum allowed concurrency is ${maxRequests}, use --max-log-requests to increase the limit`,
    );
  }
  const transport = await factory.transport();
  if (!follow || requests.length < 2) {
    for (const request of requests) await consume(transport, request, output, factory.io.signal);
    return;
  }
  // The first failure ends the others too.
  const failed = new AbortController();
  const signal = AbortSignal.any([factory.io.signal, failed.signal]);
  const results = await Promise.allSettled(
    requests.map((request) =>
      consume(transport, request, output, signal).catch((error: unknown) => {
        failed.abort(error);
        throw error;
      }),
    ),
  );
  if (results.some(({ status }) => status === "rejected")) throw failed.signal.reason;
}

async function consume(transport: Transport, request: LogRequest, output: LogOutput, signal: AbortSignal): Promise<void> {
  const { factory, follow, ignoreErrors, podTimeoutMs } = output;
  const { io } = factory;
  const deadline = io.clock.monotonic() + podTimeoutMs;
  for (;;) {
    try {
      await copyLines(transport, request, output, signal);
      return;
    } catch (error) {
      if (signal.aborted && signal.reason !== error) return;
      if (ignoreErrors) {
        io.out(`error: ${messageOf(error)}\n`);
        return;
      }
      if (!follow) throw error;
      io.err(`${messageOf(error)}\n`);
      if (!(error instanceof StatusError)) throw error;
      if (io.clock.monotonic() >= deadline) throw new CommandError("timed out waiting for the condition");
      await io.clock.sleep(RETRY_MS, signal);
    }
  }
}

/** Copies a log line by line, so that lines of several logs do not mix. */
async function copyLines(transport: Transport, { path, pod, container }: LogRequest, { factory, prefix }: LogOutput, signal: AbortSignal): Promise<void> {
  const stream = await transport.stream({ method: "GET", path, headers: { accept: "application/json, */*" } }, signal);
  if (stream.status >= 400) throw await refusal(stream);
  const start = prefix ? Buffer.from(`[pod/${pod}/${container}] `) : undefined;
  const write = (line: Uint8Array) => factory.io.out(start === undefined ? line : Buffer.concat([start, line]));
  let rest = Buffer.alloc(0);
  for await (const chunk of stream.chunks) {
    const text = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    const end = text.lastIndexOf(LINE_BREAK) + 1;
    if (start === undefined && end > 0) write(text.subarray(0, end));
    else for (let at = 0; at < end; ) at = writeLine(text, at, write);
    rest = text.subarray(end);
  }
  if (rest.length > 0) write(rest);
}

function writeLine(text: Buffer, at: number, write: (line: Uint8Array) => void): number {
  const end = text.indexOf(LINE_BREAK, at) + 1;
  write(text.subarray(at, end));
  return end;
}

async function refusal({ status, chunks }: Awaited<ReturnType<Transport["stream"]>>): Promise<StatusError> {
  const text = Buffer.concat(await Array.fromAsync(chunks)).toString();
  try {
    return statusErrorOf(status, JSON.parse(text), "GET");
  } catch {
    return statusErrorOf(status, text, "GET");
  }
}
