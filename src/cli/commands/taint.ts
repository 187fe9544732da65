// Behaviour: k8s.io/kubectl/pkg/cmd/taint/taint.go.
import type { Node } from "../../api/generated/types/core/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { defineCommand } from "../command.ts";
import { CommandError, ErrorList, UsageError, messageOf } from "../errors.ts";
import { dryRunFlag, fieldManagerFlag, readDryRun, readValidation, selectorFlag, validateFlag } from "../flag-groups.ts";
import { boolFlag } from "../flags.ts";
import { ObjectWriter } from "../object-writer.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import { typedPrinter } from "../printers/typed.ts";
import { findResources } from "../resource-query.ts";
import { twoWayPatch } from "../set/typed-change.ts";
import { changedTaints, readTaints, splitTaintWords, takenKeys } from "../taint/taint-words.ts";

export default defineCommand({
  use: "taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N",
  summary: "Update the taints on one or more nodes",
  description: "A taint keeps pods off a node that do not tolerate it. The effect is NoSchedule, PreferNoSchedule or NoExecute; KEY:EFFECT- or KEY- removes.",
  examples: `
    # A taint
    kubectl taint nodes worker dedicated=shop:NoSchedule

    # Away with it
    kubectl taint nodes worker dedicated:NoSchedule-`,
  flags: {
    ...printFlags,
    ...dryRunFlag,
    ...fieldManagerFlag("kubectl-taint"),
    ...selectorFlag,
    ...validateFlag,
    all: boolFlag("Select all nodes of the cluster."),
    overwrite: boolFlag("Replace taints that are there."),
  },
  async toOptions(factory, args, { values }) {
    const dryRun = readDryRun(values["dry-run"], factory.io);
    const fieldValidation = readValidation(values.validate);
    const { resources, changes } = splitTaintWords(args);
    if (resources.length === 0) throw new CommandError("one or more resources must be specified as <resource> <name>");
    if (changes.length === 0) throw new CommandError("at least one taint update is required");
    try {
      return { factory, values, dryRun, fieldValidation, resources, ...readTaints(changes), mapper: await factory.mapper() };
    } catch (error) {
      throw error instanceof CommandError ? new UsageError(error.message) : error;
    }
  },
  async run({ factory, values, dryRun, fieldValidation, resources, added, removed, mapper }, io) {
    const [type = "", ...names] = resources;
    const mapping = await mapper.resource(type.toLowerCase());
    if (mapping.kind !== "Node") throw new CommandError(`invalid resource type ${type.toLowerCase()}, only node types are supported`);
    const both = removed.filter(({ key, effect }) => added.some((taint) => taint.key === key && (effect === "" || effect === taint.effect)));
    if (both.length > 0) {
      throw new CommandError(`can not both modify and remove the following taint(s) in the same command: ${both.map(({ key, effect }) => `${key}=${effect}`).join(", ")}`);
    }
    if (values.all && values.selector !== "") throw new CommandError("setting 'all' parameter with a non empty selector is prohibited");
    if (!values.all && values.selector === "" && names.length === 0) throw new CommandError("at least one resource name must be specified since 'all' parameter is not set");
    const bulk = values.all || values.selector !== "";
    const result = await findResources(factory, {
      ...(bulk ? { args: ["nodes"], labelSelector: values.selector, selectAll: values.all } : { type: "nodes", args: names }),
      namespace: await factory.namespace(),
      flatten: true,
      latest: true,
      continueOnError: true,
    });
    const writer = new ObjectWriter(await factory.transport(), { dryRun, fieldManager: values["field-manager"], fieldValidation });
    await result.visit(async (info) => {
      const before = info.object as UnstructuredObject;
      const present = (before as unknown as Node).spec?.taints ?? [];
      const taken = values.overwrite ? [] : takenKeys(present, added);
      if (taken.length > 0) throw new CommandError(`node ${info.name} already has ${taken.join(",")} taint(s) with same effect(s) and --overwrite is false`);
      const { taints, operation } = change(present);
      const after = { ...before, spec: { ...(before["spec"] as object), taints } };
      const printer = typedPrinter(await changePrinter(values, operation), values);
      if (dryRun === "client") io.out(printer.print(after));
      else io.out(printer.print(await writer.patch(info, "application/strategic-merge-patch+json", twoWayPatch(before, after, info.mapping))));
    });

    function change(present: Parameters<typeof changedTaints>[0]) {
      try {
        return changedTaints(present, added, removed, values.overwrite);
      } catch (error) {
        throw error instanceof ErrorList ? new CommandError(messageOf(error)) : error;
      }
    }
  },
});
