// Behaviour: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/conversion.go: what all versions share stands above them.
// Messages name fields where the internal form has them, and show values as it has them.
import { FieldPath } from "../../../api/field-errors.ts";
import type { CustomResourceDefinitionSpec, CustomResourceDefinitionVersion, ValidationRule } from "../../../api/generated/types/apiextensions/v1.ts";
import { semanticEqual } from "../../../api/equality.ts";

const SPEC = new FieldPath("spec");

/** Parts of a version that stand at the top when all versions have the same. */
export type SharedPart = "schema" | "subresources" | "additionalPrinterColumns" | "selectableFields";

/** Whether all versions have the same, or none. */
export function isShared({ versions }: CustomResourceDefinitionSpec, part: SharedPart): boolean {
  return versions.every((version) => semanticEqual(version[part], versions[0]?.[part]));
}

/** Where a part of a version stands; undefined for all but the first version when it is shared. */
export function pathOf(spec: CustomResourceDefinitionSpec, part: SharedPart, index: number): FieldPath | undefined {
  if (!isShared(spec, part)) return SPEC.child("versions").index(index).child(part);
  if (index > 0) return undefined;
  return SPEC.child(part === "schema" ? "validation" : part);
}

/** The versions as error messages show them. */
export function internalVersions(spec: CustomResourceDefinitionSpec): unknown[] {
  const kept = (part: SharedPart, version: CustomResourceDefinitionVersion) => (isShared(spec, part) ? null : (version[part] ?? null));
  return spec.versions.map((version) => ({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: kept("schema", version),
    Subresources: kept("subresources", version),
    AdditionalPrinterColumns: kept("additionalPrinterColumns", version),
    SelectableFields: kept("selectableFields", version),
  }));
}

/** A rule as error messages show it. */
export function internalRule({ rule, message = "", messageExpression = "", reason, fieldPath = "", optionalOldSelf }: ValidationRule): unknown {
  return { Rule: rule, Message: message, MessageExpression: messageExpression, Reason: reason ?? null, FieldPath: fieldPath, OptionalOldSelf: optionalOldSelf ?? null };
}
