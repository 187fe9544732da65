// Behaviour: k8s.io/kubernetes/pkg/registry/resource/resourceclaimtemplate.
import type { ResourceClaimTemplate } from "../../../api/generated/types/resource/v1.ts";
import { ageColumn, nameColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { defaultClaimSpec } from "./claim-defaults.ts";

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
  columns: [nameColumn, ageColumn],
});
