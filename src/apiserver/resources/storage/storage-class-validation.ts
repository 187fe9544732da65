// Behaviour: ValidateStorageClass* in k8s.io/kubernetes/pkg/apis/storage/validation.
import { duplicateValue, type FieldError, FieldPath, requiredValue } from "../../../api/field-errors.ts";
import type { TopologySelectorLabelRequirement, TopologySelectorTerm } from "../../../api/generated/types/core/v1.ts";
import type { StorageClass } from "../../../api/generated/types/storage/v1.ts";
import { immutable, noDuplicates, oneOf, qualifiedName } from "../shared/field-checks.ts";
import { sortedMap } from "../shared/internal-form.ts";
import { driverParameters, provisionerName } from "./shared-checks.ts";

const PROVISIONER = new FieldPath("provisioner");
const PARAMETERS = new FieldPath("parameters");
const RECLAIM_POLICY = new FieldPath("reclaimPolicy");
const BINDING_MODE = new FieldPath("volumeBindingMode");

/** What is wrong with a storage class. */
export function validateStorageClass({ provisioner, parameters, reclaimPolicy, volumeBindingMode, allowedTopologies = [] }: StorageClass): FieldError[] {
  return [
    ...provisionerName(provisioner, PROVISIONER),
    ...driverParameters(parameters, true, PARAMETERS),
    ...(reclaimPolicy ? oneOf(reclaimPolicy, ["Delete", "Retain"], RECLAIM_POLICY) : []),
    ...oneOf(volumeBindingMode, ["Immediate", "WaitForFirstConsumer"], BINDING_MODE),
    ...validateTopologies(allowedTopologies, new FieldPath("allowedTopologies")),
  ];
}

/** What an update may not change: how volumes are made. */
export function validateStorageClassUpdate(next: StorageClass, old: StorageClass): FieldError[] {
  return [
    ...immutable(sortedMap(next.parameters ?? {}), sortedMap(old.parameters ?? {}), PARAMETERS, sortedMap(next.parameters ?? {})),
    ...immutable(next.provisioner, old.provisioner, PROVISIONER),
    ...immutable(next.reclaimPolicy, old.reclaimPolicy, RECLAIM_POLICY),
    ...immutable(next.volumeBindingMode, old.volumeBindingMode, BINDING_MODE),
  ];
}

/** No two terms say the same. */
function validateTopologies(terms: readonly TopologySelectorTerm[], path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return terms.flatMap((term, index) => {
    const at = path.index(index).child("matchLabelExpressions");
    const expressions = term.matchLabelExpressions ?? [];
    const keys = expressions.map(({ key }) => key);
    const errors = expressions.flatMap((expression, place) => [
      ...validateExpression(expression, at.index(place)),
      ...(keys.indexOf(expression.key) < place ? [duplicateValue(at.index(place).child("key"), expression.key)] : []),
    ]);
    if (seen.has(termKey(term))) errors.push(duplicateValue(at, ""));
    seen.add(termKey(term));
    return errors;
  });
}

function validateExpression({ key, values }: TopologySelectorLabelRequirement, path: FieldPath): FieldError[] {
  const at = path.child("values");
  const list = values ?? [];
  return [...(list.length === 0 ? [requiredValue(at)] : []), ...noDuplicates(list, (index) => at.index(index)), ...qualifiedName(key, path.child("key"))];
}

function termKey({ matchLabelExpressions = [] }: TopologySelectorTerm): string {
  const byKey = Object.fromEntries(matchLabelExpressions.map(({ key, values }) => [key, [...new Set(values ?? [])].sort()]));
  return JSON.stringify(sortedMap(byKey));
}
