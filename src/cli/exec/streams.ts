// Behaviour: k8s.io/kubectl/pkg/cmd/exec (StreamOptions.SetupTTY) and pkg/util/term: this process's streams for a remote one.
import { Writable } from "node:stream";
import type { ReadStream } from "node:tty";
import type { HttpTransport } from "../../client/http-transport.ts";
import { type RemoteStreams, runRemoteCommand } from "../../client/remote-command.ts";
import { REMOTE_COMMAND_PROTOCOLS, openWebSocket } from "../../client/web-socket.ts";
import { ExitError } from "../errors.ts";
import type { IO } from "../io.ts";

/** Which streams a remote process has here. */
export interface StreamChoice {
  readonly stdin: boolean;
  readonly tty: boolean;
  /** Input that is not this process's own, e.g. an archive that is copied. */
  readonly quiet: boolean;
}

/** Whether the terminal is handed to the remote process. Says so when it was asked for and cannot be had. */
export function usesTerminal({ stdin, tty, quiet }: StreamChoice, io: IO): boolean {
  if (!stdin || !tty) return false;
  if (io.terminals.stdin) return true;
  if (!quiet) io.err("Unable to use a TTY - input is not a terminal or the right kind of file\n");
  return false;
}

/** A Writable over a way to write at once and whole. */
export function writableTo(write: (chunk: Uint8Array) => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        write(chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

/** Opens a WebSocket to exec or attach and runs the streams over it; throws an ExitError when the process fails. */
export async function runStreams(transport: HttpTransport, path: string, streams: RemoteStreams, io: IO): Promise<void> {
  const socket = await openWebSocket(transport, path, REMOTE_COMMAND_PROTOCOLS, io.signal);
  const code = await runRemoteCommand(socket, streams, io.signal);
  if (code !== 0) throw new ExitError(code, `command terminated with exit code ${code}`);
}

/** The streams of this process, raw when the terminal is handed over; `restore` puts the terminal back. */
export function processStreams(stdin: boolean, terminal: boolean, io: IO): { streams: RemoteStreams; restore(): void } {
  const stdout = writableTo((chunk) => io.out(chunk));
  if (!terminal) return { streams: { ...(stdin && { stdin: io.stdin }), stdout, stderr: writableTo((chunk) => io.err(chunk)) }, restore: () => {} };
  const input = io.stdin as ReadStream;
  const resizes = new TerminalSizes(io);
  input.setRawMode?.(true);
  return {
    streams: { stdin: input, stdout, resizes },
    restore() {
      input.setRawMode?.(false);
      resizes.close();
    },
  };
}

/** The sizes of the terminal, the present one first, then each new one. */
class TerminalSizes implements AsyncIterable<{ width: number; height: number }> {
  private readonly io: IO;
  private readonly listener = () => this.wake();
  private wake: () => void = () => {};
  private closed = false;

  constructor(io: IO) {
    this.io = io;
    process.on("SIGWINCH", this.listener);
  }

  close(): void {
    this.closed = true;
    process.off("SIGWINCH", this.listener);
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<{ width: number; height: number }> {
    while (!this.closed) {
      const changed = new Promise<void>((resolve) => (this.wake = resolve));
      const size = this.io.terminalSize();
      if (size !== undefined) yield size;
      await changed;
    }
  }
}
