// Behaviour: ValidateRuntimeClass* in k8s.io/kubernetes/pkg/apis/node/validation.
import { duplicateValue, type FieldError, FieldPath, requiredValue } from "../../../api/field-errors.ts";
import type { Toleration } from "../../../api/generated/types/core/v1.ts";
import type { RuntimeClass } from "../../../api/generated/types/node/v1.ts";
import { validateLabels } from "../../object-meta-validation.ts";
import { dnsLabel, immutable } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { validateContainerResources } from "../shared/pod-spec/resources.ts";
import { validateTolerations } from "../shared/pod-spec/scheduling.ts";

const HANDLER = new FieldPath("handler");
const SCHEDULING = new FieldPath("scheduling");

/** What is wrong with a runtime class. */
export function validateRuntimeClass({ handler, overhead, scheduling }: RuntimeClass): FieldError[] {
  return [
    ...(handler === "" ? [requiredValue(HANDLER)] : dnsLabel(handler, HANDLER)),
    ...(overhead === undefined ? [] : validateContainerResources(overhead.podFixed === undefined ? {} : { limits: overhead.podFixed }, new Set(), new FieldPath("overhead"))),
    ...validateLabels(scheduling?.nodeSelector, SCHEDULING.child("nodeSelector")),
    ...validateUniqueTolerations(scheduling?.tolerations ?? [], SCHEDULING.child("tolerations")),
  ];
}

/** A class stays with its handler. */
export function validateRuntimeClassUpdate(next: RuntimeClass, old: RuntimeClass): FieldError[] {
  return immutable(next.handler, old.handler, HANDLER);
}

function validateUniqueTolerations(tolerations: readonly Toleration[], path: FieldPath): FieldError[] {
  const keys = tolerations.map(({ key = "", operator = "", value = "", effect = "" }) => JSON.stringify([key, operator, value, effect]));
  const repeated = tolerations.flatMap((toleration, index) => {
    const isRepeated = keys.indexOf(keys[index] ?? "") < index;
    return isRepeated ? [duplicateValue(path.index(index), internalForm("core.v1.Toleration", toleration))] : [];
  });
  return [...validateTolerations(tolerations, path), ...repeated];
}
