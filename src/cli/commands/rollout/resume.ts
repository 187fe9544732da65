// Behaviour: k8s.io/kubectl/pkg/cmd/rollout/rollout_resume.go.
import { defineCommand } from "../../command.ts";
import { CommandError } from "../../errors.ts";
import { fieldManagerFlag } from "../../flag-groups.ts";
import { printFlags } from "../../print-flags.ts";
import { requireResource, rolloutFlags } from "../../rollout/rollout-query.ts";
import { type WorkloadPatch, isPaused, patchWorkloads } from "../../rollout/workload-patch.ts";

export default defineCommand({
  use: "resume RESOURCE",
  summary: "Resume a paused resource",
  description: "A paused deployment is not reconciled until it is resumed. Only deployments can be resumed.",
  examples: `
    # A deployment
    kubectl rollout resume deployment/web`,
  flags: { ...printFlags, ...rolloutFlags, ...fieldManagerFlag("kubectl-rollout") },
  toOptions: (factory, args, { values }): WorkloadPatch => ({
    factory,
    args,
    values,
    print: values,
    fieldManager: values["field-manager"],
    operation: "resumed",
    patchFor(object, { mapping }) {
      if (mapping.group !== "apps" || mapping.kind !== "Deployment") throw new CommandError("resuming is not supported");
      if (!isPaused(object)) throw new CommandError("is not paused");
      return { spec: { paused: null } };
    },
    unchanged: () => "already resumed",
  }),
  validate: requireResource,
  run: patchWorkloads,
});
