// Behaviour: k8s.io/client-go/tools/remotecommand: the streams of a process over one WebSocket, a byte in front of each message says which.
import type { Readable, Writable } from "node:stream";
import type { WebSocket } from "ws";
import { StatusError } from "../api/errors.ts";
import type { Status } from "../api/generated/types/meta/v1.ts";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
/** Followed by the number of the stream that ends. */
const CLOSE = 255;
/** More than this on its way makes the input wait. */
const HIGH_WATER = 1 << 20;

/** What the remote process is connected to. */
export interface RemoteStreams {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  /** The terminal's sizes, the present one first. */
  readonly resizes?: AsyncIterable<{ width: number; height: number }>;
}

/** Runs the streams until the process or the connection ends; resolves with the exit code, throws the Status of other failures. */
export async function runRemoteCommand(socket: WebSocket, streams: RemoteStreams, signal?: AbortSignal): Promise<number> {
  let outcome: Status | undefined;
  const ended = Promise.withResolvers<void>();
  const abort = () => {
    ended.reject(signal?.reason);
    socket.terminate();
  };
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort, { once: true });
  socket.on("error", ended.reject);
  socket.on("close", (code: number) => {
    if (outcome !== undefined || code === 1000 || code === 1005) ended.resolve();
    else ended.reject(new Error(`websocket: close ${code}${code === 1006 ? " (abnormal closure): unexpected EOF" : ""}`));
  });
  socket.on("message", (data: Buffer) => {
    const content = data.subarray(1);
    if (data[0] === STDOUT) deliver(socket, streams.stdout, content);
    else if (data[0] === STDERR) deliver(socket, streams.stderr, content);
    else if (data[0] === ERROR && content.length > 0) outcome = JSON.parse(content.toString()) as Status;
  });
  socket.resume();
  const input = streams.stdin === undefined ? undefined : sendInput(socket, streams.stdin);
  const sizes = streams.resizes === undefined ? undefined : sendSizes(socket, streams.resizes);
  for (const sending of [input, sizes]) sending?.catch(ended.reject);
  try {
    await ended.promise;
  } finally {
    signal?.removeEventListener("abort", abort);
    streams.stdin?.destroy();
  }
  return exitCodeOf(outcome);
}

/** Hands on output; a reader that is slow makes the connection wait. */
function deliver(socket: WebSocket, output: Writable | undefined, content: Buffer): void {
  if (content.length === 0 || output === undefined || output.write(content)) return;
  socket.pause();
  output.once("drain", () => socket.resume());
}

async function sendInput(socket: WebSocket, input: Readable): Promise<void> {
  try {
    for await (const chunk of input) {
      if (socket.readyState !== socket.OPEN) return;
      await send(socket, STDIN, Buffer.from(chunk as Buffer));
    }
  } catch (error) {
    if (socket.readyState !== socket.OPEN || (error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE") return;
    throw error;
  }
  if (socket.readyState === socket.OPEN && socket.protocol === "v5.channel.k8s.io") socket.send(Buffer.from([CLOSE, STDIN]));
}

async function sendSizes(socket: WebSocket, sizes: NonNullable<RemoteStreams["resizes"]>): Promise<void> {
  for await (const { width, height } of sizes) {
    if (socket.readyState !== socket.OPEN) return;
    await send(socket, RESIZE, Buffer.from(JSON.stringify({ Width: width, Height: height })));
  }
}

/** Sends a message; waits when too much is on its way. */
async function send(socket: WebSocket, channel: number, content: Buffer): Promise<void> {
  const sent = new Promise<void>((resolve, reject) => {
    socket.send(Buffer.concat([Buffer.from([channel]), content]), (error) => (error ? reject(error) : resolve()));
  });
  if (socket.bufferedAmount > HIGH_WATER) await sent;
  else sent.catch(() => {});
}

function exitCodeOf(outcome: Status | undefined): number {
  if (outcome === undefined || outcome.status === "Success") return 0;
  const exitCode = outcome.reason === "NonZeroExitCode" ? outcome.details?.causes?.find((cause) => cause.reason === "ExitCode")?.message : undefined;
  if (exitCode === undefined) throw new StatusError(outcome);
  return Number(exitCode);
}
