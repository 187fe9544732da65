// Child processes on node:child_process: a wrapper library costs 1.5 ms of CPU more a start, and pods start many.
import { type ChildProcessByStdio, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** How a process ended and what it wrote. */
export interface ProcessResult {
  /** 128 + signal number's convention does not apply: a process ended by a signal has -1 here. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a process is given. */
export interface ProcessOptions {
  /** Written to standard input, which is closed afterwards; without it standard input is empty. */
  readonly input?: string | Uint8Array;
  /** Kills the process (SIGKILL) when it aborts; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A program that could not be started at all: not installed, not executable. */
export class ProcessStartError extends Error {
  override readonly name = "ProcessStartError";
}

/** Runs a program to its end; any exit code resolves. */
export type RunProcess = (command: string, args: readonly string[], options?: ProcessOptions) => Promise<ProcessResult>;

/** Runs a program on this machine. */
export const runProcess: RunProcess = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    const { signal } = options;
    if (signal?.aborted) return reject(signal.reason);
    const child = options.input === undefined ? spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] }) : spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    const abort = () => child.kill("SIGKILL");
    signal?.addEventListener("abort", abort, { once: true });
    child.on("error", (error) => reject(new ProcessStartError(`cannot run ${command}: ${error.message}`)));
    child.on("close", (code) => {
      signal?.removeEventListener("abort", abort);
      if (signal?.aborted) return reject(signal.reason);
      resolve({ exitCode: code ?? -1, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") });
    });
    if (child.stdin !== null) {
      // A process that ends before it has read everything is no fault of the writer.
      child.stdin.on("error", () => {});
      child.stdin.end(options.input);
    }
  });

/** Starts a program whose output is read as it comes; standard input is empty. */
export function startReader(command: string, args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
}

/** Starts a program with all three streams piped. */
export function startPiped(command: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
}

/** Resolves with the exit code of a started program (-1 for a signal) after its streams have closed. */
export function exitOf(child: { on(event: "close", listener: (code: number | null) => void): unknown; on(event: "error", listener: (error: Error) => void): unknown }): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("close", (code) => resolve(code ?? -1));
    child.on("error", (error) => reject(new ProcessStartError(error.message)));
  });
}

/** Calls `onLine` for each line of a stream; resolves at its end. */
export async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
  if (rest !== "") onLine(rest);
}
