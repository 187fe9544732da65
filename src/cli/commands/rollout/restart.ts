// Behaviour: k8s.io/kubectl/pkg/cmd/rollout/rollout_restart.go.
import type { UnstructuredObject } from "../../../api/object.ts";
import { defineCommand } from "../../command.ts";
import { CommandError } from "../../errors.ts";
import { fieldManagerFlag } from "../../flag-groups.ts";
import { printFlags } from "../../print-flags.ts";
import { requireResource, rolloutFlags } from "../../rollout/rollout-query.ts";
import { type WorkloadPatch, isPaused, patchWorkloads } from "../../rollout/workload-patch.ts";

const RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

export default defineCommand({
  use: "restart RESOURCE",
  summary: "Restart a resource",
  description: "The pods are replaced as a new rollout replaces them.",
  examples: `
    # All deployments of the namespace
    kubectl rollout restart deployment

    # One daemon set
    kubectl rollout restart daemonset/agent`,
  flags: { ...printFlags, ...rolloutFlags, ...fieldManagerFlag("kubectl-rollout") },
  toOptions: (factory, args, { values }): WorkloadPatch => ({
    factory,
    args,
    values,
    print: values,
    fieldManager: values["field-manager"],
    operation: "restarted",
    patchFor(object, { mapping }) {
      if (mapping.group !== "apps" || !["Deployment", "DaemonSet", "StatefulSet"].includes(mapping.kind)) throw new CommandError("restarting is not supported");
      if (mapping.kind === "Deployment" && isPaused(object)) throw new CommandError("can't restart paused deployment (run rollout resume first)");
      const now = localTime(factory.io.clock.now());
      return restartedAt(object) === now ? undefined : { spec: { template: { metadata: { annotations: { [RESTARTED_AT]: now } } } } };
    },
    unchanged(name) {
      throw new CommandError(
        `failed to create patch for ${name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
      );
    },
  }),
  validate: requireResource,
  run: patchWorkloads,
});

function restartedAt(object: UnstructuredObject): string | undefined {
  const { template } = object["spec"] as { template?: { metadata?: { annotations?: Record<string, string> } } };
  return template?.metadata?.annotations?.[RESTARTED_AT];
}

/** RFC 3339 in the local time zone. */
function localTime(epochMs: number): string {
  const offset = -new Date(epochMs).getTimezoneOffset();
  const local = new Date(epochMs + offset * 60_000).toISOString().slice(0, 19);
  if (offset === 0) return `${local}Z`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${local}${offset < 0 ? "-" : "+"}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
}
