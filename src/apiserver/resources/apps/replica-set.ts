// Behaviour: k8s.io/kubernetes/pkg/registry/apps/replicaset.
import type { ReplicaSet } from "../../../api/generated/types/apps/v1.ts";
import { ageColumn, containerColumns, integerColumn, nameColumn, selectorColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { defaultPodTemplate, podTemplateWarnings } from "../shared/pod-template.ts";
import { scaleOf } from "../shared/scale.ts";
import { statusOnly } from "../shared/status-only.ts";
import { validateReplicaSet, validateReplicaSetStatus, validateReplicaSetUpdate } from "./replica-set-validation.ts";

/** apps/v1 replicasets. */
export const replicaSetResource = defineResource<ReplicaSet>({
  group: "apps",
  version: "v1",
  kind: "ReplicaSet",
  resource: "replicasets",
  singular: "replicaset",
  shortNames: ["rs"],
  categories: ["all"],
  namespaced: true,
  type: "apps.v1.ReplicaSet",
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    spec.replicas ??= 1;
    if (spec.template !== undefined) defaultPodTemplate(spec.template);
  },
  prepareForCreate(replicaSet) {
    replicaSet.status = { replicas: 0 };
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: validateReplicaSet,
  validateUpdate: validateReplicaSetUpdate,
  warnings: (replicaSet, old) => podTemplateWarnings(replicaSet, replicaSet.spec.template, old),
  status: statusOnly(validateReplicaSetStatus),
  scale: scaleOf((replicaSet) => replicaSet.spec.selector),
  selectableFields: { "status.replicas": ({ status }) => String(status.replicas) },
  columns: [
    nameColumn,
    integerColumn("Desired", "The number of desired pods.", ({ spec }) => spec.replicas ?? 0),
    integerColumn("Current", "The most recently observed number of non-terminating pods.", ({ status }) => status.replicas),
    integerColumn("Ready", "The number of non-terminating pods that are ready.", ({ status }) => status.readyReplicas ?? 0),
    ageColumn,
    ...containerColumns<ReplicaSet>(({ spec }) => spec.template?.spec?.containers),
    selectorColumn("The labels of the pods that count as replicas.", ({ spec }) => spec.selector),
  ],
});
