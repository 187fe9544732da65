// Behaviour: k8s.io/kubectl/pkg/cmd/clusterinfo/clusterinfo_dump.go.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DaemonSet } from "../../api/generated/types/apps/v1.ts";
import type { Pod } from "../../api/generated/types/core/v1.ts";
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import { type ResourceRef, deployments, events, namespaces, nodes, pods, replicaSets, replicationControllers, services } from "../../api/resource-refs.ts";
import type { ApiClient } from "../../client/client.ts";
import { objectPath } from "../rest-mapper.ts";
import { requestBody } from "../../client/rest-client.ts";
import { defineCommand } from "../command.ts";
import { messageOf } from "../errors.ts";
import { allNamespacesFlag } from "../flag-groups.ts";
import { stringFlag, stringSliceFlag } from "../flags.ts";
import type { IO } from "../io.ts";
import { changeFormats, noPrinter, objectPrinter, printFlags } from "../print-flags.ts";
import type { ObjectPrinter } from "../printers/printer.ts";

const daemonSets: ResourceRef<DaemonSet> = { group: "apps", version: "v1", resource: "daemonsets", kind: "DaemonSet", namespaced: true };

/** What is dumped of each namespace, by file name. */
const DUMPED: readonly (readonly [name: string, ref: ResourceRef])[] = [
  ["events", events],
  ["replication-controllers", replicationControllers],
  ["services", services],
  ["daemonsets", daemonSets],
  ["deployments", deployments],
  ["replicasets", replicaSets],
  ["pods", pods],
];

interface DumpOptions {
  readonly client: ApiClient;
  readonly printer: ObjectPrinter;
  readonly extension: string;
  readonly directory: string;
  /** Empty for all namespaces. */
  readonly namespaces: readonly string[];
}

export default defineCommand({
  use: "dump [flags]",
  summary: "Dump relevant information for debugging and diagnosis",
  description: "Writes the nodes, and the workloads, services, events and logs of namespaces, to standard output or into a folder.",
  examples: `
    # To standard output
    kubectl cluster-info dump

    # All namespaces into a folder
    kubectl cluster-info dump -A --output-directory=./state`,
  flags: {
    ...printFlags,
    ...allNamespacesFlag,
    output: stringFlag(`Output format. One of: (${changeFormats.join(", ")}).`, { shorthand: "o", default: "json" }),
    namespaces: stringSliceFlag("Namespaces to dump, separated by commas; by default kube-system and the present one."),
    "output-directory": stringFlag("Folder to write files into; '-' or nothing writes to standard output."),
    "pod-running-timeout": stringFlag("How long to wait until a pod runs.", { default: "20s" }),
  },
  async toOptions(factory, _args, { values }): Promise<DumpOptions> {
    const printer = await objectPrinter(values);
    if (printer === undefined) throw noPrinter(values.output, changeFormats);
    const present = [...new Set(["kube-system", (await factory.namespace()).name])];
    return {
      client: await factory.client(),
      printer,
      extension: { json: ".json", yaml: ".yaml" }[values.output] ?? ".txt",
      directory: values["output-directory"] === "-" ? "" : values["output-directory"],
      namespaces: values["all-namespaces"] ? [] : values.namespaces.length > 0 ? values.namespaces : present,
    };
  },
  async run(options, io) {
    await dumpList(options, "nodes", nodes, "", io);
    const chosen = options.namespaces.length > 0 ? options.namespaces : (await options.client.resource(namespaces).list()).items.map(({ metadata }) => metadata.name ?? "");
    for (const namespace of chosen) {
      for (const [name, ref] of DUMPED) await dumpList(options, join(namespace, name), ref, namespace, io);
      await dumpLogs(options, namespace, io);
    }
    if (options.directory !== "") io.out(`Cluster info dumped to ${options.directory}\n`);
  },
});

async function dumpList(options: DumpOptions, name: string, ref: ResourceRef<KubernetesObject>, namespace: string, io: IO): Promise<void> {
  const list = await options.client.resource(ref, namespace).list();
  const items = list.items.map(({ apiVersion: _version, kind: _kind, ...rest }) => rest);
  emit(options, `${name}${options.extension}`, options.printer.print({ ...list, items } as unknown as UnstructuredObject), io);
}

async function dumpLogs(options: DumpOptions, namespace: string, io: IO): Promise<void> {
  for (const pod of (await options.client.resource(pods, namespace).list()).items) {
    const texts: string[] = [];
    for (const { name } of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) texts.push(await logsOf(options.client, pod, name));
    emit(options, join(namespace, pod.metadata.name ?? "", "logs.txt"), texts.join(""), io);
  }
}

async function logsOf(client: ApiClient, { metadata }: Pod, container: string): Promise<string> {
  const title = `logs for container ${container} of pod ${metadata.namespace}/${metadata.name} ====\n`;
  const path = `${objectPath(pods, metadata.namespace ?? "", metadata.name, "log")}?container=${encodeURIComponent(container)}`;
  let text: string;
  try {
    text = String(await requestBody(client.transport, { method: "GET", path }));
  } catch (error) {
    text = `Request log error: ${messageOf(error)}\n`;
  }
  return `==== START ${title}${text}==== END ${title}`;
}

function emit({ directory }: DumpOptions, name: string, text: string, io: IO): void {
  if (directory === "") return io.out(text);
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600 });
}
