// Behaviour: ValidatePodTemplateSpec in k8s.io/kubernetes/pkg/apis/core/validation, and GetWarningsForPodTemplate in pkg/api/pod.
import { unsetList } from "../../../api/decode.ts";
import { type FieldError, type FieldPath, forbiddenField } from "../../../api/field-errors.ts";
import type { PodSpec, PodTemplateSpec } from "../../../api/generated/types/core/v1.ts";
import { isDNS1123Label } from "../../../api/name-validation.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import { validateAnnotations, validateLabels } from "../../object-meta-validation.ts";
import { dropDisabledPodFields } from "./disabled-pod-fields.ts";
import { dropInitContainerAnnotations } from "./init-container-annotations.ts";
import { defaultPodSpec } from "./pod-spec-defaults.ts";
import { podSpecWarnings } from "./pod-spec-warnings.ts";
import { validatePodAnnotations } from "./pod-spec/annotations.ts";
import { validateAppArmorMatch, validateSeccompMatch } from "./pod-spec/profile-annotations.ts";
import { validatePodSpec } from "./pod-spec/pod-spec.ts";

/** Fills the defaults of a pod template. */
export function defaultPodTemplate(template: PodTemplateSpec): void {
  dropInitContainerAnnotations(template.metadata);
  dropDisabledPodFields(template.spec);
  defaultPodSpec(templateSpec(template));
}

/** What is wrong with a pod template. */
export function validatePodTemplate(template: PodTemplateSpec, path: FieldPath): FieldError[] {
  const spec = templateSpec(template);
  const { labels, annotations = {} } = template.metadata ?? {};
  const specPath = path.child("spec");
  return [
    ...validateLabels(labels, path.child("labels")),
    ...validateAnnotations(annotations, path.child("annotations")),
    ...validatePodAnnotations(annotations, spec, path.child("annotations")),
    ...validatePodSpec(spec, undefined, specPath),
    ...validateSeccompMatch(annotations, spec, specPath),
    ...validateAppArmorMatch(annotations, spec, specPath),
    ...((spec.ephemeralContainers ?? []).length > 0 ? [forbiddenField(specPath.child("ephemeralContainers"), "ephemeral containers not allowed in pod template")] : []),
  ];
}

/** Warnings about a workload's pods: its name becomes part of theirs, its template becomes theirs. */
export function podTemplateWarnings(
  workload: KubernetesObject,
  template: PodTemplateSpec | undefined,
  old: KubernetesObject | undefined,
  field = "spec.template",
): string[] {
  if (template === undefined || (old !== undefined && old.metadata.generation === workload.metadata.generation)) return [];
  const warnings = old === undefined ? nameWarnings(workload.metadata.name ?? "") : [];
  return [...warnings, ...templateWarnings(template, field)];
}

/** Warnings about a template alone. */
export function templateWarnings(template: PodTemplateSpec, field = "spec.template"): string[] {
  return podSpecWarnings(asPod(template), { field, isPod: false });
}

/** Warns of a name that no host can have. */
export function nameWarnings(name: string): string[] {
  const problems = isDNS1123Label(name);
  if (problems.length === 0) return [];
  return [`metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`];
}

function asPod(template: PodTemplateSpec): { metadata: NonNullable<PodTemplateSpec["metadata"]>; spec: PodSpec } {
  return { metadata: template.metadata ?? {}, spec: templateSpec(template) };
}

/** The template's pod spec, which decoding has put there. */
function templateSpec(template: PodTemplateSpec): PodSpec {
  template.spec ??= { containers: unsetList() };
  return template.spec;
}
