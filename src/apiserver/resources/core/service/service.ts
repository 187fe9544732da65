// Behaviour: k8s.io/kubernetes/pkg/registry/core/service: addresses and ports are assigned as a service is written.
import type { Service } from "../../../../api/generated/types/core/v1.ts";
import { defineResource } from "../../shared/define-resource.ts";
import { nameIsDNSLabel } from "../../shared/names.ts";
import { isNew } from "../../shared/new-object.ts";
import { statusOnly } from "../../shared/status-only.ts";
import { allocateOnCreate, allocateOnUpdate } from "./allocation.ts";
import { serviceColumns } from "./columns.ts";
import { defaultService } from "./defaults.ts";
import { dropTypeDependentFields } from "./type-changes.ts";
import { validateLoadBalancerStatus, validateService, validateServiceUpdate } from "./validation.ts";
import { serviceWarnings } from "./warnings.ts";

/** v1 services. */
export const serviceResource = defineResource<Service>({
  group: "",
  version: "v1",
  kind: "Service",
  resource: "services",
  singular: "service",
  shortNames: ["svc"],
  categories: ["all"],
  namespaced: true,
  type: "core.v1.Service",
  tracksGeneration: false,
  allowCreateOnUpdate: true,
  validateName: nameIsDNSLabel,
  defaults: defaultService,
  prepareForCreate(service, context) {
    allocateOnCreate(service, context);
    service.status = { loadBalancer: {} };
  },
  prepareForUpdate(next, old, context) {
    allocateOnUpdate(next, old, context);
    next.status = old.status;
    dropTypeDependentFields(next, old);
  },
  validate: (service) => (isNew(service) ? validateService(service) : []),
  validateUpdate: (next, old) => [...validateServiceUpdate(next, old), ...validateService(next, old)],
  warnings: serviceWarnings,
  status: statusOnly(validateLoadBalancerStatus),
  selectableFields: {
    "spec.clusterIP": (service) => service.spec.clusterIP ?? "",
    "spec.type": (service) => service.spec.type ?? "",
  },
  columns: serviceColumns,
});
