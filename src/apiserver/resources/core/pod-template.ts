// Behaviour: k8s.io/kubernetes/pkg/registry/core/podtemplate.
import { FieldPath } from "../../../api/field-errors.ts";
import type { PodTemplate } from "../../../api/generated/types/core/v1.ts";
import { containerImages, containerNames, formatLabels, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { defaultPodTemplate, templateWarnings, validatePodTemplate } from "../shared/pod-template.ts";

const TEMPLATE = new FieldPath("template");

/** v1 podtemplates. */
export const podTemplateResource = defineResource<PodTemplate>({
  group: "",
  version: "v1",
  kind: "PodTemplate",
  resource: "podtemplates",
  singular: "podtemplate",
  namespaced: true,
  type: "core.v1.PodTemplate",
  tracksGeneration: true,
  validateName: nameIsDNSSubdomain,
  defaults: ({ template }) => defaultPodTemplate(template),
  validate: ({ template }) => validatePodTemplate(template, TEMPLATE),
  warnings: ({ metadata, template }, old) => (old !== undefined && old.metadata.generation === metadata.generation ? [] : templateWarnings(template, "template")),
  columns: [
    nameColumn,
    textColumn("Containers", "Names of each container in the template.", ({ template }) => containerNames(template.spec?.containers)),
    textColumn("Images", "Images referenced by each container in the template.", ({ template }) => containerImages(template.spec?.containers)),
    textColumn("Pod Labels", "The labels for the pod template.", ({ template }) => formatLabels(template.metadata?.labels)),
  ],
});
