// Behaviour: k8s.io/kubectl/pkg/describe (PodDescriber, DescribePodTemplate).
import type { Pod, PodTemplateSpec, Toleration, TopologySpreadConstraint } from "../../api/generated/types/core/v1.ts";
import type { ObjectMeta } from "../../api/generated/types/meta/v1.ts";
import { controllerOf } from "../../api/owner-references.ts";
import { type ContainersText, describeContainers, describeResources } from "./containers.ts";
import { defineDescriber } from "./describer.ts";
import { type Description, longTime, selectorText } from "./description.ts";
import { podQosClass } from "./qos.ts";
import { describeVolumes } from "./volumes.ts";

const MIRROR = "kubernetes.io/config.mirror";

/** Describes a pod. */
export const podDescriber = defineDescriber<Pod>({
  describe(pod, _related, to) {
    describeHead(pod, to);
    const containers = (title: string, part: Omit<ContainersText, "title" | "pod">) => describeContainers({ title, pod, ...part }, to);
    const { spec, status } = pod;
    if (spec.initContainers?.length) containers("Init Containers", { containers: spec.initContainers, statuses: status.initContainerStatuses });
    containers("Containers", { containers: spec.containers, statuses: status.containerStatuses });
    if (spec.ephemeralContainers?.length) {
      containers("Ephemeral Containers", { containers: spec.ephemeralContainers, statuses: status.ephemeralContainerStatuses });
    }
    describeConditions(pod, to);
    describeVolumes(spec.volumes, to);
    to.field(0, "QoS Class", podQosClass(pod));
    to.labels("Node-Selectors", spec.nodeSelector);
    describeTolerations("Tolerations", spec.tolerations, to);
    describeSpread(spec.topologySpreadConstraints, to, "");
  },
  eventSubjects: ({ metadata }) => [{ kind: undefined, uid: metadata.annotations?.[MIRROR] ?? metadata.uid }],
});

function describeHead({ metadata, spec, status }: Pod, to: Description): void {
  to.field(0, "Name", metadata.name);
  to.field(0, "Namespace", metadata.namespace);
  if (spec.priority !== undefined) to.field(0, "Priority", spec.priority);
  if (spec.priorityClassName) to.field(0, "Priority Class Name", spec.priorityClassName);
  if (spec.runtimeClassName) to.field(0, "Runtime Class Name", spec.runtimeClassName);
  if (spec.serviceAccountName) to.field(0, "Service Account", spec.serviceAccountName);
  to.field(0, "Node", spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ""}` : "<none>");
  if (status.startTime !== undefined) to.field(0, "Start Time", longTime(status.startTime));
  to.labels("Labels", metadata.labels);
  to.annotations("Annotations", metadata.annotations);
  if (metadata.deletionTimestamp && status.phase !== "Failed" && status.phase !== "Succeeded") {
    to.field(0, "Status", `Terminating (lasts ${to.age(metadata.deletionTimestamp)})`);
    to.field(0, "Termination Grace Period", `${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else to.field(0, "Status", status.phase);
  if (status.reason) to.field(0, "Reason", status.reason);
  if (status.message) to.field(0, "Message", status.message);
  const profile = spec.securityContext?.seccompProfile;
  if (profile !== undefined) to.field(0, "SeccompProfile", profile.type);
  if (profile?.type === "Localhost") to.field(0, "LocalhostProfile", profile.localhostProfile);
  to.field(0, "IP", status.podIP);
  to.write(0, status.podIPs?.length ? "IPs:\n" : "IPs:\t<none>\n");
  for (const { ip } of status.podIPs ?? []) to.field(1, "IP", ip);
  const controller = controllerText(metadata);
  if (controller !== "") to.field(0, "Controlled By", controller);
  if (status.nominatedNodeName) to.field(0, "NominatedNodeName", status.nominatedNodeName);
  if (spec.resources === undefined) return;
  to.write(0, "Resources:\n");
  describeResources(spec.resources, to, 1);
}

function describeConditions({ spec, status }: Pod, to: Description): void {
  const conditions = status.conditions ?? [];
  if (spec.readinessGates?.length) {
    to.write(0, "Readiness Gates:\n  Type\tStatus\n");
    for (const { conditionType } of spec.readinessGates) {
      to.write(1, `${conditionType} \t${conditions.find(({ type }) => type === conditionType)?.status ?? "<none>"} \n`);
    }
  }
  if (conditions.length > 0) to.write(0, "Conditions:\n  Type\tStatus\n");
  for (const { type, status: state } of conditions) to.write(1, `${type} \t${state} \n`);
}

/** A workload's pod template. */
export function describePodTemplate(template: PodTemplateSpec | undefined, to: Description): void {
  to.write(0, "Pod Template:\n");
  if (template === undefined) {
    to.write(1, "<unset>");
    return;
  }
  const { metadata, spec } = template;
  to.labels("  Labels", metadata?.labels);
  if (Object.keys(metadata?.annotations ?? {}).length > 0) to.annotations("  Annotations", metadata?.annotations);
  if (spec?.serviceAccountName) to.field(1, "Service Account", spec.serviceAccountName);
  if (spec?.initContainers?.length) describeContainers({ title: "Init Containers", space: "  ", containers: spec.initContainers }, to);
  describeContainers({ title: "Containers", space: "  ", containers: spec?.containers ?? [] }, to);
  describeVolumes(spec?.volumes, to, "  ");
  describeSpread(spec?.topologySpreadConstraints, to, "  ");
  if (spec?.priorityClassName) to.field(1, "Priority Class Name", spec.priorityClassName);
  to.labels("  Node-Selectors", spec?.nodeSelector);
  describeTolerations("  Tolerations", spec?.tolerations, to);
}

/** "ReplicaSet/web-5d8f", or nothing. */
export function controllerText(metadata: ObjectMeta): string {
  const owner = controllerOf(metadata);
  return owner === undefined ? "" : `${owner.kind}/${owner.name}`;
}

function describeTolerations(title: string, tolerations: readonly Toleration[] | undefined, to: Description): void {
  const sorted = [...(tolerations ?? [])].sort((a, b) => ((a.key ?? "") < (b.key ?? "") ? -1 : Number((a.key ?? "") > (b.key ?? ""))));
  to.multiline(title, sorted.map(tolerationText));
}

function tolerationText({ key = "", value = "", effect = "", operator, tolerationSeconds }: Toleration): string {
  let text = key;
  if (value !== "") text += `=${value}`;
  if (effect !== "") text += `:${effect}`;
  if (operator === "Exists" && value === "") text += key !== "" || effect !== "" ? " op=Exists" : "op=Exists";
  return tolerationSeconds === undefined ? text : `${text} for ${tolerationSeconds}s`;
}

function describeSpread(constraints: readonly TopologySpreadConstraint[] | undefined, to: Description, space: string): void {
  if (constraints === undefined || constraints.length === 0) return;
  const sorted = constraints.toSorted((a, b) => (a.topologyKey < b.topologyKey ? -1 : 1));
  const lines = sorted.map(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }) => {
    const selector = labelSelector === undefined ? "" : ` for selector ${selectorText(labelSelector)}`;
    return `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${selector}`;
  });
  to.multiline("Topology Spread Constraints", lines, space);
}
