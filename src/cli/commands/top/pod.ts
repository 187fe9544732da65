// Behaviour: k8s.io/kubectl/pkg/cmd/top/top_pod.go.
import type { Quantity } from "../../../api/quantity.ts";
import { notFound } from "../../../api/errors.ts";
import { type ResourceRef, pods } from "../../../api/resource-refs.ts";
import { defineCommand } from "../../command.ts";
import { CommandError, UsageError } from "../../errors.ts";
import type { Factory } from "../../factory.ts";
import { allNamespacesFlag, fieldSelectorFlag, selectorFlag } from "../../flag-groups.ts";
import { boolFlag, stringFlag } from "../../flags.ts";
import type { IO } from "../../io.ts";
import { layOut, tableSettings } from "../../printers/tab-writer.ts";
import { type PodMetrics, compareUsage, metricsVersion, total, usageText } from "./metrics.ts";

const USE = "pod [NAME | -l label]";

interface Line {
  readonly namespace: string;
  readonly pod: string;
  readonly name: string;
  readonly cpu: Quantity;
  readonly memory: Quantity;
}

interface TopPodOptions {
  readonly factory: Factory;
  readonly name: string;
  readonly namespace: string;
  readonly allNamespaces: boolean;
  readonly selector: string;
  readonly fieldSelector: string;
  readonly sortBy: string;
  readonly containers: boolean;
  readonly noHeaders: boolean;
  readonly sum: boolean;
}

export default defineCommand({
  use: USE,
  aliases: ["pods", "po"],
  summary: "Display resource (CPU/memory) usage of pods",
  flags: {
    ...allNamespacesFlag,
    ...fieldSelectorFlag,
    ...selectorFlag,
    containers: boolFlag("Show the containers of each pod."),
    "no-headers": boolFlag("Leave the header line out."),
    "sort-by": stringFlag("Sort by cpu or memory."),
    sum: boolFlag("Print the sum below."),
    "use-protocol-buffers": boolFlag("Ask the Metrics API for protocol buffers.", { default: true }),
  },
  async toOptions(factory, args, { values }): Promise<TopPodOptions> {
    if (args.length > 1) throw new UsageError(USE);
    return {
      factory,
      name: args[0] ?? "",
      namespace: (await factory.namespace()).name,
      allNamespaces: values["all-namespaces"],
      selector: values.selector,
      fieldSelector: values["field-selector"],
      sortBy: values["sort-by"],
      containers: values.containers,
      noHeaders: values["no-headers"],
      sum: values.sum,
    };
  },
  validate({ sortBy, name, selector, fieldSelector }) {
    if (!["", "cpu", "memory"].includes(sortBy)) throw new CommandError("--sort-by accepts only cpu or memory");
    if (name !== "" && (selector !== "" || fieldSelector !== "")) throw new CommandError("only one of NAME or selector can be provided");
  },
  run: printUsage,
});

async function printUsage(options: TopPodOptions, io: IO): Promise<void> {
  const metrics = await readMetrics(options);
  if (metrics.length === 0) return io.err(options.allNamespaces ? "No resources found\n" : `No resources found in ${options.namespace} namespace.\n`);
  const lines = metrics.flatMap((pod) => linesOf(pod, options.containers)).sort((a, b) => compareUsage(options.sortBy, a, b));
  const { allNamespaces, containers } = options;
  const places = [...(allNamespaces ? ["NAMESPACE"] : []), ...(containers ? ["POD"] : [])];
  const rows = lines.map((line) => [...(allNamespaces ? [line.namespace] : []), ...(containers ? [line.pod] : []), line.name, usageText("cpu", line.cpu), usageText("memory", line.memory)]);
  const header = options.noHeaders ? [] : [[...places, "NAME", "CPU(cores)", "MEMORY(bytes)"]];
  const sums = options.sum ? sumRows(lines, places.length) : [];
  io.out(layOut([...header, ...rows, ...sums].map((cells) => `${cells.join("\t")}\t\n`).join(""), tableSettings));
}

async function readMetrics(options: TopPodOptions): Promise<PodMetrics[]> {
  const { factory, name, namespace, allNamespaces, selector, fieldSelector } = options;
  const ref: ResourceRef<PodMetrics> = { group: "metrics.k8s.io", version: await metricsVersion(factory), resource: "pods", kind: "PodMetrics", namespaced: true };
  const client = await factory.client();
  const resource = client.resource(ref, allNamespaces ? "" : namespace);
  if (name !== "") return [await resource.get(name)];
  const { items } = await resource.list({ labelSelector: selector, fieldSelector });
  if (items.length === 0 && (await client.resource(pods, allNamespaces ? "" : namespace).list({ labelSelector: selector, fieldSelector })).items.length > 0) {
    throw selector === "" ? new CommandError("metrics not available yet") : notFound(ref, "");
  }
  return items;
}

function linesOf({ metadata, containers }: PodMetrics, apart: boolean): Line[] {
  const place = { namespace: metadata.namespace ?? "", pod: metadata.name ?? "" };
  if (apart) return containers.map(({ name, usage }) => ({ ...place, name, cpu: total([usage["cpu"]]), memory: total([usage["memory"]]) }));
  return [{ ...place, name: place.pod, cpu: total(containers.map(({ usage }) => usage["cpu"])), memory: total(containers.map(({ usage }) => usage["memory"])) }];
}

function sumRows(lines: readonly Line[], places: number): string[][] {
  const cpu = lines.reduce((sum, line) => sum.add(line.cpu), total([]));
  const memory = lines.reduce((sum, line) => sum.add(line.memory), total([]));
  const empty = Array.from({ length: places }, () => "");
  return [
    [...empty, "", "________", "________"],
    [...empty, "", usageText("cpu", cpu), usageText("memory", memory)],
  ];
}
