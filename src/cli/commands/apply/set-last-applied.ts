// Behaviour: k8s.io/kubectl/pkg/cmd/apply/apply_set_last_applied.go.
import { isNotFound } from "../../../api/errors.ts";
import type { UnstructuredObject } from "../../../api/object.ts";
import type { JsonObject } from "../../../api/patch/json-value.ts";
import { LAST_APPLIED_ANNOTATION, lastAppliedAnnotation, lastAppliedConfiguration } from "../../../api/patch/last-applied.ts";
import { describeInfo } from "../../apply/patcher.ts";
import { defineCommand } from "../../command.ts";
import { CommandError } from "../../errors.ts";
import { dryRunFlag, readDryRun } from "../../flag-groups.ts";
import { boolFlag, stringSliceFlag } from "../../flags.ts";
import { ObjectWriter, withSource } from "../../object-writer.ts";
import { changePrinter, printFlags } from "../../print-flags.ts";
import { type ResourceInfo, findResources } from "../../resource-query.ts";
import { getObject } from "../../resource-requests.ts";

export default defineCommand({
  use: "set-last-applied -f FILENAME",
  summary: "Set the last-applied-configuration annotation on a live object to match the contents of a file",
  description: "Nothing else of the object changes.",
  examples: `
    # The annotation of a deployment that was not applied before
    kubectl apply set-last-applied -f web.yaml --create-annotation=true`,
  flags: {
    ...printFlags,
    ...dryRunFlag,
    "create-annotation": boolFlag("Create the annotation on objects that do not have it."),
    filename: stringSliceFlag("File, folder or address that holds the configuration.", { shorthand: "f" }),
  },
  async toOptions(factory, _args, { values }) {
    const dryRun = readDryRun(values["dry-run"], factory.io);
    const printer = await changePrinter(values, "configured", dryRun);
    const files = { filenames: values.filename, kustomize: "", recursive: false };
    const result = await findResources(factory, { files, namespace: await factory.namespace(), flatten: true });
    const changes: { info: ResourceInfo; current: UnstructuredObject; value: string }[] = [];
    await result.visit(async (info) => {
      const value = lastAppliedConfiguration(info.object as JsonObject);
      const current = await getObject(await factory.transport(), info).catch((error: unknown) => {
        throw isNotFound(error) ? error : withSource(`retrieving current configuration of:\n${describeInfo(info)}\nfrom server for:`, info.source, error);
      });
      const before = lastAppliedAnnotation(current);
      if (before === undefined && !values["create-annotation"]) {
        throw new CommandError(`no last-applied-configuration annotation found on resource: ${info.name}, to create the annotation, run the command with --create-annotation`);
      }
      if (before === value) factory.io.out(`set-last-applied ${info.name}: no changes required.\n`);
      else changes.push({ info, current, value });
    });
    return { writer: new ObjectWriter(await factory.transport(), { dryRun }), dryRun, printer, changes };
  },
  async run({ writer, dryRun, printer, changes }, io) {
    for (const { info, current, value } of changes) {
      const patch = { metadata: { annotations: { [LAST_APPLIED_ANNOTATION]: value } } };
      io.out(printer.print(dryRun === "client" ? current : await writer.patch(info, "application/merge-patch+json", patch)));
    }
  },
});
