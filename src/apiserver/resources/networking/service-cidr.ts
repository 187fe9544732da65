// Behaviour: k8s.io/kubernetes/pkg/registry/networking/servicecidr.
import type { ServiceCIDR } from "../../../api/generated/types/networking/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { keepMetadata } from "../shared/status-metadata.ts";
import { validateServiceCIDR, validateServiceCIDRUpdate } from "./service-cidr-validation.ts";

/** networking.k8s.io/v1 servicecidrs. */
export const serviceCIDRResource = defineResource<ServiceCIDR>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "ServiceCIDR",
  resource: "servicecidrs",
  singular: "servicecidr",
  namespaced: false,
  type: "networking.v1.ServiceCIDR",
  tracksGeneration: false,
  validateName: nameIsDNSSubdomain,
  prepareForCreate(range) {
    range.status = {};
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: validateServiceCIDR,
  validateUpdate: validateServiceCIDRUpdate,
  status: {
    prepareForUpdate(next, old) {
      next.spec = old.spec;
      keepMetadata(next, old);
    },
  },
  columns: [nameColumn, textColumn("CIDRs", "The address ranges in CIDR notation", ({ spec }) => (spec.cidrs ?? []).join(",")), ageColumn],
});
