// Behaviour: k8s.io/kubectl/pkg/cmd/edit and pkg/cmd/util/editor/editoptions.go (NormalEditMode).
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { formatApiVersion, formatGroupResource, type UnstructuredObject } from "../../api/object.ts";
import { createMergePatch } from "../../api/patch/merge-patch.ts";
import { createTwoWayMergePatch } from "../../api/patch/strategic-merge-diff.ts";
import { savedConfig } from "../apply/saved-config.ts";
import { builtInPatchSchema } from "../built-in-patch-schema.ts";
import { defineCommand } from "../command.ts";
import { openEditor, withoutComments } from "../edit/editor.ts";
import { CommandError, ExitError, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { fieldManagerFlag, filenameFlags, filenameOptions, readValidation, saveConfigFlag, validateFlag } from "../flag-groups.ts";
import { boolFlag, stringFlag } from "../flags.ts";
import { readDocuments } from "../manifest-reader.ts";
import { ObjectWriter } from "../object-writer.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import { formatJson } from "../printers/json.ts";
import { withoutManagedFields } from "../printers/printer.ts";
import { formatYaml } from "../printers/yaml.ts";
import { type ResourceInfo, findResources } from "../resource-query.ts";

const HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

interface EditOptions {
  readonly factory: Factory;
  readonly infos: readonly ResourceInfo[];
  readonly writer: ObjectWriter;
  readonly json: boolean;
  readonly saveConfig: boolean;
  readonly subresource: string;
  print(object: UnstructuredObject): Promise<string>;
}

export default defineCommand({
  use: "edit (RESOURCE/NAME | -f FILENAME)",
  summary: "Edit a resource on the server",
  description: "The editor is the one of KUBE_EDITOR or EDITOR, else vi. What is saved is sent; when the server refuses it, the file is opened again with the reason.",
  examples: `
    # A service
    kubectl edit service/web

    # With another editor, as JSON
    KUBE_EDITOR=nano kubectl edit deployment/web -o json`,
  flags: {
    ...printFlags,
    ...fieldManagerFlag("kubectl-edit"),
    ...filenameFlags("File, folder or address that names the objects."),
    ...saveConfigFlag,
    ...validateFlag,
    "output-patch": boolFlag("Print the patch."),
    subresource: stringFlag("Edit this subresource of the object."),
  },
  async toOptions(factory, args, { values }): Promise<EditOptions> {
    const fieldValidation = readValidation(values.validate);
    const { subresource, output } = values;
    const query = { args, files: filenameOptions(values), namespace: await factory.namespace(), subresource, latest: true, flatten: true, continueOnError: true };
    const infos = await (await findResources(factory, query)).infos();
    if (infos.length === 0) throw new CommandError("edit cancelled, no objects found");
    const writer = new ObjectWriter(await factory.transport(), { fieldManager: values["field-manager"], fieldValidation });
    const print = async (object: UnstructuredObject) => (await changePrinter({ ...values, output: "" }, "edited")).print(object);
    return { factory, infos, writer, json: output === "json", saveConfig: values["save-config"], subresource, print };
  },
  async run(options) {
    for (const info of options.infos) await editOne(options, info);
  },
});

/** Edits one object until it is saved, or left as it is. */
async function editOne(options: EditOptions, info: ResourceInfo): Promise<void> {
  const { factory, json } = options;
  const { io } = factory;
  const original = withoutManagedFields(info.object as UnstructuredObject, false) as UnstructuredObject;
  const shown = json ? `${formatJson(original)}\n` : formatYaml(original);
  let failure = "";
  let offered = shown;
  for (;;) {
    const { text, path } = openEditor(`${HEADER}${failure}${offered}`, json ? ".json" : ".yaml", io);
    const content = withoutComments(text);
    const keepCopy = () => io.err(`A copy of your changes has been stored to ${JSON.stringify(path)}\n`);
    if (content.trim() === "" || content === withoutComments(shown)) {
      rmSync(dirname(path), { recursive: true, force: true });
      io.err(content.trim() === "" ? "Edit cancelled, saved file was empty.\n" : "Edit cancelled, no changes made.\n");
      return;
    }
    if (failure !== "" && content === withoutComments(offered)) {
      keepCopy();
      throw new ExitError(1, "error: Edit cancelled, no valid changes were saved.");
    }
    try {
      const changed = await save(options, info, original, readDocuments(content, path)[0] as UnstructuredObject);
      rmSync(dirname(path), { recursive: true, force: true });
      io.out(await options.print(changed));
      return;
    } catch (error) {
      failure = `${[`${formatGroupResource(info.mapping)} ${JSON.stringify(info.name)} was not valid:`, ...messageOf(error).split("\n").map((line) => `* ${line}`)].map((line) => `# ${line}`).join("\n")}\n#\n`;
      offered = content;
    }
  }
}

async function save({ writer, saveConfig, subresource }: EditOptions, info: ResourceInfo, original: UnstructuredObject, edited: UnstructuredObject): Promise<UnstructuredObject> {
  const { mapping, name } = info;
  if (edited.apiVersion !== formatApiVersion(mapping) || edited.kind !== mapping.kind || edited.metadata?.name !== name) {
    throw new CommandError("At least one of apiVersion, kind and name was changed");
  }
  const target = savedConfig(edited, saveConfig);
  const schema = builtInPatchSchema(mapping);
  if (schema === undefined) return writer.patch(info, "application/merge-patch+json", createMergePatch(original, target), { subresource });
  return writer.patch(info, "application/strategic-merge-patch+json", createTwoWayMergePatch(original, target, schema), { subresource });
}
