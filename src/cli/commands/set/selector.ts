// Behaviour: k8s.io/kubectl/pkg/cmd/set/set_selector.go.
import type { UnstructuredObject } from "../../../api/object.ts";
import { cloneJson } from "../../../api/patch/json-value.ts";
import { defineCommand } from "../../command.ts";
import { selectorSpec } from "../../create/selector-spec.ts";
import { CommandError } from "../../errors.ts";
import { dryRunFlag, fieldManagerFlag, filenameOptions, readDryRun } from "../../flag-groups.ts";
import { boolFlag, stringFlag, stringSliceFlag } from "../../flags.ts";
import { ObjectWriter } from "../../object-writer.ts";
import { changePrinter, printFlags } from "../../print-flags.ts";
import { typedPrinter } from "../../printers/typed.ts";
import { findResources } from "../../resource-query.ts";
import { twoWayPatch } from "../../set/typed-change.ts";

export default defineCommand({
  use: "selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]",
  summary: "Set the selector on a resource",
  description: "The new selector takes the place of the old one. Only services have selectors that can be set.",
  examples: `
    # A service's selector
    kubectl set selector service web app=web,tier=front`,
  flags: {
    ...printFlags,
    ...dryRunFlag,
    ...fieldManagerFlag("kubectl-set"),
    all: boolFlag("Select all objects of the types in the namespace."),
    filename: stringSliceFlag("File, folder or address that names the objects.", { shorthand: "f" }),
    local: boolFlag("Change the files' objects without the server."),
    recursive: boolFlag("Read the folders of -f with all that is below them.", { shorthand: "R", default: true }),
    "resource-version": stringFlag("Change the object only if this is its present resource version."),
  },
  async toOptions(factory, args, { values }) {
    const dryRun = readDryRun(values["dry-run"], factory.io);
    const expression = args.at(-1);
    const selector = expression === undefined ? undefined : selectorSpec(expression);
    const printer = typedPrinter(await changePrinter(values, "selector updated", dryRun), values);
    return { factory, words: args.slice(0, -1), values, dryRun, selector, printer };
  },
  validate({ selector }) {
    if (selector === undefined) throw new CommandError("one selector is required");
  },
  async run({ factory, words, values, dryRun, selector = {}, printer }, io) {
    const { local } = values;
    const result = await findResources(factory, {
      files: filenameOptions({ ...values, kustomize: "" }),
      namespace: await factory.namespace(),
      flatten: true,
      ...(local ? { local } : { args: words, allowEmptySelector: values.all, latest: true }),
    });
    await result.visit(async (info) => {
      const before = info.object as UnstructuredObject;
      const after = cloneJson(before);
      if (after.kind !== "Service") throw new CommandError("setting a selector is only supported for Services");
      if (selector.matchExpressions !== undefined) throw new CommandError(`match expression ${JSON.stringify(selector.matchExpressions)} not supported on this object`);
      (after["spec"] as { selector?: object }).selector = { ...selector.matchLabels };
      const patch = twoWayPatch(before, after, info.mapping);
      if (local || dryRun === "client") return io.out(printer.print(after));
      const version = values["resource-version"];
      const sent = version === "" ? patch : { ...patch, metadata: { resourceVersion: version } };
      const writer = new ObjectWriter(await factory.transport(), { dryRun, fieldManager: values["field-manager"] });
      io.out(printer.print(await writer.patch(info, "application/strategic-merge-patch+json", sent)));
    });
  },
});
