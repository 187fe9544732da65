// Behaviour: k8s.io/kubectl/pkg/cmd/rollout/rollout_pause.go.
import { defineCommand } from "../../command.ts";
import { CommandError } from "../../errors.ts";
import { fieldManagerFlag } from "../../flag-groups.ts";
import { printFlags } from "../../print-flags.ts";
import { requireResource, rolloutFlags } from "../../rollout/rollout-query.ts";
import { type WorkloadPatch, isPaused, patchWorkloads } from "../../rollout/workload-patch.ts";

export default defineCommand({
  use: "pause RESOURCE",
  summary: "Mark the provided resource as paused",
  description: "A paused deployment is not reconciled until it is resumed. Only deployments can be paused.",
  examples: `
    # A deployment
    kubectl rollout pause deployment/web`,
  flags: { ...printFlags, ...rolloutFlags, ...fieldManagerFlag("kubectl-rollout") },
  toOptions: (factory, args, { values }): WorkloadPatch => ({
    factory,
    args,
    values,
    print: values,
    fieldManager: values["field-manager"],
    operation: "paused",
    patchFor(object, { mapping }) {
      if (mapping.group !== "apps" || mapping.kind !== "Deployment") throw new CommandError("pausing is not supported");
      if (isPaused(object)) throw new CommandError("is already paused");
      return { spec: { paused: true } };
    },
    unchanged: () => "already paused",
  }),
  validate: requireResource,
  run: patchWorkloads,
});
