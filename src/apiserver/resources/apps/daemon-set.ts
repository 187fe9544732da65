// Behaviour: k8s.io/kubernetes/pkg/registry/apps/daemonset and SetDefaults_DaemonSet in pkg/apis/apps/v1/defaults.go.
import type { DaemonSet } from "../../../api/generated/types/apps/v1.ts";
import { ageColumn, containerColumns, formatLabels, integerColumn, nameColumn, selectorColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { isNew } from "../shared/new-object.ts";
import { defaultPodTemplate, templateWarnings } from "../shared/pod-template.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";
import { statusOnly } from "../shared/status-only.ts";
import { validateDaemonSet, validateDaemonSetStatusUpdate, validateDaemonSetUpdate } from "./daemon-set-validation.ts";

/** Counts the templates that a daemon set has had. */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

/** apps/v1 daemonsets. */
export const daemonSetResource = defineResource<DaemonSet>({
  group: "apps",
  version: "v1",
  kind: "DaemonSet",
  resource: "daemonsets",
  singular: "daemonset",
  shortNames: ["ds"],
  categories: ["all"],
  namespaced: true,
  type: "apps.v1.DaemonSet",
  validateName: nameIsDNSSubdomain,
  defaults(daemonSet) {
    const { spec } = daemonSet;
    setTemplateGeneration(daemonSet, templateGeneration(daemonSet));
    spec.updateStrategy ??= {};
    spec.updateStrategy.type ||= "RollingUpdate";
    if (spec.updateStrategy.type === "RollingUpdate") {
      spec.updateStrategy.rollingUpdate ??= {};
      spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1;
      spec.updateStrategy.rollingUpdate.maxSurge ??= 0;
    }
    spec.revisionHistoryLimit ??= 10;
    defaultPodTemplate(spec.template);
  },
  prepareForCreate(daemonSet) {
    daemonSet.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
    setTemplateGeneration(daemonSet, Math.max(1, templateGeneration(daemonSet)));
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
    const changed = !semanticEqual(next.spec.template, old.spec.template);
    setTemplateGeneration(next, templateGeneration(old) + (changed ? 1 : 0));
  },
  validate: (daemonSet) => (isNew(daemonSet) ? validateDaemonSet(daemonSet) : []),
  validateUpdate: (next, old) => [...validateDaemonSetUpdate(next, old), ...validateDaemonSet(next)],
  warnings: (daemonSet, old) => (old !== undefined && templateGeneration(old) === templateGeneration(daemonSet) ? [] : templateWarnings(daemonSet.spec.template)),
  status: statusOnly(validateDaemonSetStatusUpdate),
  columns: [
    nameColumn,
    integerColumn("Desired", "The total number of nodes that should be running the daemon pod.", ({ status }) => status.desiredNumberScheduled),
    integerColumn("Current", "The number of nodes that are running at least 1 daemon pod and are supposed to run it.", ({ status }) => status.currentNumberScheduled),
    integerColumn("Ready", "The number of nodes with a ready daemon pod.", ({ status }) => status.numberReady),
    integerColumn("Up-to-date", "The total number of nodes that are running updated daemon pod.", ({ status }) => status.updatedNumberScheduled ?? 0),
    integerColumn("Available", "The number of nodes with an available daemon pod.", ({ status }) => status.numberAvailable ?? 0),
    textColumn("Node Selector", "The labels of the nodes that the daemon pods run on.", ({ spec }) => formatLabels(spec.template.spec.nodeSelector)),
    ageColumn,
    ...containerColumns<DaemonSet>(({ spec }) => spec.template.spec.containers),
    selectorColumn("The labels of the pods that are the daemon set's.", ({ spec }) => spec.selector),
  ],
});

function templateGeneration({ metadata }: DaemonSet): number {
  return Number(metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
}

function setTemplateGeneration({ metadata }: DaemonSet, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [TEMPLATE_GENERATION]: String(generation) };
}
