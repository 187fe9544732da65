// Behaviour: k8s.io/kubectl/pkg/util/deployment: which replica sets are a deployment's, and which of them is the present one.
import type { Deployment, ReplicaSet } from "../../api/generated/types/apps/v1.ts";
import type { PodTemplateSpec } from "../../api/generated/types/core/v1.ts";
import { isControlledBy } from "../../api/owner-references.ts";
import { compactJson } from "../printers/json.ts";

const HASH_LABEL = "pod-template-hash";

/** Sorts a deployment's own replica sets into the present one and the others; `all` may hold those of others too. */
export function findReplicaSets(deployment: Deployment, all: readonly ReplicaSet[]): { old: ReplicaSet[]; present: ReplicaSet[] } {
  const own = all.filter(({ metadata }) => isControlledBy(metadata, deployment.metadata));
  const wanted = templateKey(deployment.spec.template);
  const byAge = own.toSorted((a, b) => ((a.metadata.creationTimestamp ?? "") < (b.metadata.creationTimestamp ?? "") ? -1 : 1));
  const present = byAge.find(({ spec }) => templateKey(spec.template) === wanted);
  return { old: own.filter((set) => set !== present), present: present === undefined ? [] : [present] };
}

/** A template in a form that can be compared, without the label that tells replica sets apart. */
function templateKey(template: PodTemplateSpec | undefined): string {
  const { [HASH_LABEL]: _, ...labels } = template?.metadata?.labels ?? {};
  return compactJson({ ...template, metadata: { ...template?.metadata, labels } });
}
