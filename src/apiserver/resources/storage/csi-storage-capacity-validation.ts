// Behaviour: ValidateCSIStorageCapacity* in k8s.io/kubernetes/pkg/apis/storage/validation.
import { type FieldError, FieldPath, invalidValue } from "../../../api/field-errors.ts";
import type { CSIStorageCapacity } from "../../../api/generated/types/storage/v1.ts";
import { dnsSubdomain, nonNegativeQuantity } from "../shared/field-checks.ts";
import { shownSelector, validateLabelSelector } from "../shared/label-selector.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";

const TOPOLOGY = new FieldPath("nodeTopology");
const CLASS_NAME = new FieldPath("storageClassName");
const IMMUTABLE = "field is immutable";

/** What is wrong with a capacity. */
export function validateCSIStorageCapacity({ nodeTopology, storageClassName, capacity }: CSIStorageCapacity): FieldError[] {
  return [
    ...validateLabelSelector(nodeTopology, TOPOLOGY),
    ...dnsSubdomain(storageClassName, CLASS_NAME),
    ...(capacity === undefined ? [] : nonNegativeQuantity(capacity, new FieldPath("capacity"))),
  ];
}

/** What an update may not change: where and of which class the capacity is. */
export function validateCSIStorageCapacityUpdate(next: CSIStorageCapacity, old: CSIStorageCapacity): FieldError[] {
  return [
    ...(semanticEqual(next.nodeTopology, old.nodeTopology) ? [] : [invalidValue(TOPOLOGY, shownSelector(next.nodeTopology), IMMUTABLE)]),
    ...(next.storageClassName === old.storageClassName ? [] : [invalidValue(CLASS_NAME, next.storageClassName, IMMUTABLE)]),
  ];
}
