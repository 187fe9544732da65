// Behaviour: k8s.io/kubernetes/pkg/registry/core/pod/strategy.go.
import type { Pod } from "../../../../api/generated/types/core/v1.ts";
import { isDNS1123Label } from "../../../../api/name-validation.ts";
import { defineResource } from "../../shared/define-resource.ts";
import { dropDisabledPodFields } from "../../shared/disabled-pod-fields.ts";
import { dropInitContainerAnnotations } from "../../shared/init-container-annotations.ts";
import { nameIsDNSSubdomain } from "../../shared/names.ts";
import { defaultPodSpec } from "../../shared/pod-spec-defaults.ts";
import { podSpecWarnings } from "../../shared/pod-spec-warnings.ts";
import { applyAppArmorAnnotations } from "./app-armor.ts";
import { podColumns } from "./columns.ts";
import { defaultPod } from "./defaults.ts";
import { ephemeralContainersSubresource } from "./ephemeral-containers.ts";
import { applyLabelKeys } from "./label-keys.ts";
import { qualityOfService } from "./quality-of-service.ts";
import { resizeSubresource } from "./resize.ts";
import { podStatusSubresource } from "./status.ts";
import { validatePodUpdate } from "./spec-updates.ts";
import { validatePod } from "./validation.ts";

/** v1 pods. */
export const podResource = defineResource<Pod>({
  group: "",
  version: "v1",
  kind: "Pod",
  resource: "pods",
  singular: "pod",
  shortNames: ["po"],
  categories: ["all"],
  namespaced: true,
  type: "core.v1.Pod",
  validateName: nameIsDNSSubdomain,
  defaults(pod) {
    dropInitContainerAnnotations(pod.metadata);
    defaultPod(pod);
    defaultPodSpec(pod.spec);
  },
  prepareForCreate(pod) {
    pod.status = { phase: "Pending", qosClass: qualityOfService(pod) };
    dropDisabledPodFields(pod.spec);
    if ((pod.spec.schedulingGates ?? []).length > 0) gateScheduling(pod);
    applyLabelKeys(pod);
    applyAppArmorAnnotations(pod);
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
    dropDisabledPodFields(next.spec);
  },
  validate: (pod) => validatePod(pod),
  validateUpdate: validatePodUpdate,
  warnings(pod, old) {
    // People write pods; what updates them are mostly components.
    if (old !== undefined) return [];
    const problems = isDNS1123Label(pod.metadata.name ?? "");
    const hostname = `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`;
    return [...(problems.length > 0 ? [hostname] : []), ...podSpecWarnings(pod, { field: "", isPod: true })];
  },
  status: podStatusSubresource,
  subresources: { ephemeralcontainers: ephemeralContainersSubresource, resize: resizeSubresource },
  gracePeriodSeconds({ spec, status }, requested) {
    const unscheduled = !spec.nodeName || status.phase === "Failed" || status.phase === "Succeeded";
    const period = unscheduled ? 0 : (requested ?? spec.terminationGracePeriodSeconds ?? 0);
    return period < 0 ? 1 : period;
  },
  selectableFields: {
    "spec.nodeName": (pod) => pod.spec.nodeName ?? "",
    "spec.restartPolicy": (pod) => pod.spec.restartPolicy ?? "",
    "spec.schedulerName": (pod) => pod.spec.schedulerName ?? "",
    "spec.serviceAccountName": (pod) => pod.spec.serviceAccountName ?? "",
    "spec.hostNetwork": (pod) => String(pod.spec.hostNetwork ?? false),
    "status.phase": (pod) => pod.status.phase ?? "",
    "status.podIP": (pod) => pod.status.podIP ?? "",
    "status.nominatedNodeName": (pod) => pod.status.nominatedNodeName ?? "",
  },
  columns: podColumns,
});

function gateScheduling(pod: Pod): void {
  const message = "Scheduling is blocked due to non-empty scheduling gates";
  pod.status.conditions = [
    { type: "PodScheduled", status: "False", lastProbeTime: null as unknown as string, lastTransitionTime: null as unknown as string, reason: "SchedulingGated", message },
  ];
}
