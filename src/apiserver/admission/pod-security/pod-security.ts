// Behaviour: plugin/pkg/admission/security/podsecurity and k8s.io/pod-security-admission/admission: pods within their namespace's policy.
import { forbidden, internalError, invalid } from "../../../api/errors.ts";
import type { Namespace, Pod, PodTemplateSpec } from "../../../api/generated/types/core/v1.ts";
import type { KubernetesObject, UnstructuredObject } from "../../../api/object.ts";
import { namespaces, pods } from "../../../api/resource-refs.ts";
import { controllerOf } from "../../../api/owner-references.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import { isAbout, nameOf } from "../attributes.ts";
import type { CheckedPod, Violation } from "./check.ts";
import { describeViolations, violationsOf } from "./evaluation.ts";
import { type LevelVersion, type Policy, compareLevels, formatLevel, policyOf } from "./policy.ts";

const ANNOTATIONS = "pod-security.kubernetes.io/";
const IGNORED_SUBRESOURCES = new Set(["exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status", "token"]);
const MAX_PODS_TO_CHECK = 3000;

/** Where other kinds keep the template of their pods. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  "/podtemplates": ["template"],
  "/replicationcontrollers": ["spec", "template"],
  "apps/daemonsets": ["spec", "template"],
  "apps/deployments": ["spec", "template"],
  "apps/replicasets": ["spec", "template"],
  "apps/statefulsets": ["spec", "template"],
  "batch/cronjobs": ["spec", "jobTemplate", "spec", "template"],
  "batch/jobs": ["spec", "template"],
};

/** Refuses pods that their namespace's policy forbids, and warns of what will make such pods. */
export const podSecurity: AdmissionStep = {
  name: "PodSecurity",
  validate(request) {
    const { resource, operation, subresource, object } = request;
    if (object === undefined || (operation !== "CREATE" && operation !== "UPDATE")) return;
    if (isAbout(request, "", "namespaces")) return checkNamespace(request, object as unknown as Namespace);
    if (resource.group === "" && resource.resource === "pods") {
      if (IGNORED_SUBRESOURCES.has(subresource)) return;
      return checkPod(request, object as unknown as Pod);
    }
    const path = subresource === "" ? TEMPLATES[`${resource.group}/${resource.resource}`] : undefined;
    if (path !== undefined) checkTemplate(request, templateAt(object, path));
  },
};

function checkNamespace(request: AdmissionRequest, namespace: Namespace): void {
  const name = nameOf(request);
  const { policy, errors } = policyOf(namespace.metadata.labels);
  const refusal = () => invalid({ group: "", kind: "Namespace" }, name, errors);
  if (request.operation === "CREATE") {
    if (errors.length > 0) throw refusal();
    return;
  }
  const before = policyOf(request.old?.metadata.labels);
  const messages = (list: typeof errors) => list.map(({ message }) => message).join("\n");
  if (errors.length > 0 && messages(errors) !== messages(before.errors)) throw refusal();
  const [next, old] = [policy.enforce, before.policy.enforce];
  if (next.level === "privileged" || (next.version === old.version && compareLevels(next.level, old.level) <= 0)) return;
  for (const warning of existingViolations(request.context.lookupAll<Pod & KubernetesObject>(pods, name), name, next)) request.warn(warning);
}

/** Warnings of the pods that are there already; those alike are named together. */
function existingViolations(all: readonly (Pod & KubernetesObject)[], namespace: string, enforce: LevelVersion): string[] {
  const prioritized = onePerController(all);
  const checked = prioritized.slice(0, MAX_PODS_TO_CHECK);
  const names = new Map<string, string[]>();
  for (const { metadata, spec } of checked) {
    const violations = violationsOf({ annotations: metadata.annotations ?? {}, spec }, enforce);
    if (violations.length === 0) continue;
    const reasons = violations.map(({ reason }) => reason).join(", ");
    names.set(reasons, [...(names.get(reasons) ?? []), metadata.name ?? ""]);
  }
  const warnings = [...names].map(([reasons, of]) => `${of.toSorted()[0]}${others(of.length - 1)}: ${reasons}`).sort();
  return [
    ...(checked.length < prioritized.length ? [`new PodSecurity enforce level only checked against the first ${checked.length} of ${prioritized.length} existing pods`] : []),
    ...(warnings.length > 0 ? [`existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${JSON.stringify(formatLevel(enforce))}`] : []),
    ...warnings,
  ];
}

