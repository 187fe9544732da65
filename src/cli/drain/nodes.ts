// Behaviour: k8s.io/kubectl/pkg/cmd/drain/drain.go (Complete, RunCordonOrUncordon): which nodes a command names, and whether they take pods.
import type { Node } from "../../api/generated/types/core/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { CommandError, UsageError, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import type { DryRun } from "../flag-groups.ts";
import { ObjectWriter } from "../object-writer.ts";
import { namePrinter } from "../printers/printer.ts";
import { type ResourceInfo, findResources } from "../resource-query.ts";

/** The nodes named, or those of a selector; `use` is the command's usage line. */
export async function findNodes(factory: Factory, args: readonly string[], selector: string, selectorGiven: boolean, use: string, chunkSize = 500): Promise<ResourceInfo[]> {
  if (args.length === 0 && !selectorGiven) throw new UsageError(`USAGE: ${use} [flags]`);
  if (args.length > 0 && selector !== "") throw new UsageError("cannot specify both a node name and a --selector option");
  const query = selector === "" ? { type: "nodes", args } : { args: ["nodes"], labelSelector: selector };
  const result = await findResources(factory, { ...query, namespace: await factory.namespace(), chunkSize, singleType: true, flatten: true });
  const infos = await result.infos();
  for (const { mapping } of infos) {
    if (mapping.group !== "" || mapping.resource !== "nodes") {
      throw new CommandError(`error: expected resource of type node, got ${JSON.stringify(`${mapping.group}/${mapping.version}, Resource=${mapping.resource}`)}`);
    }
  }
  return infos;
}

/** "node/worker cordoned": what is printed of an object. */
export function printChange({ io }: Factory, object: UnstructuredObject, operation: string, dryRun: DryRun): void {
  const suffix = { none: "", client: " (dry run)", server: " (server dry run)" }[dryRun];
  io.out(namePrinter(`${operation}${suffix}`).print(object));
}

/** Marks nodes so that they take no more pods, or take them again. A node that cannot be marked does not keep the others. */
export async function markNodes(factory: Factory, infos: readonly ResourceInfo[], unschedulable: boolean, dryRun: DryRun): Promise<void> {
  const verb = unschedulable ? "cordon" : "uncordon";
  const writer = new ObjectWriter(await factory.transport(), { dryRun });
  for (const info of infos) {
    const object = info.object as UnstructuredObject;
    const { spec } = object as unknown as Node;
    if ((spec?.unschedulable ?? false) === unschedulable) {
      printChange(factory, object, `already ${verb}ed`, dryRun);
      continue;
    }
    try {
      if (dryRun !== "client") await writer.patch(info, "application/strategic-merge-patch+json", { spec: { unschedulable: unschedulable ? true : null } });
      printChange(factory, object, `${verb}ed`, dryRun);
    } catch (error) {
      factory.io.err(`error: unable to ${verb} node ${JSON.stringify(info.name)}: ${messageOf(error)}\n`);
    }
  }
}
