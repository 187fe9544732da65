// Behaviour: pkg/kubelet/cri/streaming: exec, attach and port-forward.
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import { serviceUnavailable } from "../api/errors.ts";
import type { ContainerStreams } from "../api/node-connection.ts";
import { exitOf, startPiped } from "../util/process.ts";
import { dialError } from "./dial-error.ts";
import { hasPseudoTerminals, onTerminal } from "./pseudo-terminal.ts";

/** Keys that nobody types: Docker's own would swallow Ctrl-P in every shell. */
const DETACH_KEYS = "ctrl-^,ctrl-^,ctrl-^";

/** How long a connection into a pod may take. */
const DIAL_TIMEOUT_MS = 30_000;

/** The arguments that run a command in a container. */
export function execArgs(id: string, command: readonly string[], options: { stdin: boolean; tty: boolean }): string[] {
  return ["exec", ...(options.stdin ? ["--interactive"] : []), ...(options.tty ? ["--tty"] : []), "--detach-keys", DETACH_KEYS, id, ...command];
}

/** The arguments that connect to a container's main process. */
export function attachArgs(id: string, options: { stdin: boolean }): string[] {
  return ["attach", "--sig-proxy=false", ...(options.stdin ? [] : ["--no-stdin"]), "--detach-keys", DETACH_KEYS, id];
}

/** Runs a docker command with those streams; resolves with its exit code. `terminal`: its standard input has to be a terminal. */
export async function runStreaming(docker: string, args: readonly string[], streams: ContainerStreams, terminal: boolean, signal: AbortSignal): Promise<number> {
  if (!terminal) return pipe(docker, args, streams, signal);
  const sizes = streams.resizes?.[Symbol.asyncIterator]();
  const first = await firstSize(sizes);
  const command = await onTerminal(docker, args, first?.size);
  try {
    const ended = new AbortController();
    void followSizes(sizes, first?.rest, (size) => command.resize(size), ended.signal);
    return await pipe(command.command, command.args, streams, signal).finally(() => ended.abort());
  } finally {
    await command.dispose();
  }
}

/** Whether a terminal can be given here; without one a command runs on plain pipes. */
export function terminalsWork(): boolean {
  return hasPseudoTerminals();
}

async function pipe(command: string, args: readonly string[], streams: ContainerStreams, signal: AbortSignal): Promise<number> {
  const child = startPiped(command, args);
  const stop = () => child.kill("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  const code = exitOf(child);
  child.stdin.on("error", () => {});
  if (streams.stdin === undefined) child.stdin.end();
  else streams.stdin.pipe(child.stdin);
  const outputs = [
    [child.stdout, streams.stdout],
    [child.stderr, streams.stderr],
  ] as const;
  for (const [from, to] of outputs) {
    if (to === undefined) from.resume();
    else from.pipe(to, { end: false });
  }
  try {
    await Promise.all([finished(child.stdout).catch(() => {}), finished(child.stderr).catch(() => {})]);
    return await code;
  } finally {
    signal.removeEventListener("abort", stop);
    streams.stdin?.unpipe(child.stdin);
  }
}

type Size = { width: number; height: number };

/** The size that comes first decides how the terminal begins; a client that sends none gets one all the same. */
async function firstSize(sizes: AsyncIterator<Size> | undefined): Promise<{ size: Size | undefined; rest: Promise<IteratorResult<Size>> | undefined } | undefined> {
  if (sizes === undefined) return undefined;
  const next = sizes.next();
  const none = new Promise<undefined>((resolve) => setImmediate(() => setImmediate(() => resolve(undefined))));
  const result = await Promise.race([next, none]);
  return result === undefined ? { size: undefined, rest: next } : { size: result.done === true ? undefined : result.value, rest: undefined };
}

async function followSizes(sizes: AsyncIterator<Size> | undefined, pending: Promise<IteratorResult<Size>> | undefined, resize: (size: Size) => Promise<void>, signal: AbortSignal): Promise<void> {
  if (sizes === undefined) return;
  let next = pending ?? sizes.next();
  for (;;) {
    const result = await next.catch(() => undefined);
    if (result === undefined || result.done === true || signal.aborted) return;
    await resize(result.value);
    next = sizes.next();
  }
}

/** Connects to a port of a pod, by way of its address: what listens on the pod's loopback only is not reached. */
export function dialPod(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true, timeout: DIAL_TIMEOUT_MS });
    const abort = () => socket.destroy();
    signal.addEventListener("abort", abort, { once: true });
    socket.on("close", () => signal.removeEventListener("abort", abort));
    socket.once("connect", () => {
      socket.setTimeout(0);
      resolve(socket);
    });
    socket.once("timeout", () => socket.destroy(new Error(`dial tcp ${host}:${port}: i/o timeout`)));
    socket.once("error", (error) => reject(serviceUnavailable(`failed to connect to port ${port} of the pod: ${dialError(error, host, port)}`)));
  });
}
