// Behaviour: k8s.io/kubernetes/pkg/registry/apps/deployment and SetDefaults_Deployment in pkg/apis/apps/v1/defaults.go.
import type { Deployment } from "../../../api/generated/types/apps/v1.ts";
import { ageColumn, containerColumns, nameColumn, selectorColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { defaultPodTemplate, podTemplateWarnings } from "../shared/pod-template.ts";
import { scaleOf } from "../shared/scale.ts";
import { validateDeployment, validateDeploymentStatusUpdate, validateDeploymentUpdate } from "./deployment-validation.ts";
import { countSpecAndAnnotations } from "./generation.ts";

/** apps/v1 deployments. */
export const deploymentResource = defineResource<Deployment>({
  group: "apps",
  version: "v1",
  kind: "Deployment",
  resource: "deployments",
  singular: "deployment",
  shortNames: ["deploy"],
  categories: ["all"],
  namespaced: true,
  type: "apps.v1.Deployment",
  tracksGeneration: false,
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    spec.replicas ??= 1;
    spec.strategy.type ||= "RollingUpdate";
    if (spec.strategy.type === "RollingUpdate") {
      spec.strategy.rollingUpdate ??= {};
      spec.strategy.rollingUpdate.maxUnavailable ??= "25%";
      spec.strategy.rollingUpdate.maxSurge ??= "25%";
    }
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
    defaultPodTemplate(spec.template);
  },
  prepareForCreate(deployment) {
    deployment.status = {};
    deployment.metadata.generation = 1;
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
    countSpecAndAnnotations(next, old);
  },
  validate: validateDeployment,
  validateUpdate: validateDeploymentUpdate,
  warnings: (deployment, old) => podTemplateWarnings(deployment, deployment.spec.template, old),
  status: {
    prepareForUpdate(next, old) {
      next.spec = old.spec;
      if (old.metadata.labels === undefined) delete next.metadata.labels;
      else next.metadata.labels = old.metadata.labels;
    },
    validateUpdate: validateDeploymentStatusUpdate,
  },
  scale: scaleOf((deployment) => deployment.spec.selector),
  columns: [
    nameColumn,
    textColumn("Ready", "Number of the pod with ready state", ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
    textColumn("Up-to-date", "Total number of pods that have the desired template spec.", ({ status }) => status.updatedReplicas ?? 0),
    textColumn("Available", "Total number of pods ready for at least minReadySeconds.", ({ status }) => status.availableReplicas ?? 0),
    ageColumn,
    ...containerColumns<Deployment>(({ spec }) => spec.template.spec?.containers),
    selectorColumn("The labels of the pods that the deployment's replica sets own.", ({ spec }) => spec.selector),
  ],
});
