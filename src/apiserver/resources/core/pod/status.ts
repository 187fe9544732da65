// Behaviour: podStatusStrategy in k8s.io/kubernetes/pkg/registry/core/pod and ValidatePodStatusUpdate.
import { isIPv6 } from "node:net";
import { duplicateValue, type FieldError, FieldPath, forbiddenField, invalidValue } from "../../../../api/field-errors.ts";
import type { Container, ContainerStatus, Pod, PodSpec, PodStatus } from "../../../../api/generated/types/core/v1.ts";
import type { SubresourceStrategy } from "../../../resource.ts";
import { ipAddress } from "../../shared/addresses.ts";
import { dnsSubdomain, immutable, qualifiedName } from "../../shared/field-checks.ts";
import { validateAnnotationUpdates } from "./annotation-updates.ts";

const STATUS = new FieldPath("status");

/** Reports of how a pod fares; what identifies it or says what it should be is not theirs to change. */
export const podStatusSubresource: SubresourceStrategy<Pod> = {
  prepareForUpdate(next, old) {
    next.spec = old.spec;
    const { metadata } = next;
    if (old.metadata.deletionTimestamp === undefined) delete metadata.deletionTimestamp;
    else metadata.deletionTimestamp = old.metadata.deletionTimestamp;
    if (old.metadata.ownerReferences === undefined) delete metadata.ownerReferences;
    else metadata.ownerReferences = old.metadata.ownerReferences;
    if (!next.status.qosClass && old.status.qosClass) next.status.qosClass = old.status.qosClass;
    alignAddresses(next.status);
    keepObservedGenerations(next.status, old.status);
  },
  validateUpdate: validatePodStatus,
};

/** podIP and podIPs say the same; the single one wins. */
function alignAddresses(status: PodStatus): void {
  const first = status.podIPs?.[0]?.ip;
  if (status.podIP && status.podIP !== first) status.podIPs = [{ ip: status.podIP }];
  else if (first) status.podIP = first;
}

function keepObservedGenerations(next: PodStatus, old: PodStatus): void {
  if (!next.observedGeneration && old.observedGeneration) next.observedGeneration = old.observedGeneration;
  const before = [...(old.conditions ?? [])];
  for (const condition of next.conditions ?? []) {
    const index = before.findIndex((other) => other.type === condition.type);
    const [former] = index === -1 ? [] : before.splice(index, 1);
    if (!condition.observedGeneration && former?.observedGeneration) condition.observedGeneration = former.observedGeneration;
  }
}

function validatePodStatus(next: Pod, old: Pod): FieldError[] {
  const { status } = next;
  return [
    ...validateAnnotationUpdates(next, old),
    ...validateConditions(status),
    ...(status.nominatedNodeName && status.nominatedNodeName !== old.status.nominatedNodeName ? dnsSubdomain(status.nominatedNodeName, STATUS.child("nominatedNodeName")) : []),
    ...((status.observedGeneration ?? 0) < 0 ? [invalidValue(STATUS.child("observedGeneration"), status.observedGeneration, "must be a non-negative integer")] : []),
    ...immutable(status.qosClass, old.status.qosClass, STATUS.child("qosClass"), status.qosClass ?? ""),
    ...validateTransitions("containerStatuses", next, old, old.spec.containers),
    ...validateTransitions("initContainerStatuses", next, old, old.spec.initContainers ?? []),
    ...validateTransitions("ephemeralContainerStatuses", next, old, []),
    ...validateClaimStatuses(next),
    ...validateAddresses(next, old),
  ];
}

function validateConditions({ conditions = [] }: PodStatus): FieldError[] {
  return conditions.flatMap(({ type, observedGeneration = 0 }, index) => {
    const path = STATUS.child("conditions").index(index);
    const errors = observedGeneration < 0 ? [invalidValue(path.child("observedGeneration"), observedGeneration, "must be a non-negative integer")] : [];
    return ["PodScheduled", "Ready", "Initialized"].includes(type) ? errors : [...errors, ...qualifiedName(type, path.child("Type"))];
  });
}

