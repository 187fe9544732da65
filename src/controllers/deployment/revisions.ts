// Behaviour: pkg/controller/deployment/util: revisions and the annotations that carry them.
import { shortHash } from "../hash.ts";
import type { Deployment, ReplicaSet } from "../../api/generated/types/apps/v1.ts";
import type { PodTemplateSpec } from "../../api/generated/types/core/v1.ts";
import { canonicalJson, semanticEqual } from "../../api/equality.ts";
import { byAge, DESIRED_REPLICAS, desiredReplicas, MAX_REPLICAS, maxSurge } from "./replica-counts.ts";

/** Numbers a Deployment's rollouts, on it and its ReplicaSets. */
export const REVISION = "deployment.kubernetes.io/revision";
/** Tells the pods of one ReplicaSet of a Deployment from those of the others. */
export const POD_TEMPLATE_HASH = "pod-template-hash";
const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
const MAX_REVISION_HISTORY_CHARACTERS = 2000;
const NOT_COPIED = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  "deprecated.deployment.rollback.to",
]);

/** The part of a ReplicaSet's name that stands for its template. */
export function templateHash(template: PodTemplateSpec, collisionCount: number | undefined): string {
  return shortHash(canonicalJson(template), collisionCount);
}

/** The ReplicaSet of the Deployment's current template; the oldest, should there be several. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return [...sets].sort(byAge).find((set) => equalIgnoringHash(set.spec.template, deployment.spec.template));
}

/** Whether two templates make the same pods. */
export function equalIgnoringHash(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return semanticEqual(withoutHash(a), withoutHash(b));
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const labels = Object.entries(template.metadata.labels ?? {}).filter(([key]) => key !== POD_TEMPLATE_HASH);
  return { ...template, metadata: { ...template.metadata, labels: labels.length === 0 ? undefined : Object.fromEntries(labels) } };
}

/** The revision of a ReplicaSet; 0 when it has none. */
export function revisionOf(set: ReplicaSet): number {
  const text = set.metadata.annotations?.[REVISION] ?? "";
  return /^[0-9]+$/.test(text) ? Number(text) : 0;
}

/** The latest revision among the sets. */
export function maxRevision(sets: readonly ReplicaSet[]): number {
  return Math.max(0, ...sets.map(revisionOf));
}

/** The annotations that the new set must carry: the Deployment's own (a change cause among them), its revision, and those before it. */
export function newSetAnnotations(deployment: Deployment, set: ReplicaSet, revision: number): Record<string, string> {
  const annotations = { ...set.metadata.annotations };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) if (!NOT_COPIED.has(key)) annotations[key] = value;
  const old = annotations[REVISION];
  if (old !== undefined && !/^[0-9]+$/.test(old)) return annotations;
  if (Number(old ?? 0) < revision) {
    annotations[REVISION] = String(revision);
    if (old !== undefined) annotations[REVISION_HISTORY] = appendRevision(annotations[REVISION_HISTORY] ?? "", old);
  }
  return annotations;
}

/** The annotations that tell proportional scaling what the set was sized for. */
export function replicasAnnotations(deployment: Deployment): Record<string, string> {
  const desired = desiredReplicas(deployment);
  return { [DESIRED_REPLICAS]: String(desired), [MAX_REPLICAS]: String(desired + maxSurge(deployment)) };
}

function appendRevision(history: string, revision: string): string {
  if (history === "") return revision;
  const revisions = [...history.split(","), revision];
  while (revisions.length > 1 && revisions.join(",").length > MAX_REVISION_HISTORY_CHARACTERS) revisions.shift();
  return revisions.join(",");
}
