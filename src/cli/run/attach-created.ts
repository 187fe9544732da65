// Behaviour: k8s.io/kubectl/pkg/cmd/run/run.go (handleAttachPod, waitForPod): attaches to the pod that was just created, and its exit code.
import { isExpired, notFound } from "../../api/errors.ts";
import type { Pod } from "../../api/generated/types/core/v1.ts";
import { pods } from "../../api/resource-refs.ts";
import { resourcePath, withQuery } from "../../client/resource-path.ts";
import { formatTime } from "../../util/clock.ts";
import { attachTo } from "../attach/run.ts";
import { CommandError, ExitError, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { printLogs } from "../logs/run.ts";
import { isPodReady } from "../../api/pod-conditions.ts";

/** How a created pod is attached to. */
export interface AttachCreated {
  readonly factory: Factory;
  readonly pod: Pod;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly quiet: boolean;
  readonly detachKeys: string;
  readonly timeoutMs: number;
  readonly restartPolicy: string;
  readonly leaveStdinOpen: boolean;
}

/** Waits until the pod runs, attaches, and resolves when its end, where it has one, was a good one. Throws an ExitError with its exit code. */
export async function attachCreated(options: AttachCreated): Promise<void> {
  const { factory, restartPolicy, leaveStdinOpen } = options;
  const pod = await waitForPod(options, (one) => isFinished(one) || isRunning(one));
  await (isFinished(pod) ? printLog(options, pod) : attachOrLog(options, pod));
  if (leaveStdinOpen || restartPolicy === "Always") return;
  const wanted = restartPolicy === "OnFailure" ? (one: Pod) => one.status?.phase === "Succeeded" : isFinished;
  const ended = await waitForPod(options, wanted);
  checkEnd(ended);
  factory.io.signal.throwIfAborted();
}

function isFinished({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

function isRunning(pod: Pod): boolean {
  return pod.status?.phase === "Running" && isPodReady(pod);
}

async function attachOrLog(options: AttachCreated, pod: Pod): Promise<void> {
  const { factory, stdin, tty, quiet, detachKeys } = options;
  const { io } = factory;
  let since: string | undefined;
  try {
    await printLog(options, pod);
    since = formatTime(io.clock.now());
  } catch (error) {
    io.err(`warning: couldn't fetch pre-attach logs: ${messageOf(error)}\n`);
  }
  try {
    await attachTo({ factory, pod, container: "", stdin, tty, quiet, detachKeys });
  } catch (error) {
    if (error instanceof ExitError) throw error;
    io.err(`warning: couldn't attach to pod/${pod.metadata.name}, falling back to streaming logs: ${messageOf(error)}\n`);
    await printLog(options, pod, since);
  }
}

async function printLog({ factory, timeoutMs }: AttachCreated, { metadata, spec }: Pod, sinceTime?: string): Promise<void> {
  const container = spec.containers[0]?.name ?? "";
  const { namespace = "", name = "" } = metadata;
  const path = withQuery(resourcePath(pods, namespace, name, "log"), { container, sinceTime });
  await printLogs([{ pod: name, container, path }], { factory, follow: false, ignoreErrors: false, prefix: false, maxRequests: 1, podTimeoutMs: timeoutMs });
}

async function waitForPod({ factory, pod, timeoutMs }: AttachCreated, until: (pod: Pod) => boolean): Promise<Pod> {
  const { clock, signal } = factory.io;
  const client = (await factory.client()).resource(pods, pod.metadata.namespace);
  const fieldSelector = `metadata.name=${pod.metadata.name}`;
  const giveUp = new AbortController();
  const cancel = timeoutMs > 0 ? clock.setTimer(timeoutMs, () => giveUp.abort()) : () => {};
  const either = AbortSignal.any([signal, giveUp.signal]);
  try {
    while (!either.aborted) {
      const { items, metadata } = await client.list({ fieldSelector });
      const [present] = items;
      if (present !== undefined && until(present)) return present;
      try {
        for await (const { type, object } of client.watch({ fieldSelector, resourceVersion: metadata.resourceVersion }, either)) {
          if (type === "DELETED") throw notFound(pods, "");
          if (type !== "BOOKMARK" && until(object)) return object;
        }
      } catch (error) {
        if (!isExpired(error)) throw error;
      }
    }
  } finally {
    cancel();
  }
  throw new CommandError("timed out waiting for the condition");
}

function checkEnd({ metadata, status }: Pod): void {
  const name = `${metadata.namespace}/${metadata.name}`;
  if (status?.phase === "Succeeded") return;
  if (status?.phase !== "Failed") throw new CommandError(`pod ${name} left in phase ${status?.phase ?? ""}`);
  const terminated = status.containerStatuses?.[0]?.state?.terminated;
  if (terminated === undefined || terminated.exitCode === 0) throw new CommandError(`pod ${name} failed with unknown exit code`);
  throw new ExitError(terminated.exitCode, `pod ${name} terminated (${terminated.reason ?? ""})\n${terminated.message ?? ""}`);
}