/** A container that ended stays ended, unless its policy restarts it. */
function validateTransitions(list: "containerStatuses" | "initContainerStatuses" | "ephemeralContainerStatuses", next: Pod, old: Pod, containers: readonly Container[]): FieldError[] {
  if (list !== "ephemeralContainerStatuses" && restartsAll(old.spec)) return [];
  return (old.status[list] ?? []).flatMap((before, index) => {
    const terminated = before.state?.terminated;
    const now = next.status[list]?.find((status) => status.name === before.name);
    if (terminated === undefined || now === undefined || now.state?.terminated !== undefined) return [];
    const container = containers.find(({ name }) => name === before.name);
    if (container !== undefined && restartsAfter(container, old.spec, terminated.exitCode)) return [];
    return [forbiddenField(STATUS.child(list).index(index).child("state"), "may not be transitioned to non-terminated state")];
  });
}

function restartsAll(spec: PodSpec): boolean {
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].some((container) => (container.restartPolicyRules ?? []).some((rule) => rule.action === "RestartAllContainers"));
}

function restartsAfter(container: Container, spec: PodSpec, exitCode: number): boolean {
  for (const { action, exitCodes } of container.restartPolicyRules ?? []) {
    const listed = (exitCodes?.values ?? []).includes(exitCode);
    if (exitCodes !== undefined && action === "Restart" && listed === (exitCodes.operator === "In")) return true;
  }
  const policy: ContainerStatus["name"] = container.restartPolicy ?? spec.restartPolicy ?? "Always";
  return policy === "Always" || (policy === "OnFailure" && exitCode !== 0);
}

function validateClaimStatuses({ spec, status }: Pod): FieldError[] {
  const names = (status.resourceClaimStatuses ?? []).map(({ name }) => name);
  return (status.resourceClaimStatuses ?? []).flatMap(({ name, resourceClaimName }, index) => {
    const path = STATUS.child("resourceClaimStatuses").index(index);
    const known = (spec.resourceClaims ?? []).some((claim) => claim.name === name);
    return [
      ...(known ? [] : [invalidValue(path.child("name"), name, "must match the name of an entry in `spec.resourceClaims`")]),
      ...(names.indexOf(name) < index ? [duplicateValue(path.child("name"), name)] : []),
      ...(resourceClaimName === undefined ? [] : dnsSubdomain(resourceClaimName, path.child("resourceClaimName"))),
    ];
  });
}

function validateAddresses(next: Pod, old: Pod): FieldError[] {
  const hosts = next.status.hostIPs ?? [];
  const path = STATUS.child("hostIPs");
  const first = hosts[0]?.ip ?? "";
  const differs = hosts.length > 0 && first !== (next.status.hostIP ?? "");
  return [
    ...validateFamilies(next.status.podIPs ?? [], old.status.podIPs ?? [], STATUS.child("podIPs")),
    ...(differs ? [invalidValue(path.index(0).child("ip"), first, "must be equal to `hostIP`")] : []),
    ...validateFamilies(hosts, old.status.hostIPs ?? [], path),
  ];
}

function validateFamilies(addresses: readonly { ip: string }[], old: readonly { ip: string }[], path: FieldPath): FieldError[] {
  const before = old.map(({ ip }) => ip);
  const errors = addresses.flatMap(({ ip }, index) => ipAddress(ip, path.index(index), before));
  const isDual = addresses.length === 2 && addresses.filter(({ ip }) => isIPv6(ip)).length === 1;
  if (addresses.length < 2 || isDual) return errors;
  const shown = addresses.map(({ ip }) => ({ IP: ip }));
  return [...errors, invalidValue(path, shown, "may specify no more than one IP for each IP family")];
}
