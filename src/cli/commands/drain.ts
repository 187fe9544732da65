// Behaviour: k8s.io/kubectl/pkg/cmd/drain/drain.go (NewCmdDrain, RunDrain).
import type { Pod } from "../../api/generated/types/core/v1.ts";
import { parseLabelSelector } from "../../api/label-selector.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { defineCommand } from "../command.ts";
import { printWarning } from "../warning-printer.ts";
import { type EvictOptions, evictOrDelete } from "../drain/evict.ts";
import { findNodes, markNodes, printChange } from "../drain/nodes.ts";
import { type PodFilterOptions, podsToDelete } from "../drain/pod-filters.ts";
import { CommandError, ErrorList, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { type DryRun, chunkSizeFlag, dryRunFlag, readDryRun, selectorFlag } from "../flag-groups.ts";
import { boolFlag, durationFlag, intFlag, stringFlag } from "../flags.ts";

interface DrainOptions {
  readonly factory: Factory;
  readonly dryRun: DryRun;
  readonly nodes: Awaited<ReturnType<typeof findNodes>>;
  readonly filter: PodFilterOptions;
  readonly eviction: Pick<EvictOptions, "gracePeriod" | "disableEviction" | "timeoutMs" | "skipWaitSeconds">;
}

export default defineCommand({
  use: "drain NODE",
  summary: "Drain node in preparation for maintenance",
  description:
    "The node takes no more pods, and those on it are evicted, which disruption budgets may delay. Pods of daemon sets stay; pods that nothing would replace go only with --force, pods with emptyDir volumes only with --delete-emptydir-data.",
  examples: `
    # A node with pods of daemon sets
    kubectl drain worker --ignore-daemonsets

    # With pods that nothing replaces, and a quarter of an hour to end
    kubectl drain worker --force --grace-period=900`,
  flags: {
    ...chunkSizeFlag,
    ...dryRunFlag,
    ...selectorFlag,
    "delete-emptydir-data": boolFlag("Go on though pods use emptyDir volumes, whose data is lost."),
    "disable-eviction": boolFlag("Delete pods instead of evicting them; disruption budgets do not count."),
    force: boolFlag("Go on though pods declare no controller."),
    "grace-period": intFlag("Seconds that each pod has to end gracefully. A negative number means the pod's own.", { default: -1 }),
    "ignore-daemonsets": boolFlag("Leave pods of daemon sets alone."),
    "pod-selector": stringFlag("Label selector of the pods to go."),
    "skip-wait-for-delete-timeout": intFlag("Do not wait for pods that are going for more than this many seconds; 0 waits for all."),
    timeout: durationFlag("How long to wait before giving up; zero means forever."),
  },
  async toOptions(factory, args, { values, changed }): Promise<DrainOptions> {
    const nodes = () => findNodes(factory, args, values.selector, changed("selector"), "drain NODE", values["chunk-size"]);
    const dryRun = readDryRun(values["dry-run"], factory.io);
    if (values["pod-selector"] !== "") checkSelector(values["pod-selector"]);
    const skipWaitSeconds = values["skip-wait-for-delete-timeout"];
    return {
      factory,
      dryRun,
      nodes: await nodes(),
      filter: {
        force: values.force,
        ignoreDaemonSets: values["ignore-daemonsets"],
        deleteEmptyDirData: values["delete-emptydir-data"],
        podSelector: values["pod-selector"],
        skipWaitSeconds,
        chunkSize: values["chunk-size"],
      },
      eviction: { gracePeriod: values["grace-period"], disableEviction: values["disable-eviction"], timeoutMs: values.timeout, skipWaitSeconds },
    };
  },
  run: drain,
});

function checkSelector(text: string): void {
  try {
    parseLabelSelector(text);
  } catch {
    throw new CommandError("--pod-selector=<pod_selector> must be a valid label selector");
  }
}

async function drain(options: DrainOptions): Promise<void> {
  const { factory, dryRun, nodes } = options;
  const { io } = factory;
  await markNodes(factory, nodes, true, dryRun);
  const errors: unknown[] = [];
  const pending: string[] = [];
  for (const node of nodes) {
    try {
      await drainNode(options, node.name);
      printChange(factory, node.object as UnstructuredObject, "drained", dryRun);
    } catch (error) {
      io.err(`error: unable to drain node ${JSON.stringify(node.name)} due to error: ${messageOf(error)}, continuing command...\n`);
      errors.push(...(error instanceof ErrorList ? error.errors : [error]));
      pending.push(node.name);
    }
  }
  if (pending.length > 0) io.err(`There are pending nodes to be drained:\n${pending.map((name) => ` ${name}\n`).join("")}`);
  if (errors.length > 0) throw new ErrorList(errors);
}

async function drainNode({ factory, dryRun, filter, eviction }: DrainOptions, node: string): Promise<void> {
  const { io } = factory;
  const client = await factory.client();
  const { pods, warnings } = await podsToDelete(client, node, filter, io.clock);
  if (warnings !== "") printWarning(factory.io, warnings);
  if (dryRun === "client") {
    for (const { metadata } of pods) io.out(`evicting pod ${metadata.namespace}/${metadata.name} (dry run)\n`);
    return;
  }
  const finished = (pod: Pod, operation: string) => printChange(factory, { ...pod, apiVersion: "v1", kind: "Pod" } as unknown as UnstructuredObject, operation, dryRun);
  try {
    await evictOrDelete(pods, { ...eviction, client, io, serverDryRun: dryRun === "server", finished });
  } catch (error) {
    const rest = await podsToDelete(client, node, filter, io.clock).catch((second: unknown) => {
      io.err(`Following errors occurred while getting the list of pods to delete:\n${messageOf(second)}`);
      return { pods: [] };
    });
    if (rest.pods.length > 0) {
      io.err(`There are pending pods in node ${JSON.stringify(node)} when an error occurred: ${messageOf(error)}\n${rest.pods.map(({ metadata }) => `pod/${metadata.name}\n`).join("")}`);
    }
    throw error;
  }
}
