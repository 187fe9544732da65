// Behaviour: k8s.io/kubectl/pkg/drain/drain.go (evictPods, deletePods, waitForDelete): pods of a node go, all at once.
import { StatusError, hasReason, isForbidden, isNotFound } from "../../api/errors.ts";
import type { Pod } from "../../api/generated/types/core/v1.ts";
import { pods as podsRef } from "../../api/resource-refs.ts";
import type { ApiClient } from "../../client/client.ts";
import { formatDuration } from "../../util/duration.ts";
import { CommandError, ErrorList, messageOf } from "../errors.ts";
import type { IO } from "../io.ts";
import { isSkipped } from "./pod-filters.ts";

const RETRY_MS = 5000;
const POLL_MS = 1000;

/** How pods go. */
export interface EvictOptions {
  readonly client: ApiClient;
  readonly io: IO;
  /** Negative leaves it to the pods. */
  readonly gracePeriod: number;
  readonly serverDryRun: boolean;
  /** Delete instead of evicting: disruption budgets do not count. */
  readonly disableEviction: boolean;
  /** 0 waits on. */
  readonly timeoutMs: number;
  readonly skipWaitSeconds: number;
  /** Hears of a pod that is gone, or could not be waited for. */
  finished(pod: Pod, operation: string): void;
}

/** Evicts or deletes pods and waits until they are gone. */
export async function evictOrDelete(pods: readonly Pod[], options: EvictOptions): Promise<void> {
  const { io, timeoutMs, disableEviction } = options;
  const deadline = timeoutMs === 0 ? Number.POSITIVE_INFINITY : io.clock.monotonic() + timeoutMs;
  if (disableEviction) return deleteAll(pods, options, deadline);
  const results = await Promise.allSettled(pods.map((pod) => evict(pod, options, deadline)));
  const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  if (errors.length > 0) throw new ErrorList(errors);
}

async function evict(pod: Pod, options: EvictOptions, deadline: number): Promise<void> {
  const { client, io, gracePeriod, serverDryRun, timeoutMs } = options;
  const { namespace = "", name = "" } = pod.metadata;
  const resource = client.resource(podsRef, namespace);
  const deleteOptions = { ...(gracePeriod >= 0 && { gracePeriodSeconds: gracePeriod }), ...(serverDryRun && { dryRun: ["All"] }) };
  const eviction = { kind: "Eviction", apiVersion: "policy/v1", metadata: { name, namespace }, deleteOptions };
  let current = pod;
  for (;;) {
    io.out(`evicting pod ${namespace}/${name}${serverDryRun ? " (server dry run)" : ""}\n`);
    if (io.clock.monotonic() >= deadline) {
      throw new CommandError(`error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}: global timeout reached: ${formatDuration(timeoutMs)}`);
    }
    try {
      await resource.createSubresource(name, "eviction", eviction);
      break;
    } catch (error) {
      if (isNotFound(error)) return;
      if (isTerminating(error) && current.metadata.deletionTimestamp !== undefined) break;
      const what = isTerminating(error) ? `pod ${JSON.stringify(name)} from terminating namespace ${JSON.stringify(namespace)}` : `pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}`;
      if (!hasReason(error, "TooManyRequests") && !isTerminating(error)) throw new CommandError(`error when evicting ${what}: ${messageOf(error)}`);
      io.err(`error when evicting ${what} (will retry after 5s): ${messageOf(error)}\n`);
      await io.clock.sleep(RETRY_MS, io.signal);
    }
    current = await resource.get(name).catch(() => current);
  }
  if (serverDryRun) return;
  try {
    await waitUntilGone(current, options, deadline, "evicted", "eviction failed");
  } catch (error) {
    throw new CommandError(`error when waiting for pod ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} to terminate: ${messageOf(error)}`);
  }
}

function isTerminating(error: unknown): boolean {
  return isForbidden(error) && error instanceof StatusError && error.status.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating") === true;
}

async function deleteAll(pods: readonly Pod[], options: EvictOptions, deadline: number): Promise<void> {
  const { client, gracePeriod, serverDryRun } = options;
  for (const { metadata } of pods) {
    const deletion = { ...(gracePeriod >= 0 && { gracePeriodSeconds: gracePeriod }), dryRun: serverDryRun };
    await client.resource(podsRef, metadata.namespace).delete(metadata.name ?? "", deletion).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
  if (serverDryRun) return;
  for (const pod of pods) await waitUntilGone(pod, options, deadline, "deleted", "deletion failed");
}

async function waitUntilGone(pod: Pod, { client, io, skipWaitSeconds, finished }: EvictOptions, deadline: number, done: string, failed: string): Promise<void> {
  const { namespace, name = "", uid } = pod.metadata;
  for (;;) {
    try {
      const present = await client.resource(podsRef, namespace).get(name);
      if (present.metadata.uid !== uid) return finished(pod, done);
      if (isSkipped(present, skipWaitSeconds, io.clock)) {
        io.out(`pod ${JSON.stringify(name)} has DeletionTimestamp older than ${skipWaitSeconds} seconds, skipping\n`);
        return;
      }
    } catch (error) {
      if (isNotFound(error)) return finished(pod, done);
      finished(pod, failed);
      throw error;
    }
    if (io.clock.monotonic() >= deadline) throw new CommandError("context deadline exceeded");
    await io.clock.sleep(POLL_MS, io.signal);
  }
}
