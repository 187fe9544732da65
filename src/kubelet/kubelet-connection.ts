// Behaviour: pkg/kubelet/server: what the API server asks of a kubelet for logs, exec, attach and port-forward.
import { badRequest, notFound } from "../api/errors.ts";
import type { NodeConnection, PodReference } from "../api/node-connection.ts";
import type { Clock } from "../util/clock.ts";
import { readLog } from "./container-logs.ts";
import type { ContainerRuntime } from "./container-runtime.ts";
import type { ContainerRecord } from "./container-store.ts";
import { attachArgs, dialPod, execArgs, runStreaming, terminalsWork } from "./container-streams.ts";
import type { Kubelet } from "./kubelet.ts";
import { findContainer } from "./pod-spec.ts";

/** The connection to one node's kubelet. */
export function kubeletConnection(kubelet: Kubelet, runtime: ContainerRuntime, clock: Clock): NodeConnection {
  const workerOf = (pod: PodReference) => {
    const worker = kubelet.worker(pod.uid);
    if (worker === undefined) throw notFound({ group: "", resource: "pods" }, pod.name);
    return worker;
  };
  const runningContainer = (pod: PodReference, container: string): ContainerRecord => {
    workerOf(pod);
    const [record] = runtime.store.attempts(pod.uid, container);
    if (record === undefined) throw notFound({ group: "", resource: "containers" }, container);
    if (record.state !== "running") throw badRequest(`cannot exec in a stopped container: container ${JSON.stringify(container)} of pod ${JSON.stringify(pod.name)} is not running`);
    return record;
  };
  return {
    async logs(pod, options, signal) {
      const worker = workerOf(pod);
      const container = options.container ?? worker.spec.spec.containers[0]?.name ?? "";
      const attempts = runtime.store.attempts(pod.uid, container);
      // While a container waits for its restart, the one that ended is the previous one.
      const current = attempts[0]?.state === "exited" && worker.waitingReason(container) !== undefined ? -1 : 0;
      const record = options.previous === true ? attempts[current + 1] : attempts[0];
      if (record === undefined && options.previous === true) throw badRequest(`previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.name)} not found`);
      if (record === undefined) throw badRequest(`container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.name)} is waiting to start: ${waitingText(worker, container)}`);
      return readLog(runtime.dockerCommand, record.id, options, clock, signal);
    },
    async exec(pod, container, command, streams, signal) {
      const record = runningContainer(pod, container);
      const terminal = streams.tty && terminalsWork();
      return runStreaming(runtime.dockerCommand, execArgs(record.id, command, { stdin: streams.stdin !== undefined, tty: terminal }), streams, terminal, signal);
    },
    async attach(pod, container, streams, signal) {
      const record = runningContainer(pod, container);
      const spec = findContainer(workerOf(pod).spec, container)?.container;
      const stdin = streams.stdin !== undefined && spec?.stdin === true;
      await runStreaming(runtime.dockerCommand, attachArgs(record.id, { stdin }), streams, spec?.tty === true && terminalsWork(), signal);
    },
    async portForward(pod, port, signal) {
      return dialPod(workerOf(pod).address, port, signal);
    },
    read(path) {
      if (path === "/healthz") return { contentType: "text/plain; charset=utf-8", body: "ok" };
      if (path !== "/pods" && path !== "/pods/") return undefined;
      return { contentType: "application/json", body: JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: {}, items: kubelet.pods() }) };
    },
  };
}

const IMAGE_TEXTS: Readonly<Record<string, string>> = { ErrImagePull: "image can't be pulled", ImagePullBackOff: "trying and failing to pull image" };

function waitingText(worker: NonNullable<ReturnType<Kubelet["worker"]>>, container: string): string {
  const waiting = worker.waitingReason(container);
  if (waiting !== undefined) return IMAGE_TEXTS[waiting.reason] ?? waiting.reason;
  return (worker.spec.spec.initContainers ?? []).length > 0 ? "PodInitializing" : "ContainerCreating";
}
