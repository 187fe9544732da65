// Behaviour: k8s.io/kubernetes/pkg/registry/resource/resourceclaimtemplate.
import { type FieldError, FieldPath, forbiddenField } from "../../../api/field-errors.ts";
import type { ResourceClaimTemplate } from "../../../api/generated/types/resource/v1.ts";
import { validateAnnotations, validateLabels } from "../../object-meta-validation.ts";
import { ageColumn, nameColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { immutable } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { isNew } from "../shared/new-object.ts";
import { defaultClaimSpec } from "./claim-defaults.ts";
import { validateAdminAccess, validateClaimSpec } from "./claim-validation.ts";

const SPEC = new FieldPath("spec");

/** resource.k8s.io/v1 resourceclaimtemplates. */
export const resourceClaimTemplateResource = defineResource<ResourceClaimTemplate>({
  group: "resource.k8s.io",
  version: "v1",
  kind: "ResourceClaimTemplate",
  resource: "resourceclaimtemplates",
  singular: "resourceclaimtemplate",
  namespaced: true,
  type: "resource.v1.ResourceClaimTemplate",
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    defaultClaimSpec(spec.spec);
  },
  validate: (template, context) => [...(isNew(template) ? validateAdminAccess(template.spec.spec, context) : []), ...validateTemplateSpec(template)],
  validateUpdate: (next, old) => immutable(next.spec, old.spec, SPEC, internalForm("resource.v1.ResourceClaimTemplateSpec", next.spec)),
  columns: [nameColumn, ageColumn],
});

/** Claims made from a template get its labels and annotations; no other metadata can be given. */
function validateTemplateSpec({ spec: { metadata, spec } }: ResourceClaimTemplate): FieldError[] {
  const path = SPEC.child("metadata");
  const { annotations, labels, ...others } = metadata ?? {};
  return [
    ...validateAnnotations(annotations, path.child("annotations")),
    ...validateLabels(labels, path.child("labels")),
    ...Object.entries(others).flatMap(([field, value]) => (value === undefined || value === null ? [] : [forbiddenField(path.child(field), "cannot be set")])),
    ...validateClaimSpec(spec, SPEC.child("spec")),
  ];
}
