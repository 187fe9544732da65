import type { FieldError } from "../../../api/field-errors.ts";
import type { CustomResourceDefinition } from "../../../api/generated/types/apiextensions/v1.ts";

export function validateDefinition(_definition: CustomResourceDefinition): FieldError[] {
  return [];
}
export function validateDefinitionUpdate(_next: CustomResourceDefinition, _old: CustomResourceDefinition): FieldError[] {
  return [];
}
export function validateDefinitionStatus(_next: CustomResourceDefinition): FieldError[] {
  return [];
}
