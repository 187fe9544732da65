// Behaviour: k8s.io/kubectl/pkg/drain/filters.go: which pods of a node are evicted, which stand in the way.
import { isNotFound } from "../../api/errors.ts";
import type { DaemonSet } from "../../api/generated/types/apps/v1.ts";
import type { Pod } from "../../api/generated/types/core/v1.ts";
import { type ResourceRef, pods } from "../../api/resource-refs.ts";
import { controllerOf } from "../../api/owner-references.ts";
import type { ApiClient } from "../../client/client.ts";
import type { Clock } from "../../util/clock.ts";
import { CommandError, ErrorList, messageOf } from "../errors.ts";

const daemonSets: ResourceRef<DaemonSet> = { group: "apps", version: "v1", resource: "daemonsets", kind: "DaemonSet", namespaced: true };
const MIRROR = "kubernetes.io/config.mirror";

/** What may go. */
export interface PodFilterOptions {
  readonly force: boolean;
  readonly ignoreDaemonSets: boolean;
  readonly deleteEmptyDirData: boolean;
  readonly podSelector: string;
  /** Pods that are going for longer than this many seconds are not waited for; 0 waits for all. */
  readonly skipWaitSeconds: number;
  readonly chunkSize: number;
}

/** The pods of a node that are to go, and what is to be said of those that stay or go all the same. */
export interface PodsToDelete {
  readonly pods: readonly Pod[];
  readonly warnings: string;
}

interface Verdict {
  readonly delete: boolean;
  readonly warning?: string;
  readonly error?: string;
}

const OKAY: Verdict = { delete: true };
const SKIP: Verdict = { delete: false };

/** Looks at every pod of a node; throws when pods stand in the way. */
export async function podsToDelete(client: ApiClient, node: string, options: PodFilterOptions, clock: Clock): Promise<PodsToDelete> {
  const verdicts: { pod: Pod; verdict: Verdict }[] = [];
  let next: string | undefined;
  do {
    const query = { labelSelector: options.podSelector, fieldSelector: `spec.nodeName=${node}`, limit: options.chunkSize, ...(next !== undefined && { continue: next }) };
    const { items, metadata } = await client.resource(pods).list(query);
    for (const pod of items) verdicts.push({ pod, verdict: await judge(client, pod, options, clock) });
    next = metadata.continue;
  } while (next !== undefined && next !== "");
  const errors = grouped(verdicts, ({ verdict }) => verdict.error);
  if (errors.length > 0) throw new ErrorList(errors.map((text) => new CommandError(`cannot delete ${text}`)));
  return {
    pods: verdicts.filter(({ verdict }) => verdict.delete).map(({ pod }) => pod),
    warnings: grouped(verdicts, ({ verdict }) => verdict.warning).join("; "),
  };
}

/** "what: namespace/pod, namespace/pod" for each thing that is said. */
function grouped(verdicts: readonly { pod: Pod; verdict: Verdict }[], say: (one: { verdict: Verdict }) => string | undefined): string[] {
  const byText = new Map<string, string[]>();
  for (const one of verdicts) {
    const text = say(one);
    if (text === undefined) continue;
    const { namespace, name } = one.pod.metadata;
    byText.set(text, [...(byText.get(text) ?? []), `${namespace}/${name}`]);
  }
  return [...byText].map(([text, names]) => `${text}: ${names.join(", ")}`);
}

/** Whether a pod is going for so long that it is not waited for. */
export function isSkipped({ metadata }: Pod, skipWaitSeconds: number, clock: Clock): boolean {
  const { deletionTimestamp } = metadata;
  return skipWaitSeconds > 0 && deletionTimestamp !== undefined && (clock.now() - Date.parse(deletionTimestamp)) / 1000 > skipWaitSeconds;
}

/** The last filter that has something to say is heard. */
async function judge(client: ApiClient, pod: Pod, options: PodFilterOptions, clock: Clock): Promise<Verdict> {
  let verdict = isSkipped(pod, options.skipWaitSeconds, clock) ? SKIP : OKAY;
  if (!verdict.delete) return verdict;
  verdict = await judgeDaemonSet(client, pod, options);
  if (!verdict.delete) return verdict;
  if (pod.metadata.annotations?.[MIRROR] !== undefined) return SKIP;
  verdict = judgeLocalStorage(pod, options);
  if (!verdict.delete) return verdict;
  return judgeUnmanaged(pod, options);
}

function isFinished({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

async function judgeDaemonSet(client: ApiClient, pod: Pod, { force, ignoreDaemonSets }: PodFilterOptions): Promise<Verdict> {
  const controller = controllerOf(pod.metadata);
  if (controller?.kind !== "DaemonSet" || controller.apiVersion !== "apps/v1" || isFinished(pod)) return OKAY;
  try {
    await client.resource(daemonSets, pod.metadata.namespace).get(controller.name);
  } catch (error) {
    if (isNotFound(error) && force) return { delete: true, warning: messageOf(error) };
    return { delete: false, error: messageOf(error) };
  }
  if (!ignoreDaemonSets) return { delete: false, error: "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)" };
  return { delete: false, warning: "ignoring DaemonSet-managed Pods" };
}

function judgeLocalStorage(pod: Pod, { deleteEmptyDirData }: PodFilterOptions): Verdict {
  if (isFinished(pod) || pod.spec.volumes?.some(({ emptyDir }) => emptyDir !== undefined) !== true) return OKAY;
  if (!deleteEmptyDirData) return { delete: false, error: "Pods with local storage (use --delete-emptydir-data to override)" };
  return { delete: true, warning: "deleting Pods with local storage" };
}

function judgeUnmanaged(pod: Pod, { force }: PodFilterOptions): Verdict {
  if (isFinished(pod) || controllerOf(pod.metadata) !== undefined) return OKAY;
  if (force) return { delete: true, warning: "deleting Pods that declare no controller" };
  return { delete: false, error: "Pods that declare no controller (use --force to override)" };
}
