// Behaviour: ValidateNode* in k8s.io/kubernetes/pkg/apis/core/validation.
import { duplicateValue, type FieldError, FieldPath, forbiddenField, invalidValue } from "../../../api/field-errors.ts";
import type { Node, Taint } from "../../../api/generated/types/core/v1.ts";
import { isQualifiedName, isValidLabelValue } from "../../../api/name-validation.ts";
import { addressRange } from "../shared/addresses.ts";
import { invalidEach, positive } from "../shared/field-checks.ts";
import { validateQuantityOf } from "../shared/resource-names.ts";
import { taintEffect } from "../shared/taint-effect.ts";

const SPEC = new FieldPath("spec");
const STATUS = new FieldPath("status");

/** What is wrong with a node as it stands. */
export function validateNode({ spec, status }: Node): FieldError[] {
  const podCIDRs = spec.podCIDRs ?? [];
  const path = SPEC.child("podCIDRs");
  const swap = status.nodeInfo?.swap?.capacity;
  return [
    ...validateTaints(spec.taints ?? []),
    ...validateResources(status),
    ...(swap === undefined ? [] : positive(swap, new FieldPath("metadata.nodeSwapStatus.capacity"))),
    ...validateDeclaredFeatures(status.declaredFeatures ?? []),
    ...podCIDRs.flatMap((range, index) => addressRange(range, path.index(index))),
    ...(isDualStack(podCIDRs) ? [] : [invalidValue(path, podCIDRs, "may specify no more than one CIDR for each IP family")]),
  ];
}

/** What may not change in a node, and what its addresses may not be. */
export function validateNodeUpdate(next: Node, old: Node): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, { type, address }] of (next.status.addresses ?? []).entries()) {
    const key = `${type} ${address}`;
    if (seen.has(key)) errors.push(duplicateValue(STATUS.child("addresses").index(index), { Type: type, Address: address }));
    seen.add(key);
  }
  const [ranges, before] = [next.spec.podCIDRs ?? [], old.spec.podCIDRs ?? []];
  const changed = forbiddenField(SPEC.child("podCIDRs"), 'node updates may not change podCIDR except from "" to valid');
  if (before.length > 0 && before.length !== ranges.length) errors.push(changed);
  else errors.push(...before.filter((range, index) => range !== ranges[index]).map(() => changed));
  if (old.spec.providerID && old.spec.providerID !== next.spec.providerID) {
    errors.push(forbiddenField(SPEC.child("providerID"), 'node updates may not change providerID except from "" to valid'));
  }
  if ((next.spec.externalID ?? "") !== (old.spec.externalID ?? "")) errors.push(forbiddenField(SPEC.child("externalID"), "may not be updated"));
  return [...validateResources(next.status), ...validateDeclaredFeatures(next.status.declaredFeatures ?? []), ...errors, ...validateTaints(next.spec.taints ?? [])];
}

function validateTaints(taints: readonly Taint[]): FieldError[] {
  // The path is upstream's, odd as it is.
  const path = new FieldPath("metadata.taints");
  const seen = new Set<string>();
  return taints.flatMap((taint, index) => {
    const at = path.index(index);
    const problems = isValidLabelValue(taint.value ?? "");
    const errors = [
      ...invalidEach(at.child("key"), taint.key, isQualifiedName(taint.key)),
      ...(problems.length > 0 ? [invalidValue(at.child("value"), taint.value, problems.join(";"))] : []),
      ...taintEffect(taint.effect, false, at.child("effect")),
    ];
    const key = `${taint.effect} ${taint.key}`;
    if (seen.has(key)) {
      const shown = { Key: taint.key, Value: taint.value ?? "", Effect: taint.effect, TimeAdded: taint.timeAdded ?? null };
      const duplicate = duplicateValue(at, shown);
      const detail = ": taints must be unique by key and effect pair";
      errors.push({ ...duplicate, body: duplicate.body + detail, message: duplicate.message + detail });
    }
    seen.add(key);
    return errors;
  });
}

function validateResources(status: Node["status"]): FieldError[] {
  return (["capacity", "allocatable"] as const).flatMap((list) =>
    Object.entries(status[list] ?? {}).flatMap(([name, amount]) => validateQuantityOf(name, amount, STATUS.child(list, name))),
  );
}

function validateDeclaredFeatures(features: readonly string[]): FieldError[] {
  const path = STATUS.child("declaredFeatures");
  return features.flatMap((feature, index) => {
    const errors: FieldError[] = [];
    const quoted = JSON.stringify(feature);
    if (feature.length > 253) errors.push(invalidValue(path.index(index), feature, `invalid feature name ${quoted}: must be no more than 253 characters`));
    else if (!/^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z0-9]+)*$/.test(feature)) {
      const rule =
        "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes";
      errors.push(invalidValue(path.index(index), feature, `invalid feature name ${quoted}: ${rule}`));
    }
    const next = features[index + 1];
    if (next === feature) errors.push(duplicateValue(path.index(index + 1), next));
    else if (next !== undefined && feature > next) errors.push(invalidValue(path.index(index + 1), next, "list must be sorted alphabetically"));
    return errors;
  });
}

function isDualStack(ranges: readonly string[]): boolean {
  if (ranges.length < 2) return true;
  return ranges.length === 2 && ranges.filter((range) => range.includes(":")).length === 1;
}
