// Behaviour: k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler.
import { unsetList } from "../../../api/decode.ts";
import type { HorizontalPodAutoscaler as HorizontalPodAutoscalerV1 } from "../../../api/generated/types/autoscaling/v1.ts";
import type { HorizontalPodAutoscaler } from "../../../api/generated/types/autoscaling/v2.ts";
import type { TableColumn } from "../../resource.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { isNew } from "../shared/new-object.ts";
import { statusOnly } from "../shared/status-only.ts";
import { autoscalerColumns } from "./autoscaler-columns.ts";
import { defaultAutoscaler } from "./autoscaler-defaults.ts";
import { validateAutoscaler, validateAutoscalerStatus } from "./autoscaler-validation.ts";
import { fromStored, toCurrent, toStored } from "./conversion.ts";

const names = {
  group: "autoscaling",
  kind: "HorizontalPodAutoscaler",
  resource: "horizontalpodautoscalers",
  singular: "horizontalpodautoscaler",
  shortNames: ["hpa"],
  categories: ["all"],
  namespaced: true,
  tracksGeneration: false,
  validateName: nameIsDNSSubdomain,
} as const;

/** autoscaling/v2 horizontalpodautoscalers, the version that is stored. */
export const autoscalerResource = defineResource<HorizontalPodAutoscaler>({
  ...names,
  version: "v2",
  type: "autoscaling.v2.HorizontalPodAutoscaler",
  defaults: defaultAutoscaler,
  prepareForCreate(autoscaler) {
    autoscaler.status = { desiredReplicas: 0, currentMetrics: unsetList() };
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: (autoscaler) => (isNew(autoscaler) ? validateAutoscaler(autoscaler) : []),
  validateUpdate: validateAutoscaler,
  status: statusOnly(validateAutoscalerStatus),
  columns: autoscalerColumns,
});

/** autoscaling/v1 horizontalpodautoscalers, with what v1 has no fields for in annotations. */
export const autoscalerV1Resource = defineResource<HorizontalPodAutoscalerV1>({
  ...names,
  version: "v1",
  type: "autoscaling.v1.HorizontalPodAutoscaler",
  storedAs: { group: "autoscaling", version: "v2", resource: "horizontalpodautoscalers", toStored, fromStored: (stored) => fromStored(stored as HorizontalPodAutoscaler) },
  defaults({ spec }) {
    spec.minReplicas ??= 1;
  },
  prepareForCreate(autoscaler) {
    autoscaler.status = { currentReplicas: 0, desiredReplicas: 0 };
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: (autoscaler) => (isNew(autoscaler) ? validateAutoscaler(toCurrent(autoscaler)) : []),
  validateUpdate: (next, old) => validateAutoscaler(toCurrent(next), toCurrent(old)),
  status: statusOnly((next) => validateAutoscalerStatus(toCurrent(next))),
  columns: autoscalerColumns.map((column): TableColumn<HorizontalPodAutoscalerV1> => ({ ...column, cell: (autoscaler, now) => column.cell(toStored(autoscaler), now) })),
});
