// Behaviour: k8s.io/kubernetes/pkg/registry/apps/controllerrevision and ValidateControllerRevision* in pkg/apis/apps/validation.
import { type FieldError, FieldPath, requiredValue } from "../../../api/field-errors.ts";
import type { ControllerRevision } from "../../../api/generated/types/apps/v1.ts";
import { parseApiVersion } from "../../../api/object.ts";
import { controllerOf } from "../../../api/owner-references.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { immutable, nonNegative } from "../shared/field-checks.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { isNew } from "../shared/new-object.ts";

const DATA = new FieldPath("data");

/** apps/v1 controllerrevisions. */
export const controllerRevisionResource = defineResource<ControllerRevision>({
  group: "apps",
  version: "v1",
  kind: "ControllerRevision",
  resource: "controllerrevisions",
  singular: "controllerrevision",
  namespaced: true,
  type: "apps.v1.ControllerRevision",
  validateName: nameIsDNSSubdomain,
  validate: (revision) => [...nonNegative(revision.revision, new FieldPath("revision")), ...(isNew(revision) ? validateData(revision.data) : [])],
  validateUpdate: (next, old) => immutable(next.data, old.data, DATA),
  columns: [
    nameColumn,
    textColumn("Controller", "Controller of the object", controllerName),
    textColumn("Revision", "Revision indicates the revision of the state represented by Data.", (revision) => revision.revision),
    ageColumn,
  ],
});

function validateData(data: unknown): FieldError[] {
  if (data === undefined || data === null) return [requiredValue(DATA, "data is mandatory")];
  return typeof data === "object" && !Array.isArray(data) ? [] : [requiredValue(DATA, "data must be a valid JSON object")];
}

function controllerName({ metadata }: ControllerRevision): string {
  const owner = controllerOf(metadata);
  if (owner === undefined) return "<none>";
  const group = parseApiVersion(owner.apiVersion)?.group ?? "";
  return `${(group === "" ? owner.kind : `${owner.kind}.${group}`).toLowerCase()}/${owner.name}`;
}
