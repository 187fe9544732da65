// Behaviour: k8s.io/kube-aggregator/pkg/registry/apiservice.
import type { APIService } from "../../../api/generated/types/apiregistration/v1.ts";
import { formatTime } from "../../../util/clock.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsPathSegment } from "../shared/names.ts";
import { validateAPIService, validateAPIServiceStatus } from "./api-service-validation.ts";

const KEPT_BY_STATUS = ["labels", "annotations", "finalizers", "ownerReferences"] as const;

/** apiregistration.k8s.io/v1 apiservices. */
export const apiServiceResource = defineResource<APIService>({
  group: "apiregistration.k8s.io",
  version: "v1",
  kind: "APIService",
  resource: "apiservices",
  singular: "apiservice",
  categories: ["api-extensions"],
  namespaced: false,
  type: "apiregistration.v1.APIService",
  tracksGeneration: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsPathSegment,
  defaults({ spec }) {
    if (spec.service !== undefined) spec.service.port ??= 443;
  },
  prepareForCreate(service, { clock }) {
    service.status = {};
    if (service.spec.service !== undefined) return;
    const lastTransitionTime = formatTime(clock.now());
    service.status.conditions = [{ type: "Available", status: "True", lastTransitionTime, reason: "Local", message: "Local APIServices are always available" }];
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: validateAPIService,
  status: {
    prepareForUpdate(next, old) {
      next.spec = old.spec;
      for (const field of KEPT_BY_STATUS) {
        if (old.metadata[field] === undefined) delete next.metadata[field];
        else Object.assign(next.metadata, { [field]: old.metadata[field] });
      }
    },
    validateUpdate: validateAPIServiceStatus,
  },
  columns: [
    nameColumn,
    textColumn("Service", "The service that serves this part of the API", ({ spec }) => (spec.service === undefined ? "Local" : `${spec.service.namespace ?? ""}/${spec.service.name ?? ""}`)),
    textColumn("Available", "Whether this part of the API can be reached", formatAvailable),
    ageColumn,
  ],
});

function formatAvailable({ status }: APIService): string {
  const condition = status.conditions?.find(({ type }) => type === "Available");
  if (condition === undefined) return "Unknown";
  return condition.status !== "True" && condition.reason ? `${condition.status} (${condition.reason})` : condition.status;
}
