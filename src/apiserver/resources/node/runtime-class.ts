// Behaviour: k8s.io/kubernetes/pkg/registry/node/runtimeclass.
import type { RuntimeClass } from "../../../api/generated/types/node/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { nodeLabelDeprecation } from "../shared/node-label-warnings.ts";
import { roundResourceList } from "../shared/resource-list.ts";
import { validateRuntimeClass, validateRuntimeClassUpdate } from "./runtime-class-validation.ts";

/** node.k8s.io/v1 runtimeclasses. */
export const runtimeClassResource = defineResource<RuntimeClass>({
  group: "node.k8s.io",
  version: "v1",
  kind: "RuntimeClass",
  resource: "runtimeclasses",
  singular: "runtimeclass",
  namespaced: false,
  type: "node.v1.RuntimeClass",
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults({ overhead }) {
    roundResourceList(overhead?.podFixed);
  },
  validate: validateRuntimeClass,
  validateUpdate: validateRuntimeClassUpdate,
  warnings: ({ scheduling }) => nodeLabelWarnings(scheduling?.nodeSelector),
  columns: [nameColumn, textColumn("Handler", "The name by which the container runtime knows this class", ({ handler }) => handler), ageColumn],
});

function nodeLabelWarnings(selector: Readonly<Record<string, string>> = {}): string[] {
  return Object.keys(selector).flatMap((label) => {
    const message = nodeLabelDeprecation(label);
    return message === undefined ? [] : [`scheduling.nodeSelector: ${message}`];
  });
}
