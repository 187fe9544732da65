// Behaviour: ValidateJob and ValidateJobUpdate in k8s.io/kubernetes/pkg/apis/batch/validation, with the options of pkg/registry/batch/job.
import { type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { Job, JobSpec } from "../../../api/generated/types/batch/v1.ts";
import type { Container, PodSpec, PodTemplateSpec } from "../../../api/generated/types/core/v1.ts";
import { isDNS1123Label } from "../../../api/name-validation.ts";
import { immutable } from "../shared/field-checks.ts";
import { internalForm, sortedMap } from "../shared/internal-form.ts";
import { selectorOf, shownSelector } from "../shared/label-selector.ts";
import { validateJobSpec } from "./job-spec-validation.ts";
import { hasCondition } from "./job-conditions.ts";

const SPEC = new FieldPath("spec");
const METADATA = new FieldPath("metadata");

/** Names the job that a pod is of. */
export const JOB_NAME_LABEL = "batch.kubernetes.io/job-name";
/** Tells the uid of the job that a pod is of. */
export const CONTROLLER_UID_LABEL = "batch.kubernetes.io/controller-uid";
/** The job's name in the label that old clients look for. */
export const LEGACY_JOB_NAME_LABEL = "job-name";
/** The job's uid in the label that old clients look for. */
export const LEGACY_CONTROLLER_UID_LABEL = "controller-uid";

/** What is wrong with a job; of old jobs the labels with a domain are not required. */
export function validateJob(job: Job, requiresPrefixedLabels = true): FieldError[] {
  const { metadata, spec } = job;
  const errors = [...validateGeneratedSelector(job, requiresPrefixedLabels), ...validateJobSpec(spec, SPEC)];
  if (spec.completionMode !== "Indexed" || (spec.completions ?? 0) <= 0) return errors;
  const lastPod = `${metadata.name ?? ""}-${(spec.completions ?? 0) - 1}`;
  if (isDNS1123Label(lastPod).length === 0) return errors;
  return [...errors, invalidValue(METADATA.child("name"), metadata.name ?? "", `will not able to create pod with invalid DNS label: ${lastPod}`)];
}

/** All that is wrong with the update of a job. */
export function validateJobUpdate(next: Job, old: Job): FieldError[] {
  const labels = old.spec.template.metadata?.labels ?? {};
  return [
    ...validateJob(next, JOB_NAME_LABEL in labels && CONTROLLER_UID_LABEL in labels),
    ...validateJobSpec(next.spec, SPEC),
    ...validateCompletionsUpdate(next.spec, old.spec),
    ...immutable(next.spec.selector, old.spec.selector, SPEC.child("selector"), shownSelector(next.spec.selector)),
    ...validateTemplateUpdate(next.spec, old),
    ...immutable(next.spec.completionMode, old.spec.completionMode, SPEC.child("completionMode")),
    ...immutable(next.spec.podFailurePolicy, old.spec.podFailurePolicy, SPEC.child("podFailurePolicy"), internalForm("batch.v1.PodFailurePolicy", next.spec.podFailurePolicy)),
    ...immutable(next.spec.backoffLimitPerIndex, old.spec.backoffLimitPerIndex, SPEC.child("backoffLimitPerIndex")),
    ...immutable(next.spec.managedBy, old.spec.managedBy, SPEC.child("managedBy")),
    ...immutable(next.spec.successPolicy, old.spec.successPolicy, SPEC.child("successPolicy"), internalForm("batch.v1.SuccessPolicy", next.spec.successPolicy)),
  ];
}

function validateGeneratedSelector({ metadata, spec }: Job, requiresPrefixedLabels: boolean): FieldError[] {
  if (spec.manualSelector === true || spec.selector === undefined) return [];
  const { name = "", uid = "" } = metadata;
  const expected: Record<string, string> = { [LEGACY_CONTROLLER_UID_LABEL]: uid, [LEGACY_JOB_NAME_LABEL]: name };
  if (requiresPrefixedLabels) Object.assign(expected, { [CONTROLLER_UID_LABEL]: uid, [JOB_NAME_LABEL]: name });
  const errors = Object.entries(expected).flatMap(([label, value]) => validateHasLabel(spec.template.metadata?.labels, label, value));
  if (uid === "") errors.unshift(requiredValue(METADATA.child("uid")));
  const selector = selectorOf(spec.selector);
  if (selector !== undefined && !selector.matches(expected)) errors.push(invalidValue(SPEC.child("selector"), shownSelector(spec.selector), "`selector` not auto-generated"));
  return errors;
}

function validateHasLabel(labels: Readonly<Record<string, string>> = {}, label: string, value: string): FieldError[] {
  const path = SPEC.child("template", "metadata", "labels").key(label);
  if (labels[label] === undefined) return [requiredValue(path, `must be '${value}'`)];
  return labels[label] === value ? [] : [invalidValue(path, sortedMap(labels), `must be '${value}'`)];
}

/** An indexed job can be resized, with as many pods as completions. */
function validateCompletionsUpdate(next: JobSpec, old: JobSpec): FieldError[] {
  const path = SPEC.child("completions");
  if (next.completionMode !== "Indexed") return immutable(next.completions, old.completions, path);
  if (next.completions === undefined || next.completions === old.completions || next.completions === next.parallelism) return [];
  return [invalidValue(path, next.completions, "can only be modified in tandem with spec.parallelism")];
}

/** The template stays, but for where and with what the pods of a suspended job will run. */
function validateTemplateUpdate(next: JobSpec, old: Job): FieldError[] {
  const path = SPEC.child("template");
  const { template } = next;
  const { startTime, active = 0, conditions } = old.status;
  const isSuspended = old.spec.suspend === true;
  const isIdle = isSuspended && (!startTime || hasCondition(conditions, "Suspended")) && active === 0;
  const before = isIdle ? withScheduling(old.spec.template, template) : old.spec.template;
  if (!isIdle) return immutable(template, before, path, internalForm("core.v1.PodTemplateSpec", template));
  const podBefore = withResources(before.spec, template.spec);
  return immutable(template.spec, podBefore, path.child("spec"), internalForm("core.v1.PodSpec", template.spec));
}

/** The old template with the new one's scheduling: its choice of nodes, tolerations and gates, and its labels and annotations. */
function withScheduling(old: PodTemplateSpec, next: PodTemplateSpec): PodTemplateSpec {
  const { nodeSelector, tolerations, schedulingGates, affinity } = next.spec ?? {};
  const { nodeAffinity: _oldNodes, ...others } = old.spec?.affinity ?? {};
  const kept = { ...others, ...(affinity?.nodeAffinity !== undefined && { nodeAffinity: affinity.nodeAffinity }) };
  const isEmpty = affinity === undefined && Object.keys(others).length === 0;
  const { affinity: _oldAffinity, ...spec } = old.spec ?? { containers: [] };
  return {
    ...old,
    metadata: { ...old.metadata, labels: next.metadata?.labels, annotations: next.metadata?.annotations },
    spec: { ...spec, nodeSelector, tolerations, schedulingGates, ...(!isEmpty && { affinity: kept }) },
  } as PodTemplateSpec;
}

function withResources(old: PodSpec | undefined, next: PodSpec | undefined): PodSpec {
  const take = (containers: readonly Container[] = [], from: readonly Container[] = []): Container[] => {
    if (containers.length !== from.length) return [...containers];
    return containers.map((container, index) => (from[index]?.name === container.name ? ({ ...container, resources: from[index]?.resources } as Container) : container));
  };
  return { ...old, containers: take(old?.containers, next?.containers), ...(old?.initContainers !== undefined && { initContainers: take(old.initContainers, next?.initContainers) }) };
}
