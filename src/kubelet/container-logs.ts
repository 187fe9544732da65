// Behaviour: pkg/kubelet/kuberuntime/logs, kubelet_pods.go validateContainerLogStatus.
import { PassThrough, type Readable, Transform } from "node:stream";
import type { PodLogOptions } from "../api/generated/types/core/v1.ts";
import type { Clock } from "../util/clock.ts";
import { startReader } from "../util/process.ts";

/** The arguments that print a container's log. */
export function logsArgs(id: string, options: PodLogOptions, now: number): string[] {
  const since = options.sinceTime ?? (options.sinceSeconds === undefined ? undefined : new Date(now - options.sinceSeconds * 1000).toISOString());
  return [
    "logs",
    ...(options.follow === true ? ["--follow"] : []),
    ...(options.timestamps === true ? ["--timestamps"] : []),
    ...(options.tailLines === undefined ? [] : ["--tail", String(options.tailLines)]),
    ...(since === undefined || since === null ? [] : ["--since", since]),
    id,
  ];
}

/** Where a shell sends the two streams, so that lines of both stay in their order. */
function redirection(stream: string | undefined): string {
  return stream === "Stdout" ? "2>/dev/null" : stream === "Stderr" ? "2>&1 >/dev/null" : "2>&1";
}

/** A container's log as it is read. */
export function readLog(docker: string, id: string, options: PodLogOptions, clock: Clock, signal: AbortSignal): Readable {
  const child = startReader("/bin/sh", ["-c", `exec "$@" ${redirection(options.stream)}`, "sh", docker, ...logsArgs(id, options, clock.now())]);
  const stop = () => child.kill("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  child.on("error", (error) => child.stdout.destroy(error));
  child.on("close", () => signal.removeEventListener("abort", stop));
  child.stderr.resume();
  const output = options.limitBytes === undefined ? new PassThrough() : firstBytes(options.limitBytes, stop);
  output.on("close", stop);
  return child.stdout.pipe(output);
}

function firstBytes(limit: number, enough: () => void): Transform {
  let left = limit;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (left > 0) this.push(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) {
        this.push(null);
        enough();
      }
      done();
    },
  });
}
