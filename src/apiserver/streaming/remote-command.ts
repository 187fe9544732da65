// Behaviour: k8s.io/kubelet/pkg/cri/streaming/remotecommand: exec and attach over WebSocket channels or SPDY streams.
import { PassThrough, type Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type { WebSocket } from "ws";
import type { Status } from "../../api/generated/types/meta/v1.ts";
import { badRequest } from "../../api/errors.ts";
import type { Clock } from "../../util/clock.ts";
import { SpdyConnection, type SpdyStream } from "./spdy-connection.ts";
import { TerminalSizes } from "./terminal-sizes.ts";
import { type UpgradeConnection, acceptSpdy, acceptWebSocket, requestedUpgrade } from "./upgrade.ts";

/** Which streams a command is connected to. */
export interface StreamOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** A connected client. */
export interface RemoteCommand {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  readonly resizes?: TerminalSizes;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
  /** Tells the client how it ended, after all output, and closes the connection. */
  finish(status: Partial<Status>): Promise<void>;
}

const WEBSOCKET_PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"];
const SPDY_PROTOCOLS = WEBSOCKET_PROTOCOLS.slice(1);
const STREAM_TIMEOUT_MS = 30_000;
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
const CLOSE = 255;

/** Completes the upgrade of an exec or attach request; throws a StatusError before anything was answered. */
export async function acceptRemoteCommand(connection: UpgradeConnection, options: StreamOptions, clock: Clock): Promise<RemoteCommand> {
  switch (requestedUpgrade(connection.request)) {
    case "websocket":
      return overWebSocket(await acceptWebSocket(connection, WEBSOCKET_PROTOCOLS), options);
    case "spdy":
      return overSpdy(connection, acceptSpdy(connection, SPDY_PROTOCOLS), options, clock);
    case undefined:
      throw badRequest("Upgrade request required");
  }
}

function overWebSocket({ socket, protocol }: { socket: WebSocket; protocol: string }, options: StreamOptions): RemoteCommand {
  const gone = new AbortController();
  const stdin = options.stdin ? new PassThrough() : undefined;
  const resizes = options.tty ? new TerminalSizes() : undefined;
  socket.on("message", (data: Buffer, isBinary) => {
    const channel = data[0];
    if (!isBinary || channel === undefined) return;
    const payload = data.subarray(1);
    if (channel === STDIN && stdin !== undefined && !stdin.writableEnded && payload.length > 0) {
      if (!stdin.write(payload)) {
        socket.pause();
        stdin.once("drain", () => socket.resume());
      }
    } else if (channel === RESIZE) resizes?.push(payload.toString("utf8"));
    else if (channel === CLOSE && payload[0] === STDIN) stdin?.end();
  });
  socket.on("error", () => socket.terminate());
  socket.once("close", () => {
    gone.abort();
    stdin?.destroy();
    resizes?.end();
  });
  stdin?.on("error", () => {});
  const first = options.stdout ? STDOUT : options.stderr ? STDERR : ERROR;
  socket.send(Buffer.from([first]));
  const stdout = options.stdout ? channelWriter(socket, STDOUT) : undefined;
  const stderr = options.stderr ? channelWriter(socket, STDERR) : undefined;
  return {
    ...(stdin && { stdin }),
    ...(stdout && { stdout }),
    ...(stderr && { stderr }),
    ...(resizes && { resizes }),
    signal: gone.signal,
    async finish(status) {
      await Promise.all([stdout, stderr].map(flushed));
      const text = isStructured(protocol) ? JSON.stringify({ metadata: {}, ...status }) : status.status === "Success" ? "" : (status.message ?? "");
      if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Buffer.from([ERROR]), Buffer.from(text)]));
      socket.close(1000);
    },
  };
}

/** Whether the error channel carries a Status, not a text. */
function isStructured(protocol: string): boolean {
  return protocol.startsWith("v4.") || protocol.startsWith("v5.");
}

function channelWriter(socket: WebSocket, channel: number): Writable {
  const writer = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (socket.readyState !== socket.OPEN) return done(new Error("connection is closed"));
      socket.send(Buffer.concat([Buffer.from([channel]), chunk]), done);
    },
  });
  writer.on("error", () => {});
  return writer;
}

async function overSpdy(upgrade: UpgradeConnection, protocol: string, options: StreamOptions, clock: Clock): Promise<RemoteCommand> {
  const gone = new AbortController();
  const withResize = options.tty && !["channel.k8s.io", "v2.channel.k8s.io"].includes(protocol);
  const expected = ["error", ...(options.stdin ? ["stdin"] : []), ...(options.stdout ? ["stdout"] : []), ...(options.stderr ? ["stderr"] : []), ...(withResize ? ["resize"] : [])];
  const streams = new Map<string, SpdyStream>();
  let arrived = () => {};
  const all = new Promise<void>((resolve, reject) => {
    const cancel = clock.setTimer(STREAM_TIMEOUT_MS, () => reject(new Error("timed out waiting for client to create streams")));
    arrived = () => {
      if (!expected.every((name) => streams.has(name))) return;
      cancel();
      resolve();
    };
    gone.signal.addEventListener("abort", () => reject(new Error("client is gone")), { once: true });
  });
  const connection = new SpdyConnection(upgrade.socket, (stream) => {
    streams.set(stream.headers.get("streamtype") ?? "", stream);
    arrived();
  });
  void connection.run().finally(() => gone.abort());
  try {
    await all;
  } catch (error) {
    upgrade.socket.destroy();
    throw error;
  }
  const resizes = withResize ? new TerminalSizes() : undefined;
  const resize = streams.get("resize");
  if (resizes !== undefined && resize !== undefined) void readSizes(resize, resizes);
  const [stdin, stdout, stderr] = [streams.get("stdin"), streams.get("stdout"), streams.get("stderr")];
  return {
    ...(stdin && { stdin }),
    ...(stdout && { stdout }),
    ...(stderr && { stderr }),
    ...(resizes && { resizes }),
    signal: gone.signal,
    async finish(status) {
      await Promise.all([stdout, stderr].map(flushed));
      const text = isStructured(protocol) ? JSON.stringify({ metadata: {}, ...status }) : status.status === "Success" ? "" : (status.message ?? "");
      const error = streams.get("error");
      error?.end(text);
      await flushed(error);
      await connection.close();
    },
  };
}

async function readSizes(stream: SpdyStream, sizes: TerminalSizes): Promise<void> {
  try {
    let pending = "";
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const documents = (pending + chunk.toString("utf8")).split(/(?<=})/);
      pending = documents.pop() ?? "";
      if (pending.endsWith("}")) {
        documents.push(pending);
        pending = "";
      }
      for (const document of documents) sizes.push(document);
    }
  } catch {
    // The client is gone; there are no more sizes.
  } finally {
    sizes.end();
  }
}

/** Ends a stream and waits until what was written to it is on its way. */
async function flushed(stream: Writable | undefined): Promise<void> {
  if (stream === undefined) return;
  if (!stream.writableEnded) stream.end();
  await finished(stream, { readable: false }).catch(() => {});
}
