// skiff status: what runs, where it answers, and what it costs.
import { existsSync, statSync } from "node:fs";
import { Chalk, type ChalkInstance } from "chalk";
import type { Node, Pod } from "../../api/generated/types/core/v1.ts";
import { nodes, pods } from "../../api/resource-refs.ts";
import type { ClusterPaths } from "../../client/cluster-paths.ts";
import { humanDuration } from "../../util/duration.ts";
import { chosenCluster, serverAddress, skiffCommand } from "../cluster/cluster-choice.ts";
import { residentBytes, runningDaemon } from "../cluster/daemon-process.ts";
import { localClient } from "../cluster/local-client.ts";
import { mayColour } from "../colour.ts";
import { defineCommand } from "../command.ts";
import { UsageError } from "../errors.ts";
import { stringFlag } from "../flags.ts";
import type { IO } from "../io.ts";

/** What `skiff status -o json` prints. */
export interface ClusterStatus {
  readonly name: string;
  readonly running: boolean;
  readonly folder: string;
  readonly pid?: number;
  readonly server?: string;
  readonly uptimeSeconds?: number;
  readonly memoryBytes?: number;
  readonly nodes?: readonly { readonly name: string; readonly ready: boolean }[];
  /** How many pods are in each phase. */
  readonly pods?: Readonly<Record<string, number>>;
}

export default defineCommand({
  use: "status",
  summary: "Show the local cluster's state",
  flags: { output: stringFlag("Output format. One of: (json).", { shorthand: "o" }) },
  toOptions(factory, args, { values }) {
    if (args.length > 0) throw new UsageError(`status takes no arguments, and was given ${JSON.stringify(args[0])}`);
    return { paths: chosenCluster(factory.io.env, factory.globals.name), output: values.output };
  },
  validate({ output }) {
    if (output !== "" && output !== "json") throw new UsageError(`--output must be json, and is ${JSON.stringify(output)}`);
  },
  async run({ paths, output }, io) {
    const status = await clusterStatus(paths, io);
    io.out(output === "json" ? `${JSON.stringify(status, undefined, 4)}\n` : formatStatus(status, new Chalk({ level: mayColour(io, "stdout") ? 1 : 0 })));
    return status.running ? 0 : 1;
  },
});

async function clusterStatus(paths: ClusterPaths, io: IO): Promise<ClusterStatus> {
  const { name, folder } = paths;
  const pid = await runningDaemon(paths);
  if (pid === undefined) return { name, running: false, folder };
  const client = localClient(paths);
  const [nodeList, podList] = await Promise.all([client.resource(nodes).list(), client.resource(pods).list()]);
  const memoryBytes = residentBytes(pid);
  const server = serverAddress(paths);
  return {
    name,
    running: true,
    folder,
    pid,
    ...(server !== undefined && { server }),
    uptimeSeconds: Math.round((io.clock.now() - statSync(paths.pidFile).mtimeMs) / 1000),
    ...(memoryBytes !== undefined && { memoryBytes }),
    nodes: nodeList.items.map((node) => ({ name: node.metadata.name ?? "", ready: isReady(node) })),
    pods: countBy(podList.items, (pod: Pod) => pod.status.phase ?? "Unknown"),
  };
}

/** The status as aligned lines. */
function formatStatus(status: ClusterStatus, colour: ChalkInstance): string {
  const lines: [string, string][] = [["Cluster", status.name]];
  if (!status.running) lines.push(["Daemon", existsSync(status.folder) ? `not running (start it with \`${skiffCommand("up", status.name)}\`)` : `none (make one with \`${skiffCommand("up", status.name)}\`)`]);
  else {
    const memory = status.memoryBytes === undefined ? "" : `, ${Math.round(status.memoryBytes / 1024 / 1024)} MB`;
    lines.push(["Daemon", `${colour.green("running")} (pid ${status.pid}, up ${humanDuration((status.uptimeSeconds ?? 0) * 1000)}${memory})`]);
    if (status.server !== undefined) lines.push(["API server", status.server]);
    lines.push(["Nodes", (status.nodes ?? []).map(({ name, ready }) => `${name} ${ready ? colour.green("Ready") : colour.red("NotReady")}`).join(", ") || "none"]);
    lines.push(["Pods", Object.entries(status.pods ?? {}).map(([phase, count]) => `${count} ${phase}`).join(", ") || "none"]);
  }
  lines.push(["Folder", status.folder]);
  return lines.map(([label, value]) => `${label.padEnd(12)}${value}\n`).join("");
}

function isReady(node: Node): boolean {
  return node.status.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
