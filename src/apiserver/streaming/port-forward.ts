// Behaviour: k8s.io/kubelet/pkg/cri/streaming/portforward: connections to a pod's ports over SPDY (plain or tunnelled) or channels.
import { type Duplex, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type WebSocket, createWebSocketStream } from "ws";
import { badRequest } from "../../api/errors.ts";
import { SpdyConnection, type SpdyStream } from "./spdy-connection.ts";
import { type UpgradeConnection, acceptSpdy, acceptWebSocket, requestedUpgrade } from "./upgrade.ts";

/** Opens a connection to a port of the pod. */
export type Dial = (port: number, signal: AbortSignal) => Promise<Duplex>;

const SPDY_PROTOCOL = "portforward.k8s.io";
const TUNNEL_PROTOCOL = "SPDY/3.1+portforward.k8s.io";
const CHANNEL_PROTOCOLS = ["v4.channel.k8s.io"];

/** How connections end when either side has enough: clients give up forwarding altogether when they are told of an error. */
const ORDINARY_ENDS: ReadonlySet<string> = new Set(["ERR_STREAM_PREMATURE_CLOSE", "ECONNRESET", "EPIPE"]);

/** Serves a port-forward until the client closes it; throws a StatusError before anything was answered. `pod` names it in errors. */
export async function servePortForward(upgrade: UpgradeConnection, pod: { name: string; uid: string }, dial: Dial): Promise<void> {
  switch (requestedUpgrade(upgrade.request)) {
    case "spdy":
      acceptSpdy(upgrade, [SPDY_PROTOCOL]);
      return serveSpdy(upgrade.socket, pod, dial);
    case "websocket": {
      const ports = upgradePorts(upgrade);
      const { socket, protocol } = await acceptWebSocket(upgrade, [TUNNEL_PROTOCOL, ...CHANNEL_PROTOCOLS]);
      if (protocol === TUNNEL_PROTOCOL) return serveSpdy(createWebSocketStream(socket), pod, dial);
      return serveChannels(socket, ports, pod, dial);
    }
    case undefined:
      throw badRequest("Upgrade request required");
  }
}

function upgradePorts({ request }: UpgradeConnection): number[] {
  const query = new URLSearchParams(request.url.split("?")[1] ?? "");
  const texts = query.getAll("ports").flatMap((value) => value.split(","));
  if ((request.headers["sec-websocket-protocol"] ?? "").includes(TUNNEL_PROTOCOL)) return [];
  if (texts.length === 0) throw badRequest('query parameter "port" is required');
  return texts.map((text) => {
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw badRequest(`port ${JSON.stringify(text)} must be > 0 and <= 65535`);
    return port;
  });
}

/** Each forwarded connection is a pair of streams, one for data and one for what goes wrong. */
async function serveSpdy(transport: Duplex, pod: { name: string; uid: string }, dial: Dial): Promise<void> {
  const gone = new AbortController();
  const pairs = new Map<string, { error?: SpdyStream; data?: SpdyStream }>();
  const connection = new SpdyConnection(transport, (stream) => {
    const id = stream.headers.get("requestid") ?? String(stream.headers.get("streamtype") === "error" ? stream.id : stream.id - 2);
    const pair = pairs.get(id) ?? {};
    if (stream.headers.get("streamtype") === "error") pair.error = stream;
    else pair.data = stream;
    pairs.set(id, pair);
    if (pair.error === undefined || pair.data === undefined) return;
    pairs.delete(id);
    void forward(Number(pair.data.headers.get("port")), pair.data, pair.error, pod, dial, gone.signal);
  });
  await connection.run();
  gone.abort();
}

async function forward(port: number, data: Duplex, error: Writable, pod: { name: string; uid: string }, dial: Dial, signal: AbortSignal): Promise<void> {
  try {
    const target = await dial(port, signal);
    error.on("error", () => {});
    // The pod's end of the connection is the connection's end, whatever the client has still to say.
    data.pipe(target);
    await pipeline(target, data, { signal });
  } catch (problem) {
    if (!signal.aborted && !error.writableEnded && !ORDINARY_ENDS.has((problem as NodeJS.ErrnoException).code ?? "")) {
      error.write(`error forwarding port ${port} to pod ${pod.name}, uid ${pod.uid}: ${problem instanceof Error ? problem.message : String(problem)}`);
    }
  } finally {
    error.end();
    if (!data.writableEnded) data.end();
    if (!data.readableEnded) data.resume();
  }
}

/** The older form: two channels a port, data and errors; each begins with the port's number. */
function serveChannels(socket: WebSocket, ports: readonly number[], pod: { name: string; uid: string }, dial: Dial): Promise<void> {
  const gone = new AbortController();
  const targets = ports.map((port, index) => {
    const [dataChannel, errorChannel] = [2 * index, 2 * index + 1];
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    send(socket, dataChannel, number);
    send(socket, errorChannel, number);
    return connectChannel(socket, dataChannel, errorChannel, port, pod, dial, gone.signal);
  });
  socket.on("message", (message: Buffer) => {
    const channel = message[0] ?? 0;
    if (channel % 2 !== 0) return;
    void targets[channel / 2]?.then((target) => target?.write(message.subarray(1)));
  });
  socket.on("error", () => socket.terminate());
  return new Promise((resolve) => {
    socket.once("close", () => {
      gone.abort();
      resolve();
    });
  });
}

async function connectChannel(
  socket: WebSocket,
  dataChannel: number,
  errorChannel: number,
  port: number,
  pod: { name: string; uid: string },
  dial: Dial,
  signal: AbortSignal,
): Promise<Duplex | undefined> {
  try {
    const target = await dial(port, signal);
    target.on("error", () => target.destroy());
    target.on("close", () => socket.close(1000));
    signal.addEventListener("abort", () => target.destroy(), { once: true });
    const writer = new Writable({ write: (chunk: Buffer, _encoding, done) => send(socket, dataChannel, chunk, done) });
    writer.on("error", () => target.destroy());
    target.pipe(writer);
    return target;
  } catch (problem) {
    const text = `error forwarding port ${port} to pod ${pod.name}, uid ${pod.uid}: ${problem instanceof Error ? problem.message : String(problem)}`;
    send(socket, errorChannel, Buffer.from(text), () => socket.close(1000));
    return undefined;
  }
}

function send(socket: WebSocket, channel: number, data: Buffer, done: (error?: Error) => void = () => {}): void {
  if (socket.readyState !== socket.OPEN) return done(new Error("connection is closed"));
  socket.send(Buffer.concat([Buffer.from([channel]), data]), done);
}
