// Behaviour: ValidateVolumeAttributesClass* in k8s.io/kubernetes/pkg/apis/storage/validation.
import { type FieldError, FieldPath, forbiddenField } from "../../../api/field-errors.ts";
import type { VolumeAttributesClass } from "../../../api/generated/types/storage/v1.ts";
import { deepEqual } from "../../registry/deep-equal.ts";
import { isNew } from "../shared/new-object.ts";
import { driverParameters, provisionerName } from "./shared-checks.ts";

const DRIVER_NAME = new FieldPath("driverName");
const PARAMETERS = new FieldPath("parameters");

/** What is wrong with a new class of attributes. */
export function validateVolumeAttributesClass(attributesClass: VolumeAttributesClass): FieldError[] {
  return isNew(attributesClass) ? validateClass(attributesClass) : [];
}

/** What is wrong with a class of attributes that was there before: it cannot change. */
export function validateVolumeAttributesClassUpdate(next: VolumeAttributesClass, old: VolumeAttributesClass): FieldError[] {
  return [
    ...(next.driverName === old.driverName ? [] : [forbiddenField(DRIVER_NAME, "updates to driverName are forbidden.")]),
    ...(deepEqual(next.parameters, old.parameters) ? [] : [forbiddenField(PARAMETERS, "updates to parameters are forbidden.")]),
    ...validateClass(next),
  ];
}

function validateClass({ driverName, parameters }: VolumeAttributesClass): FieldError[] {
  return [...provisionerName(driverName, DRIVER_NAME), ...driverParameters(parameters, false, PARAMETERS)];
}
