// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_priorityclass.go.
import type { PriorityClass } from "../../../api/generated/types/scheduling/v1.ts";
import type { ResourceRef } from "../../../api/resource-refs.ts";
import { defineCreate } from "../../create/create-command.ts";
import { boolFlag, intFlag, stringFlag } from "../../flags.ts";

const priorityClasses: ResourceRef<PriorityClass> = { group: "scheduling.k8s.io", version: "v1", resource: "priorityclasses", kind: "PriorityClass", namespaced: false };

export default defineCreate({
  use: "priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]",
  aliases: ["pc"],
  summary: "Create a priority class with the specified name",
  examples: `
    # A class of pods that come before others
    kubectl create priorityclass high --value=1000 --description="comes first"

    # The class of pods that name none
    kubectl create priorityclass normal --value=10 --global-default=true`,
  flags: {
    description: stringFlag("What the class is for."),
    "global-default": boolFlag("Whether pods that name no class are of this one."),
    "preemption-policy": stringFlag("Whether pods of this class push others off nodes.", { default: "PreemptLowerPriority" }),
    value: intFlag("The priority.", { bits: 32 }),
  },
  resource: priorityClasses,
  failure: "failed to create priorityclass: ",
  build: ({ name, values }) => ({
    metadata: { name },
    value: values.value,
    ...(values["global-default"] && { globalDefault: true }),
    ...(values.description !== "" && { description: values.description }),
    preemptionPolicy: values["preemption-policy"],
  }),
});
