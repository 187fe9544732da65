// Behaviour: k8s.io/kubernetes/pkg/registry/apps/statefulset and SetDefaults_StatefulSet in pkg/apis/apps/v1/defaults.go.
import { FieldPath } from "../../../api/field-errors.ts";
import type { StatefulSet } from "../../../api/generated/types/apps/v1.ts";
import { claimSpecWarnings } from "../shared/claim-warnings.ts";
import { ageColumn, containerColumns, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSLabel } from "../shared/names.ts";
import { isNew } from "../shared/new-object.ts";
import { defaultPodTemplate, templateWarnings } from "../shared/pod-template.ts";
import { scaleOf } from "../shared/scale.ts";
import { statusOnly } from "../shared/status-only.ts";
import { defaultClaimSpec } from "../shared/volume-defaults.ts";
import { validateStatefulSet, validateStatefulSetStatusUpdate, validateStatefulSetUpdate } from "./stateful-set-validation.ts";

/** apps/v1 statefulsets. */
export const statefulSetResource = defineResource<StatefulSet>({
  group: "apps",
  version: "v1",
  kind: "StatefulSet",
  resource: "statefulsets",
  singular: "statefulset",
  shortNames: ["sts"],
  categories: ["all"],
  namespaced: true,
  type: "apps.v1.StatefulSet",
  validateName: nameIsDNSLabel,
  defaults({ spec }) {
    spec.podManagementPolicy ||= "OrderedReady";
    spec.updateStrategy ??= {};
    if (!spec.updateStrategy.type) {
      spec.updateStrategy.type = "RollingUpdate";
      spec.updateStrategy.rollingUpdate ??= {};
    }
    if (spec.updateStrategy.type === "RollingUpdate" && spec.updateStrategy.rollingUpdate !== undefined) spec.updateStrategy.rollingUpdate.partition ??= 0;
    spec.persistentVolumeClaimRetentionPolicy ??= {};
    spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= "Retain";
    spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= "Retain";
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    defaultPodTemplate(spec.template);
    for (const claim of spec.volumeClaimTemplates ?? []) {
      claim.apiVersion ||= "v1";
      claim.kind ||= "PersistentVolumeClaim";
      defaultClaimSpec(claim.spec);
      claim.status ??= {};
      claim.status.phase ||= "Pending";
    }
  },
  prepareForCreate(statefulSet) {
    statefulSet.status = { replicas: 0, availableReplicas: 0 };
    delete statefulSet.spec.updateStrategy?.rollingUpdate?.maxUnavailable;
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
    if (old.spec.updateStrategy?.rollingUpdate?.maxUnavailable === undefined) delete next.spec.updateStrategy?.rollingUpdate?.maxUnavailable;
  },
  validate: (statefulSet) => (isNew(statefulSet) ? validateStatefulSet(statefulSet, true) : []),
  validateUpdate: (next, old) => [...validateStatefulSet(next, false), ...validateStatefulSetUpdate(next, old)],
  warnings(statefulSet, old) {
    const { spec, metadata } = statefulSet;
    const changed = old === undefined || old.metadata.generation !== metadata.generation;
    const limit = spec.revisionHistoryLimit ?? 0;
    return [
      ...(changed ? templateWarnings(spec.template) : []),
      ...(spec.volumeClaimTemplates ?? []).flatMap((claim, index) => {
        const path = new FieldPath("spec.volumeClaimTemplates").index(index);
        return claimSpecWarnings(claim.spec, old === undefined ? path : path.child("Spec"));
      }),
      ...(limit < 0 ? ["spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended"] : []),
    ];
  },
  status: statusOnly(validateStatefulSetStatusUpdate),
  scale: scaleOf((statefulSet) => statefulSet.spec.selector),
  columns: [
    nameColumn,
    textColumn("Ready", "Number of the pod with ready state", ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
    ageColumn,
    ...containerColumns<StatefulSet>(({ spec }) => spec.template.spec.containers),
  ],
});
