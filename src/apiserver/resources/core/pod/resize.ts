// Behaviour: podResizeStrategy in k8s.io/kubernetes/pkg/registry/core/pod and ValidatePodResize.
import { type FieldError, FieldPath, forbiddenField, invalidValue } from "../../../../api/field-errors.ts";
import type { Container, Pod, PodSpec, ResourceRequirements } from "../../../../api/generated/types/core/v1.ts";
import type { SubresourceStrategy } from "../../../resource.ts";
import { MIRROR_POD_ANNOTATION } from "../../shared/pod-spec/annotations.ts";
import type { ResourceList } from "../../shared/resource-list.ts";
import { semanticEqual } from "../../shared/semantic-equal.ts";
import { keepMetadata } from "./metadata.ts";
import { qualityOfService } from "./quality-of-service.ts";
import { SPEC, validatePodAndAnnotations } from "./validation.ts";

/** Changes the CPU and memory of a running pod's containers and nothing else. */
export const resizeSubresource: SubresourceStrategy<Pod> = {
  prepareForUpdate(next, old) {
    if ((["containers", "initContainers"] as const).some((field) => (next.spec[field] ?? []).length !== (old.spec[field] ?? []).length)) return;
    const { resources } = next.spec;
    const containers = resized(next.spec.containers, old.spec.containers);
    const initContainers = resized(next.spec.initContainers ?? [], old.spec.initContainers ?? []);
    next.spec = { ...old.spec, containers, ...(old.spec.initContainers && { initContainers }), ...(resources && { resources }) };
    if (resources === undefined) delete next.spec.resources;
    next.status = old.status;
    keepMetadata(next, old);
  },
  validateUpdate: validateResize,
};

/** The old containers with the new resources; renamed ones are left for validation to find. */
function resized(next: readonly Container[], old: readonly Container[]): Container[] {
  if (next.some((container, index) => container.name !== old[index]?.name)) return [...next];
  return next.map((container, index) => {
    const { resizePolicy: _policy, ...rest } = old[index] ?? container;
    return { ...rest, resources: container.resources, ...(container.resizePolicy && { resizePolicy: container.resizePolicy }) };
  });
}

function validateResize(next: Pod, old: Pod): FieldError[] {
  const whole = new FieldPath();
  if (old.metadata.annotations?.[MIRROR_POD_ANNOTATION] !== undefined) return [forbiddenField(whole, "static pods cannot be resized")];
  if (old.spec.os?.name === "windows") return [forbiddenField(whole, "windows pods cannot be resized")];
  const errors = validatePodAndAnnotations(next);
  if ((old.status.qosClass ?? qualityOfService(old)) !== qualityOfService(next)) {
    errors.push(invalidValue(SPEC, next.status.qosClass ?? "", "Pod QOS Class may not change as a result of resizing"));
  }
  const running = (old.status.containerStatuses ?? []).find((status) => status.state?.running !== undefined);
  if (running !== undefined && running.resources === undefined) errors.push(forbiddenField(SPEC, "Pod running on node without support for resize"));
  const munged: PodSpec = structuredClone(next.spec);
  errors.push(...validatePodLevel(next.spec.resources, old.spec.resources, munged));
  const order = validateOrder(next.spec, old.spec);
  if (order.length > 0) return [...errors, ...order];
  errors.push(...validateRemoved(next.spec, old.spec), ...validateContainers(munged, old.spec));
  if (errors.length > 0) return errors;
  return semanticEqual(munged, old.spec) ? [] : [forbiddenField(SPEC, "only cpu and memory resources are mutable")];
}

function validatePodLevel(next: ResourceRequirements | undefined, old: ResourceRequirements | undefined, munged: PodSpec): FieldError[] {
  const path = SPEC.child("resources");
  if (old === undefined && next === undefined) return [];
  if (next === undefined) return [forbiddenField(path, "pod-level resources cannot be removed")];
  const errors: FieldError[] = [];
  if (old !== undefined && isRemoved(next.requests, old.requests)) errors.push(forbiddenField(path.child("requests"), "pod-level resource requests cannot be removed"));
  if (old !== undefined && isRemoved(next.limits, old.limits)) errors.push(forbiddenField(path.child("limits"), "pod-level resource limits cannot be removed"));
  munged.resources = withoutComputeChanges(next, old ?? {});
  if (old === undefined && Object.keys({ ...munged.resources.limits, ...munged.resources.requests }).length === 0) delete munged.resources;
  return semanticEqual(munged.resources, old) ? errors : [...errors, forbiddenField(SPEC, "only cpu and memory resources are mutable at pod-level")];
}

function validateOrder(next: PodSpec, old: PodSpec): FieldError[] {
  return (["containers", "initContainers"] as const).flatMap((field) => {
    const [containers, before] = [next[field] ?? [], old[field] ?? []];
    const path = SPEC.child(field);
    if (containers.length !== before.length) return [forbiddenField(path, `${field} may not be added or removed on resize`)];
    return before.flatMap(({ name }, index) => (containers[index]?.name === name ? [] : [forbiddenField(path.index(index).child("name"), `${field} may not be renamed or reordered on resize`)]));
  });
}

function validateRemoved(next: PodSpec, old: PodSpec): FieldError[] {
  return (["initContainers", "containers"] as const).flatMap((field) =>
    (old[field] ?? []).flatMap((container, index) => {
      const resources = next[field]?.[index]?.resources;
      const path = SPEC.child(field).index(index).child("resources");
      return [
        ...(isRemoved(resources?.requests, container.resources.requests) ? [forbiddenField(path.child("requests"), "resource requests cannot be removed")] : []),
        ...(isRemoved(resources?.limits, container.resources.limits) ? [forbiddenField(path.child("limits"), "resource limits cannot be removed")] : []),
      ];
    }),
  );
}

function validateContainers(munged: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, container] of munged.containers.entries()) {
    container.resources = withoutComputeChanges(container.resources, old.containers[index]?.resources ?? {});
    if (!semanticEqual(container, old.containers[index])) errors.push(forbiddenField(SPEC, "only cpu and memory resources are mutable"));
  }
  for (const [index, container] of (munged.initContainers ?? []).entries()) {
    const before = old.initContainers?.[index];
    const path = SPEC.child("initContainers").index(index);
    const changed = !semanticEqual(container, before);
    container.resources = withoutComputeChanges(container.resources, before?.resources ?? {});
    if (!semanticEqual(container, before)) errors.push(forbiddenField(path, "only cpu and memory resources for init or sidecar containers are mutable"));
    if (!changed || container.restartPolicy === "Always") continue;
    const restarting = (container.resizePolicy ?? []).filter((policy) => policy.restartPolicy === "RestartContainer");
    errors.push(...restarting.map(() => forbiddenField(path, "non-sidecar init containers with a resize policy of RestartContainer cannot be resized")));
  }
  return errors;
}

function withoutComputeChanges(next: ResourceRequirements, old: ResourceRequirements): ResourceRequirements {
  const munge = (list: ResourceList | undefined, before: ResourceList | undefined): ResourceList | undefined => {
    if (list === undefined && before === undefined) return undefined;
    const { cpu: _cpu, memory: _memory, ...others } = list ?? {};
    const { cpu, memory } = before ?? {};
    return { ...others, ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
  };
  return { limits: munge(next.limits, old.limits), requests: munge(next.requests, old.requests) };
}

function isRemoved(next: ResourceList | undefined, old: ResourceList | undefined): boolean {
  return Object.keys(old ?? {}).some((name) => next?.[name] === undefined);
}
