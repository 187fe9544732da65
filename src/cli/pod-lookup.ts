// Behaviour: k8s.io/kubectl/pkg/polymorphichelpers (SelectorsForObject, GetFirstPod) and pkg/util/podutils: which pod a workload or service means.
import { isExpired } from "../api/errors.ts";
import type { Pod } from "../api/generated/types/core/v1.ts";
import { labelSelector, labelSelectorOfMap } from "../api/label-selector.ts";
import type { LabelSelector as LabelSelectorSpec } from "../api/generated/types/meta/v1.ts";
import type { KubernetesList, UnstructuredObject } from "../api/object.ts";
import { pods } from "../api/resource-refs.ts";
import { isPodReady } from "../api/pod-conditions.ts";
import { CommandError } from "./errors.ts";
import type { Factory } from "./factory.ts";

/** Orders pods: negative when the first one is to be preferred. */
export type PodOrder = (one: Pod, other: Pod) => number;

const GO_TYPES: Readonly<Record<string, string>> = { "": "v1", apps: "v1", batch: "v1" };

/** How messages name an object's type (Go's %T). */
export function goTypeOf({ apiVersion, kind }: UnstructuredObject): string {
  const [group = "", version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  return `*${GO_TYPES[group] ?? version}.${kind}`;
}

/** The selector of a workload's or service's pods, as text. Throws CommandError for other kinds. */
export function podSelectorOf(object: UnstructuredObject): string {
  const { kind, metadata } = object;
  const spec = object["spec"] as { selector?: unknown } | undefined;
  switch (kind) {
    case "ReplicaSet":
    case "StatefulSet":
    case "DaemonSet":
    case "Deployment":
    case "Job":
      return labelSelector(spec?.selector as LabelSelectorSpec | undefined).toString();
    case "ReplicationController":
      return labelSelectorOfMap(spec?.selector as Record<string, string> | undefined).toString();
    case "Service": {
      const selector = (spec?.selector ?? {}) as Record<string, string>;
      if (Object.keys(selector).length === 0) throw new CommandError(`invalid service '${metadata.name}': Service is defined without a selector`);
      return labelSelectorOfMap(selector).toString();
    }
    default:
      throw new CommandError(`selector for ${goTypeOf(object)} not implemented`);
  }
}

/** The pods of a selector, the best first; waits until there is one. */
export async function podsOf(factory: Factory, namespace: string, selector: string, timeoutMs: number, order: PodOrder): Promise<Pod[]> {
  const client = (await factory.client()).resource(pods, namespace);
  const list: KubernetesList<Pod> = await client.list({ labelSelector: selector });
  if (list.items.length > 0) return [...list.items].sort(order);
  const { clock, signal } = factory.io;
  const giveUp = new AbortController();
  const cancel = timeoutMs > 0 ? clock.setTimer(timeoutMs, () => giveUp.abort()) : () => {};
  try {
    const watch = client.watch({ labelSelector: selector, resourceVersion: list.metadata.resourceVersion }, AbortSignal.any([signal, giveUp.signal]));
    for await (const { type, object } of watch) if (type === "ADDED" || type === "MODIFIED") return [object];
  } catch (error) {
    if (!isExpired(error)) throw error;
    return podsOf(factory, namespace, selector, timeoutMs, order);
  } finally {
    cancel();
  }
  throw new CommandError("timed out waiting for the condition");
}

/** The pod whose log says most: running before pending, ready before not, ready the longest. */
export const byLogging: PodOrder = (one, other) =>
  compare(
    [isUnassigned(one), isUnassigned(other)],
    [phaseRank(one), phaseRank(other)],
    [Number(!isPodReady(one)), Number(!isPodReady(other))],
    [readySince(one), readySince(other)],
    [-maxRestarts(one), -maxRestarts(other)],
    [createdAt(one), createdAt(other)],
  );

/** The pod to exec into or attach to: the one that a controller would delete last. */
export const byActivity: PodOrder = (one, other) =>
  compare(
    [isUnassigned(one), isUnassigned(other)],
    [phaseRank(one), phaseRank(other)],
    [Number(!isPodReady(one)), Number(!isPodReady(other))],
    [deletedAt(one), deletedAt(other)],
    [readySince(one), readySince(other)],
    [maxRestarts(one), maxRestarts(other)],
    [createdAt(one), createdAt(other)],
  );

function compare(...ranks: readonly (readonly [number, number])[]): number {
  for (const [one, other] of ranks) if (one !== other) return one < other ? -1 : 1;
  return 0;
}

function isUnassigned({ spec }: Pod): number {
  return Number((spec.nodeName ?? "") === "");
}

function phaseRank({ status }: Pod): number {
  const phase = status?.phase;
  return phase === "Pending" ? 2 : Number(phase === "Unknown");
}

function readySince(pod: Pod): number {
  const condition = pod.status?.conditions?.find(({ type, status }) => type === "Ready" && status === "True");
  return condition === undefined ? 0 : time(condition.lastTransitionTime);
}

function maxRestarts({ status }: Pod): number {
  return Math.max(0, ...(status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));
}

function createdAt({ metadata }: Pod): number {
  return time(metadata.creationTimestamp);
}

/** Pods that are going come last, the one that goes first the very last. */
function deletedAt({ metadata }: Pod): number {
  return metadata.deletionTimestamp === undefined ? Number.NEGATIVE_INFINITY : -time(metadata.deletionTimestamp);
}

function time(timestamp: string | null | undefined): number {
  return timestamp === undefined || timestamp === null ? Number.POSITIVE_INFINITY : Date.parse(timestamp);
}
