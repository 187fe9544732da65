// Behaviour: pkg/kubelet/kuberuntime killContainer, executePreStopHook, termination_order.go.
import type { Container, LifecycleHandler, Pod } from "../api/generated/types/core/v1.ts";
import type { ContainerRecord } from "./container-store.ts";
import { runHook } from "./lifecycle-hooks.ts";
import type { PodContext } from "./pod-context.ts";
import { findContainer, isSidecar } from "./pod-spec.ts";

/** How much time a container gets, and what cuts it short. */
export interface Grace {
  readonly seconds: number;
  /** Aborts when there is no more time to give. */
  readonly hurry: AbortSignal;
}

/** No container gets less than this between the signal and the kill. */
const MIN_GRACE_SECONDS = 2;

/** Resolves when the container has ended or is gone; with false when time ran out first. */
export function waitForEnd(context: Pick<PodContext, "runtime" | "clock">, record: ContainerRecord, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
  const ended = () => record.state === "exited" || context.runtime.store.get(record.id) === undefined;
  if (ended()) return Promise.resolve(true);
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const finish = () => {
      cancel();
      unsubscribe();
      signal?.removeEventListener("abort", finish);
      resolve(ended());
    };
    const cancel = context.clock.setTimer(timeoutMs, finish);
    const unsubscribe = context.runtime.store.onChange((changed) => changed === record && ended() && finish());
    signal?.addEventListener("abort", finish, { once: true });
  });
}

/** The grace that a container's own death gives it, by why it is killed. */
export function graceSeconds(pod: Pod, container: Container, probe?: "liveness" | "startup"): number {
  const own = probe === "liveness" ? container.livenessProbe : probe === "startup" ? container.startupProbe : undefined;
  return own?.terminationGracePeriodSeconds ?? pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
}

/** Ends one container: preStop hook, its stop signal, time, SIGKILL. Resolves when it has ended. */
export async function killContainer(
  context: PodContext,
  target: { pod: Pod; container: Container; fieldPath: string; record: ContainerRecord; podIP: string; message?: string },
  grace: Grace,
  turn: Promise<unknown> = Promise.resolve(),
): Promise<void> {
  const { pod, container, fieldPath, record } = target;
  context.events.event(pod, "Normal", "Killing", target.message ?? `Stopping container ${container.name}`, fieldPath);
  const begun = context.clock.monotonic();
  const left = () => grace.seconds * 1000 - (context.clock.monotonic() - begun);
  if (container.lifecycle?.preStop !== undefined && grace.seconds > 0 && !grace.hurry.aborted) {
    const hook = preStop(context, target, container.lifecycle.preStop, grace.hurry);
    await Promise.race([hook, pause(context, left(), grace.hurry)]);
  }
  await Promise.race([turn, pause(context, left(), grace.hurry)]);
  if (!grace.hurry.aborted) {
    const image = context.images.lastSeen(container.image ?? "");
    await context.runtime.signal(record.id, container.lifecycle?.stopSignal ?? image?.stopSignal ?? "SIGTERM");
    if (await waitForEnd(context, record, Math.max(left(), MIN_GRACE_SECONDS * 1000), grace.hurry)) return;
  }
  await context.runtime.signal(record.id, "KILL");
  await waitForEnd(context, record, 10_000);
}

async function preStop(context: PodContext, target: { pod: Pod; container: Container; fieldPath: string; record: ContainerRecord; podIP: string }, hook: LifecycleHandler, hurry: AbortSignal): Promise<void> {
  const { pod, container, record, podIP } = target;
  const failure = await runHook({ docker: context.runtime.docker, clock: context.clock }, hook, { pod, container, containerId: record.id, podIP }, hurry);
  if (failure !== undefined) context.events.event(pod, "Warning", "FailedPreStopHook", "PreStopHook failed", target.fieldPath);
}

function pause(context: PodContext, ms: number, signal: AbortSignal): Promise<void> {
  return context.clock.sleep(Math.max(0, ms), signal).catch(() => {});
}

/** Ends all of a pod's containers: sidecars after the regular ones, in the reverse of their order. */
export async function killPodContainers(context: PodContext, pod: Pod, records: readonly ContainerRecord[], podIP: string, graceOf: (container: Container) => Grace): Promise<void> {
  const running = records.filter((record) => record.state === "running").flatMap((record) => {
    const placed = findContainer(pod, record.name);
    return placed === undefined ? [] : [{ record, ...placed }];
  });
  const kill = (entry: (typeof running)[number], turn?: Promise<unknown>) => killContainer(context, { ...entry, pod, podIP }, graceOf(entry.container), turn);
  const sidecars = running.filter((entry) => entry.kind === "init" && isSidecar(entry.container)).reverse();
  let before: Promise<unknown> = Promise.all(running.filter((entry) => !sidecars.includes(entry)).map((entry) => kill(entry)));
  const all: Promise<unknown>[] = [before];
  for (const entry of sidecars) {
    before = kill(entry, before);
    all.push(before);
  }
  await Promise.all(all);
}
