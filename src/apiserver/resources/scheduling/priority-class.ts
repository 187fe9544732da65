// Behaviour: k8s.io/kubernetes/pkg/registry/scheduling/priorityclass.
import type { PriorityClass } from "../../../api/generated/types/scheduling/v1.ts";
import { ageColumn, integerColumn, nameColumn, wideColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { validatePriorityClass, validatePriorityClassUpdate } from "./priority-class-validation.ts";

/** scheduling.k8s.io/v1 priorityclasses. */
export const priorityClassResource = defineResource<PriorityClass>({
  group: "scheduling.k8s.io",
  version: "v1",
  kind: "PriorityClass",
  resource: "priorityclasses",
  singular: "priorityclass",
  shortNames: ["pc"],
  namespaced: false,
  type: "scheduling.v1.PriorityClass",
  validateName: nameIsDNSSubdomain,
  defaults(priorityClass) {
    priorityClass.preemptionPolicy ??= "PreemptLowerPriority";
  },
  prepareForCreate(priorityClass) {
    priorityClass.metadata.generation = 1;
  },
  validate: validatePriorityClass,
  validateUpdate: validatePriorityClassUpdate,
  columns: [
    nameColumn,
    integerColumn("Value", "The priority of pods of this class", ({ value }) => value),
    { name: "Global-Default", type: "boolean", description: "Whether pods that name no class are of this one", priority: 0, cell: ({ globalDefault }) => globalDefault ?? false },
    ageColumn,
    wideColumn("PreemptionPolicy", "Whether pods of this class take the place of pods of lower priority", ({ preemptionPolicy }) => preemptionPolicy ?? ""),
  ],
});
