// What a command sees of the world outside: streams, environment, time. The process's own is made in process-io.ts.
import type { Readable } from "node:stream";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";

/** Which of the standard streams are terminals. */
export interface Terminals {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** Everything that a command may touch besides the API server and files. */
export interface IO {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output, at once and whole. */
  out(text: string | Uint8Array): void;
  /** Writes to standard error, at once and whole. */
  err(text: string | Uint8Array): void;
  /** Standard input; opened when first touched. */
  readonly stdin: Readable;
  readonly terminals: Terminals;
  /** The terminal's width and height in characters; undefined when standard output is none. */
  terminalSize(): { width: number; height: number } | undefined;
  /** Aborts when the user interrupts or a test ends the command. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Reads standard input to its end as text. */
export async function readStdin(io: IO): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of io.stdin) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Buffer));
  return Buffer.concat(chunks).toString("utf8");
}
