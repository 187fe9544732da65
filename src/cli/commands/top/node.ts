// Behaviour: k8s.io/kubectl/pkg/cmd/top/top_node.go.
import type { Node } from "../../../api/generated/types/core/v1.ts";
import { type Quantity, parseQuantity } from "../../../api/quantity.ts";
import { type ResourceRef, nodes } from "../../../api/resource-refs.ts";
import { defineCommand } from "../../command.ts";
import { CommandError, UsageError } from "../../errors.ts";
import type { Factory } from "../../factory.ts";
import { selectorFlag } from "../../flag-groups.ts";
import { boolFlag, stringFlag } from "../../flags.ts";
import type { IO } from "../../io.ts";
import { layOut, tableSettings } from "../../printers/tab-writer.ts";
import { type NodeMetrics, compareUsage, metricsVersion, total, usageText } from "./metrics.ts";

const USE = "node [NAME | -l label]";

interface TopNodeOptions {
  readonly factory: Factory;
  readonly name: string;
  readonly selector: string;
  readonly sortBy: string;
  readonly noHeaders: boolean;
  readonly showCapacity: boolean;
}

export default defineCommand({
  use: USE,
  aliases: ["nodes", "no"],
  summary: "Display resource (CPU/memory) usage of nodes",
  flags: {
    ...selectorFlag,
    "no-headers": boolFlag("Leave the header line out."),
    "show-capacity": boolFlag("Compare with the nodes' capacity, not with what is allocatable."),
    "sort-by": stringFlag("Sort by cpu or memory."),
    "use-protocol-buffers": boolFlag("Ask the Metrics API for protocol buffers.", { default: true }),
  },
  toOptions(factory, args, { values }): TopNodeOptions {
    if (args.length > 1) throw new UsageError(USE);
    return { factory, name: args[0] ?? "", selector: values.selector, sortBy: values["sort-by"], noHeaders: values["no-headers"], showCapacity: values["show-capacity"] };
  },
  validate({ sortBy, name, selector }) {
    if (!["", "cpu", "memory"].includes(sortBy)) throw new CommandError("--sort-by accepts only cpu or memory");
    if (name !== "" && selector !== "") throw new CommandError("only one of NAME or --selector can be provided");
  },
  run: printUsage,
});

async function printUsage(options: TopNodeOptions, io: IO): Promise<void> {
  const { factory, name, selector } = options;
  const ref: ResourceRef<NodeMetrics> = { group: "metrics.k8s.io", version: await metricsVersion(factory), resource: "nodes", kind: "NodeMetrics", namespaced: false };
  const client = await factory.client();
  const metrics = name === "" ? (await client.resource(ref).list({ labelSelector: selector })).items : [await client.resource(ref).get(name)];
  if (metrics.length === 0) throw new CommandError("metrics not available yet");
  const present = name === "" ? (await client.resource(nodes).list({ labelSelector: selector })).items : [await client.resource(nodes).get(name)];
  const usage = metrics.map((node) => ({ name: node.metadata.name ?? "", cpu: total([node.usage["cpu"]]), memory: total([node.usage["memory"]]) }));
  const rows = usage.sort((a, b) => compareUsage(options.sortBy, a, b)).map((line) => {
    const whole = wholeOf(present.find(({ metadata }) => metadata.name === line.name), options.showCapacity);
    return [line.name, usageText("cpu", line.cpu), percent(line.cpu, whole["cpu"]), usageText("memory", line.memory), percent(line.memory, whole["memory"])];
  });
  const missing = present.filter(({ metadata }) => !usage.some((line) => line.name === metadata.name)).map(({ metadata }) => [metadata.name ?? "", ...Array.from({ length: 4 }, () => "<unknown>")]);
  const header = options.noHeaders ? [] : [["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"]];
  io.out(layOut([...header, ...rows, ...missing].map((cells) => `${cells.join("\t")}\t\n`).join(""), tableSettings));
}

function wholeOf(node: Node | undefined, capacity: boolean): Readonly<Record<string, string>> {
  return (capacity ? node?.status.capacity : node?.status.allocatable) ?? {};
}

function percent(amount: Quantity, whole: string | undefined): string {
  const milli = Number(parseQuantity(whole ?? "0").milliValue());
  return `${milli === 0 ? 0 : Math.trunc((Number(amount.milliValue()) / milli) * 100)}%`;
}
