// Behaviour: k8s.io/kubernetes/pkg/registry/core/replicationcontroller.
import type { ReplicationController } from "../../../api/generated/types/core/v1.ts";
import { labelSelectorOfMap } from "../../../api/label-selector.ts";
import { ageColumn, containerColumns, formatLabels, integerColumn, nameColumn, wideColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { defaultPodTemplate, podTemplateWarnings } from "../shared/pod-template.ts";
import { statusOnly } from "../shared/status-only.ts";
import { validateReplicationController, validateReplicationControllerStatus } from "./replication-controller-validation.ts";

/** v1 replicationcontrollers. */
export const replicationControllerResource = defineResource<ReplicationController>({
  group: "",
  version: "v1",
  kind: "ReplicationController",
  resource: "replicationcontrollers",
  singular: "replicationcontroller",
  shortNames: ["rc"],
  categories: ["all"],
  namespaced: true,
  type: "core.v1.ReplicationController",
  validateName: nameIsDNSSubdomain,
  defaults({ metadata, spec }) {
    const labels = spec.template?.metadata?.labels;
    if (labels !== undefined) {
      if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
      if (Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels };
    }
    spec.replicas ??= 1;
    if (spec.template !== undefined) defaultPodTemplate(spec.template);
  },
  prepareForCreate(controller) {
    controller.status = { replicas: 0 };
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: validateReplicationController,
  warnings: (controller, old) => podTemplateWarnings(controller, controller.spec.template, old),
  status: statusOnly(validateReplicationControllerStatus),
  scale: {
    get: ({ spec, status }) => ({ replicas: spec.replicas ?? 0, statusReplicas: status.replicas, selector: labelSelectorOfMap(spec.selector).toString() }),
    set({ spec }, replicas) {
      spec.replicas = replicas;
    },
  },
  selectableFields: { "status.replicas": ({ status }) => String(status.replicas) },
  columns: [
    nameColumn,
    integerColumn("Desired", "The number of desired replicas.", ({ spec }) => spec.replicas ?? 0),
    integerColumn("Current", "The most recently observed number of replicas.", ({ status }) => status.replicas),
    integerColumn("Ready", "The number of ready replicas for this replication controller.", ({ status }) => status.readyReplicas ?? 0),
    ageColumn,
    ...containerColumns<ReplicationController>(({ spec }) => spec.template?.spec?.containers),
    wideColumn("Selector", "The labels of the pods that count as replicas.", ({ spec }) => formatLabels(spec.selector)),
  ],
});
