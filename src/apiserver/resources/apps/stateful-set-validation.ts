// Behaviour: ValidateStatefulSet* in k8s.io/kubernetes/pkg/apis/apps/validation.
import { type FieldError, FieldPath, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import type { StatefulSet, StatefulSetSpec } from "../../../api/generated/types/apps/v1.ts";
import type { PodTemplateSpec } from "../../../api/generated/types/core/v1.ts";
import { validateAnnotations, validateLabels } from "../../object-meta-validation.ts";
import { dnsLabel, nonNegative, notMoreThanHundredPercent, positiveIntOrPercent } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { isEmptySelector, selectorOf, shownSelector, validateLabelSelector } from "../shared/label-selector.ts";
import { validatePodAnnotations } from "../shared/pod-spec/annotations.ts";
import { validateClaimSpec } from "../shared/pod-spec/claim-spec.ts";
import { validatePodTemplate } from "../shared/pod-template.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";
import { alwaysRestarts, intOrPercentOf, selectorMatchesTemplate } from "./workload-validation.ts";

const SPEC = new FieldPath("spec");
const STATUS = new FieldPath("status");
const UPDATABLE = ["replicas", "template", "updateStrategy", "minReadySeconds", "ordinals", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy"] as const;

/** What is wrong with a stateful set; what can no longer change is checked on creation only. */
export function validateStatefulSet({ spec }: StatefulSet, isNew: boolean): FieldError[] {
  const errors = [...validatePodManagement(spec.podManagementPolicy ?? ""), ...validateUpdateStrategy(spec)];
  for (const field of ["whenDeleted", "whenScaled"] as const) {
    const policy = spec.persistentVolumeClaimRetentionPolicy?.[field] ?? "";
    if (policy !== "Retain" && policy !== "Delete") errors.push(notSupportedValue(SPEC.child("persistentVolumeClaimRetentionPolicy", field), policy, ["Retain", "Delete"]));
  }
  if (isNew) {
    errors.push(...(spec.volumeClaimTemplates ?? []).flatMap((claim, index) => validateClaimSpec(claim.spec, SPEC.child("volumeClaimTemplates").index(index).child("spec"))));
  }
  errors.push(
    ...nonNegative(spec.replicas, SPEC.child("replicas")),
    ...nonNegative(spec.minReadySeconds, SPEC.child("minReadySeconds")),
    ...nonNegative(spec.ordinals?.start, SPEC.child("ordinals.start")),
    ...(isNew && spec.serviceName ? dnsLabel(spec.serviceName, SPEC.child("serviceName")) : []),
    ...validateSelector(spec),
    ...validateTemplate(spec),
    ...alwaysRestarts(spec.template, SPEC.child("template")),
  );
  if (spec.template.spec.activeDeadlineSeconds === undefined) return errors;
  return [...errors, forbiddenField(SPEC.child("template", "spec", "activeDeadlineSeconds"), "activeDeadlineSeconds in StatefulSet is not Supported")];
}

function validatePodManagement(policy: string): FieldError[] {
  const path = SPEC.child("podManagementPolicy");
  if (policy === "") return [requiredValue(path)];
  return policy === "OrderedReady" || policy === "Parallel" ? [] : [invalidValue(path, policy, "must be 'OrderedReady' or 'Parallel'")];
}

function validateUpdateStrategy({ updateStrategy = {} }: StatefulSetSpec): FieldError[] {
  const path = SPEC.child("updateStrategy");
  const { type, rollingUpdate } = updateStrategy;
  switch (type) {
    case undefined:
    case "":
      return [requiredValue(path)];
    case "OnDelete": {
      if (rollingUpdate === undefined) return [];
      return [invalidValue(path.child("rollingUpdate"), internalForm("apps.v1.RollingUpdateStatefulSetStrategy", rollingUpdate), "only allowed for updateStrategy 'RollingUpdate'")];
    }
    case "RollingUpdate": {
      const { partition, maxUnavailable } = rollingUpdate ?? {};
      const at = path.child("rollingUpdate", "maxUnavailable");
      return [
        ...nonNegative(partition, path.child("rollingUpdate", "partition")),
        ...(maxUnavailable === undefined ? [] : positiveIntOrPercent(maxUnavailable, at)),
        ...(maxUnavailable !== undefined && intOrPercentOf(maxUnavailable) === 0 ? [invalidValue(at, maxUnavailable, "cannot be 0")] : []),
        ...notMoreThanHundredPercent(maxUnavailable, at),
      ];
    }
    default:
      return [invalidValue(path, internalForm("apps.v1.StatefulSetUpdateStrategy", updateStrategy), "must be 'RollingUpdate' or 'OnDelete'")];
  }
}

function validateSelector({ selector }: StatefulSetSpec): FieldError[] {
  const path = SPEC.child("selector");
  if (selector === undefined || selector === null) return [requiredValue(path)];
  const errors = validateLabelSelector(selector, path);
  return isEmptySelector(selector) ? [...errors, invalidValue(path, shownSelector(selector), "empty selector is invalid for statefulset")] : errors;
}

/** The pods get names of their own, and volumes from the claims of the set. */
function validateTemplate({ selector, template, volumeClaimTemplates = [] }: StatefulSetSpec): FieldError[] {
  const path = SPEC.child("template");
  if (selectorOf(selector) === undefined) return [invalidValue(SPEC.child("selector"), shownSelector(selector), "")];
  const claimed = volumeClaimTemplates.map(({ metadata: { name = "" } }) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const { subdomain: _subdomain, hostname: _hostname, volumes = [], ...rest } = template.spec;
  const kept = volumes.filter(({ name }) => !claimed.some((claim) => claim.name === name));
  const asPods: PodTemplateSpec = { ...template, spec: { ...rest, volumes: [...claimed, ...kept] } };
  const annotations = template.metadata.annotations ?? {};
  return [
    ...selectorMatchesTemplate(selector, template, path),
    ...validatePodTemplate(asPods, path),
    ...validateLabels(template.metadata.labels, path.child("labels")),
    ...validateAnnotations(annotations, path.child("annotations")),
    ...validatePodAnnotations(annotations, template.spec, path.child("annotations")),
  ];
}

/** What may not change in a stateful set. */
export function validateStatefulSetUpdate({ spec }: StatefulSet, { spec: old }: StatefulSet): FieldError[] {
  const kept = { ...spec, ...Object.fromEntries(UPDATABLE.map((field) => [field, old[field]])) };
  if (semanticEqual(kept, old)) return [];
  const fields = "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
  return [forbiddenField(SPEC, `updates to statefulset spec for fields other than ${fields} are forbidden`)];
}

/** What is wrong with a stateful set's status. */
export function validateStatefulSetStatusUpdate({ status }: StatefulSet, { status: old }: StatefulSet): FieldError[] {
  const counts = ["replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas", "observedGeneration", "collisionCount"] as const;
  const errors = counts.flatMap((field) => nonNegative(status[field], STATUS.child(field)));
  for (const field of ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"] as const) {
    const count = status[field] ?? 0;
    if (count > status.replicas) errors.push(invalidValue(STATUS.child(field), count, "cannot be greater than status.replicas"));
  }
  const available = status.availableReplicas ?? 0;
  if (available > (status.readyReplicas ?? 0)) errors.push(invalidValue(STATUS.child("availableReplicas"), available, "cannot be greater than status.readyReplicas"));
  const collisions = status.collisionCount ?? 0;
  return collisions < (old.collisionCount ?? 0) ? [...errors, invalidValue(STATUS.child("collisionCount"), collisions, "cannot be decremented")] : errors;
}
