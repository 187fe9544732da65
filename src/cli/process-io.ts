// The IO of this process. Output goes to the file descriptors directly: process.stdout costs milliseconds to open.
import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { systemClock } from "../util/clock.ts";
import { randomIds } from "../util/ids.ts";
import { BrokenPipe } from "./errors.ts";
import type { IO } from "./io.ts";

/** The standard streams, environment and clock of this process. */
export function processIO(): IO {
  const controller = new AbortController();
  return {
    env: process.env,
    out: (text) => writeAll(1, text),
    err: (text) => writeAll(2, text),
    get stdin() {
      return process.stdin;
    },
    terminals: {
      get stdin() {
        return isatty(0);
      },
      get stdout() {
        return isatty(1);
      },
      get stderr() {
        return isatty(2);
      },
    },
    terminalSize() {
      return isatty(1) ? { width: process.stdout.columns, height: process.stdout.rows } : undefined;
    },
    signal: controller.signal,
    clock: systemClock,
    ids: randomIds,
  };
}

function writeAll(descriptor: number, text: string | Uint8Array): void {
  let rest = typeof text === "string" ? Buffer.from(text) : text;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EPIPE") throw new BrokenPipe("nobody reads the output");
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
