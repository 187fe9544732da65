// Behaviour: ValidateCSINode* in k8s.io/kubernetes/pkg/apis/storage/validation.
import { duplicateValue, type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { CSINode, CSINodeDriver } from "../../../api/generated/types/storage/v1.ts";
import { byteLength } from "../../../api/name-validation.ts";
import { immutable, nonNegative, qualifiedName } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { validateDriverName } from "../shared/pod-spec/storage-sources.ts";

const DRIVERS = new FieldPath("spec").child("drivers");
const MAX_NODE_ID_BYTES = 256;

/** What is wrong with a node's drivers. */
export function validateCSINode({ spec }: CSINode): FieldError[] {
  const drivers = spec.drivers ?? [];
  const names = drivers.map(({ name }) => name);
  return drivers.flatMap((driver, index) => validateDriver(driver, names.indexOf(driver.name) < index, DRIVERS.index(index)));
}

/** A driver that stays may change nothing but how many volumes it can have. */
export function validateCSINodeUpdate(next: CSINode, old: CSINode): FieldError[] {
  return (old.spec.drivers ?? []).flatMap((before) => {
    const matching = (next.spec.drivers ?? []).filter(({ name }) => name === before.name);
    return matching.flatMap((driver) => {
      const [after, fixed] = [withoutAllocatable(driver), withoutAllocatable(before)];
      return immutable(after, fixed, DRIVERS, internalForm("storage.v1.CSINodeDriver", after));
    });
  });
}

function validateDriver({ name, nodeID, topologyKeys, allocatable }: CSINodeDriver, repeated: boolean, path: FieldPath): FieldError[] {
  const errors = validateDriverName(name, path.child("name"));
  if (nodeID === "") errors.push(requiredValue(path.child("nodeID")));
  if (byteLength(nodeID) > MAX_NODE_ID_BYTES) errors.push(invalidValue(path.child("nodeID"), nodeID, `must be ${MAX_NODE_ID_BYTES} characters or less`));
  errors.push(...nonNegative(allocatable?.count, path.child("allocatable", "count")));
  if (repeated) errors.push(duplicateValue(path.child("name"), name));
  const keys = topologyKeys ?? [];
  return [
    ...errors,
    ...keys.flatMap((key, index) => [
      ...(key === "" ? [requiredValue(path)] : []),
      ...(keys.indexOf(key) < index ? [duplicateValue(path, key)] : []),
      ...qualifiedName(key, path),
    ]),
  ];
}

function withoutAllocatable({ name, nodeID, topologyKeys }: CSINodeDriver): CSINodeDriver {
  return { name, nodeID, topologyKeys };
}
