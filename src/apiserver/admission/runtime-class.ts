// Behaviour: plugin/pkg/admission/runtimeclass and pkg/util/tolerations: what a runtime costs, and where it runs.
import { semanticEqual } from "../../api/equality.ts";
import type { Pod, Toleration } from "../../api/generated/types/core/v1.ts";
import type { RuntimeClass } from "../../api/generated/types/node/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { runtimeClasses } from "../../api/resource-refs.ts";
import type { AdmissionRequest, AdmissionStep } from "./admission.ts";
import { isAbout, isCreation, refuse } from "./attributes.ts";

const OVERHEAD_DIFFERS = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

/** Applies the overhead and the scheduling rules of a pod's runtime class. */
export const runtimeClass: AdmissionStep = {
  name: "RuntimeClass",
  mutate(request) {
    if (!isAbout(request, "", "pods") || !isCreation(request)) return;
    const { spec } = request.object as unknown as Pod;
    const found = classOf(request, spec);
    if (found?.overhead !== undefined) {
      const fixed = found.overhead.podFixed ?? {};
      if (Object.keys(spec.overhead ?? {}).length > 0 && !semanticEqual(spec.overhead, fixed)) throw refuse(request, OVERHEAD_DIFFERS);
      spec.overhead = { ...fixed };
    }
    if (found?.scheduling !== undefined) setScheduling(request, spec, found.scheduling);
  },
  validate(request) {
    if (!isAbout(request, "", "pods") || !isCreation(request)) return;
    const { spec } = request.object as unknown as Pod;
    const overhead = classOf(request, spec)?.overhead;
    if (overhead !== undefined && !semanticEqual(overhead.podFixed, spec.overhead)) throw refuse(request, OVERHEAD_DIFFERS);
    if (overhead === undefined && spec.overhead !== undefined) throw refuse(request, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
  },
};

function classOf(request: AdmissionRequest, { runtimeClassName }: Pod["spec"]): RuntimeClass | undefined {
  if (runtimeClassName === undefined) return undefined;
  const found = request.context.lookup<RuntimeClass & KubernetesObject>(runtimeClasses, "", runtimeClassName);
  if (found === undefined) throw refuse(request, `pod rejected: RuntimeClass ${JSON.stringify(runtimeClassName)} not found`);
  return found;
}

function setScheduling(request: AdmissionRequest, spec: Pod["spec"], { nodeSelector, tolerations }: NonNullable<RuntimeClass["scheduling"]>): void {
  for (const [key, value] of Object.entries(nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own !== undefined && own !== value) throw refuse(request, `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`);
    (spec.nodeSelector ??= {})[key] = value;
  }
  const merged = mergeTolerations([...(spec.tolerations ?? []), ...structuredClone(tolerations ?? [])]);
  if (merged.length > 0) spec.tolerations = merged;
}

/** Leaves out what another toleration covers. */
function mergeTolerations(all: readonly Toleration[]): Toleration[] {
  const merged: Toleration[] = [];
  for (const [index, one] of all.entries()) {
    const isCovered = merged.some((other) => covers(other, one)) || all.slice(index + 1).some((other) => !semanticEqual(one, other) && covers(other, one));
    if (!isCovered) merged.push(one);
  }
  return merged;
}

function covers(wide: Toleration, narrow: Toleration): boolean {
  if (semanticEqual(wide, narrow)) return true;
  const exists = wide.operator === "Exists";
  if (narrow.key !== wide.key && (wide.key || !exists)) return false;
  if (narrow.effect !== wide.effect && wide.effect) return false;
  if (wide.effect === "NoExecute" && wide.tolerationSeconds !== undefined && (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > wide.tolerationSeconds)) return false;
  if (exists) return true;
  return (wide.operator || "Equal") === "Equal" && narrow.operator === "Equal" && narrow.value === wide.value;
}
