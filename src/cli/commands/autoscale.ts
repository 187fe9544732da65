// Behaviour: k8s.io/kubectl/pkg/cmd/autoscale/autoscale.go.
import type { HorizontalPodAutoscaler } from "../../api/generated/types/autoscaling/v2.ts";
import { formatApiVersion, type UnstructuredObject } from "../../api/object.ts";
import { isQuantity, parseQuantity } from "../../api/quantity.ts";
import type { ResourceRef } from "../../api/resource-refs.ts";
import { defineCommand } from "../command.ts";
import { createTyped, metadataOf, requireFlags } from "../create/create-command.ts";
import { CommandError } from "../errors.ts";
import { dryRunFlag, fieldManagerFlag, filenameFlags, filenameOptions, readDryRun, saveConfigFlag } from "../flag-groups.ts";
import { intFlag, stringFlag } from "../flags.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import { typedPrinter } from "../printers/typed.ts";
import { findResources } from "../resource-query.ts";

const autoscalers: ResourceRef<HorizontalPodAutoscaler> = { group: "autoscaling", version: "v2", resource: "horizontalpodautoscalers", kind: "HorizontalPodAutoscaler", namespaced: true };

export default defineCommand({
  use: "autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]",
  summary: "Auto-scale a deployment, replica set, stateful set, or replication controller",
  description: "Creates a horizontal pod autoscaler, which keeps the number of pods between two bounds.",
  examples: `
    # Two to ten pods
    kubectl autoscale deployment web --min=2 --max=10

    # As many as it takes to stay at 80 % of the requested CPU
    kubectl autoscale deployment web --max=5 --cpu=80%`,
  flags: {
    ...printFlags,
    ...dryRunFlag,
    ...fieldManagerFlag("kubectl-autoscale"),
    ...filenameFlags("File, folder or address that names the objects to scale."),
    ...saveConfigFlag,
    cpu: stringFlag('Target CPU: "70%" of what is requested, or an amount for each pod ("500m"; a bare number means milli-CPU).'),
    "cpu-percent": intFlag("Target CPU in per cent of what is requested.", {
      default: -1,
      bits: 32,
      deprecated: "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
    }),
    max: intFlag("The most pods. Required.", { default: -1, bits: 32 }),
    memory: stringFlag('Target memory: "60%" of what is requested, or an amount for each pod ("200Mi"; a bare number means mebibytes).'),
    min: intFlag("The fewest pods. The server decides if omitted.", { default: -1, bits: 32 }),
    name: stringFlag("Name of the autoscaler; that of the object if omitted."),
  },
  async toOptions(factory, args, { values, changed }) {
    requireFlags(changed("max") ? [] : ["max"]);
    const dryRun = readDryRun(values["dry-run"], factory.io);
    return { factory, args, values, dryRun };
  },
  validate({ values }) {
    const { min, max, cpu, memory } = values;
    if (max < 1) throw new CommandError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
    if (max < min) throw new CommandError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
    if (values["cpu-percent"] > 0 && cpu !== "") throw new CommandError("--cpu-percent and --cpu are mutually exclusive");
    if (cpu !== "") metricTarget("cpu", cpu);
    if (memory !== "") metricTarget("memory", memory);
  },
  async run({ factory, args, values, dryRun }) {
    const namespace = await factory.namespace();
    const operation = dryRun === "client" ? "created" : "autoscaled";
    const printer = typedPrinter(await changePrinter(values, operation, dryRun), values);
    const result = await findResources(factory, { args, files: filenameOptions(values), namespace, flatten: true, continueOnError: true });
    let count = 0;
    await result.visit(async ({ mapping, name }) => {
      if (!mapping.subresources.includes("scale")) {
        throw new CommandError(`cannot autoscale a ${mapping.kind}: could not find scale subresource for ${mapping.group}/${mapping.version}, Resource=${mapping.resource} in discovery information`);
      }
      const metrics = [
        ...(values["cpu-percent"] > 0 ? [metric("cpu", { type: "Utilization", averageUtilization: values["cpu-percent"] })] : []),
        ...(values.cpu === "" ? [] : [metric("cpu", metricTarget("cpu", values.cpu))]),
        ...(values.memory === "" ? [] : [metric("memory", metricTarget("memory", values.memory))]),
      ];
      const object = {
        kind: "HorizontalPodAutoscaler",
        apiVersion: "autoscaling/v2",
        metadata: metadataOf(values.name || name, namespace.explicit ? namespace.name : ""),
        spec: {
          scaleTargetRef: { kind: mapping.kind, name, apiVersion: formatApiVersion(mapping) },
          ...(values.min > 0 && { minReplicas: values.min }),
          maxReplicas: values.max,
          ...(metrics.length > 0 && { metrics }),
        },
      } as unknown as UnstructuredObject;
      const saveConfig = values["save-config"] && dryRun !== "client";
      await createTyped(object, autoscalers, { factory, dryRun, printer, fieldManager: values["field-manager"], saveConfig, namespace: namespace.name }, "");
      count += 1;
    });
    if (count === 0) throw new CommandError("no objects passed to autoscale");
  },
});

function metric(name: string, target: object): object {
  return { type: "Resource", resource: { name, target } };
}

/** "70%" is a share of what is requested, anything else an amount. */
function metricTarget(resource: "cpu" | "memory", text: string): object {
  if (text.endsWith("%")) {
    const share = text.slice(0, -1);
    if (!/^[+-]?[0-9]+$/.test(share)) throw new CommandError(`invalid percentage value: ${share}`);
    return { type: "Utilization", averageUtilization: Number(share) };
  }
  const amount = /^[+-]?[0-9]+$/.test(text) ? `${text}${resource === "cpu" ? "m" : "Mi"}` : text;
  if (!isQuantity(amount)) throw new CommandError(`invalid resource ${resource} value: ${text}`);
  return { type: "AverageValue", averageValue: parseQuantity(amount).toString() };
}