function others(count: number): string {
  if (count === 0) return "";
  return count === 1 ? " (and 1 other pod)" : ` (and ${count} other pods)`;
}

/** Replicas are alike: one of each controller comes first, the rest last. */
function onePerController(all: readonly (Pod & KubernetesObject)[]): readonly (Pod & KubernetesObject)[] {
  const seen = new Set<string>();
  const [first, rest]: [(Pod & KubernetesObject)[], (Pod & KubernetesObject)[]] = [[], []];
  for (const pod of all) {
    const owner = controllerOf(pod.metadata)?.uid;
    (owner !== undefined && seen.has(owner) ? rest : first).push(pod);
    if (owner !== undefined) seen.add(owner);
  }
  return [...first, ...rest];
}

function checkPod(request: AdmissionRequest, pod: Pod): void {
  const policy = namespacePolicy(request);
  if (isPrivileged(policy.enforce) && isPrivileged(policy.audit) && isPrivileged(policy.warn)) {
    request.annotate?.(`${ANNOTATIONS}enforce-policy`, formatLevel({ level: "privileged", version: Infinity }));
    return;
  }
  if (request.operation === "UPDATE" && request.old !== undefined && !isSignificant(pod, request.old as Pod)) return;
  const checked = { annotations: pod.metadata.annotations ?? {}, spec: pod.spec };
  request.annotate?.(`${ANNOTATIONS}enforce-policy`, formatLevel(policy.enforce));
  const violations = violationsOf(checked, policy.enforce);
  audit(request, checked, policy.audit);
  if (violations.length > 0) throw forbidden(request.resource, nameOf(request), `violates PodSecurity ${sentence(policy.enforce, violations)}`);
  warn(request, checked, policy.warn);
}

function checkTemplate(request: AdmissionRequest, template: PodTemplateSpec | undefined): void {
  if (template?.spec === undefined) return;
  const policy = namespacePolicy(request);
  if (isPrivileged(policy.warn) && isPrivileged(policy.audit)) return;
  const checked = { annotations: template.metadata?.annotations ?? {}, spec: template.spec };
  audit(request, checked, policy.audit);
  warn(request, checked, policy.warn);
}

function audit(request: AdmissionRequest, pod: CheckedPod, level: LevelVersion): void {
  const violations = violationsOf(pod, level);
  if (violations.length > 0) request.annotate?.(`${ANNOTATIONS}audit-violations`, `would violate PodSecurity ${sentence(level, violations)}`);
}

function warn(request: AdmissionRequest, pod: CheckedPod, level: LevelVersion): void {
  const violations = violationsOf(pod, level);
  if (violations.length > 0) request.warn(`would violate PodSecurity ${sentence(level, violations)}`);
}

function sentence(level: LevelVersion, violations: readonly Violation[]): string {
  return `${JSON.stringify(formatLevel(level))}: ${describeViolations(violations)}`;
}

function namespacePolicy(request: AdmissionRequest): Policy {
  const namespace = request.context.lookup<Namespace & KubernetesObject>(namespaces, "", request.namespace);
  if (namespace === undefined) throw internalError(`failed to lookup namespace ${JSON.stringify(request.namespace)}`);
  const { policy, errors } = policyOf(namespace.metadata.labels);
  if (errors.length > 0) request.annotate?.(`${ANNOTATIONS}error`, `Failed to parse policy: ${errors.map(({ message }) => message).join(", ")}`);
  return policy;
}

function isPrivileged({ level }: LevelVersion): boolean {
  return level === "privileged";
}

/** Of what may change in a pod, images and new containers matter. */
function isSignificant({ spec }: Pod, { spec: old }: Pod): boolean {
  const differs = (next: readonly { image?: string }[], before: readonly { image?: string }[]) => next.length !== before.length || next.some(({ image }, index) => image !== before[index]?.image);
  if (differs(spec.containers, old.containers) || differs(spec.initContainers ?? [], old.initContainers ?? [])) return true;
  return (spec.ephemeralContainers ?? []).some(({ name, image }) => (old.ephemeralContainers ?? []).find((other) => other.name === name)?.image !== image);
}

function templateAt(object: UnstructuredObject, path: readonly string[]): PodTemplateSpec | undefined {
  return path.reduce<unknown>((value, field) => (value as Record<string, unknown> | undefined)?.[field], object) as PodTemplateSpec | undefined;
}
