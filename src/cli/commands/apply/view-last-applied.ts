// Behaviour: k8s.io/kubectl/pkg/cmd/apply/apply_view_last_applied.go.
import { lastAppliedAnnotation } from "../../../api/patch/last-applied.ts";
import { defineCommand } from "../../command.ts";
import { CommandError, UsageError } from "../../errors.ts";
import { filenameFlags, filenameOptions, selectorFlag } from "../../flag-groups.ts";
import { boolFlag, stringFlag } from "../../flags.ts";
import { formatYaml } from "../../printers/yaml.ts";
import { findResources } from "../../resource-query.ts";

export default defineCommand({
  use: "view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
  summary: "View the latest last-applied-configuration annotations of a resource/object",
  examples: `
    # As YAML
    kubectl apply view-last-applied deployment/web

    # As JSON
    kubectl apply view-last-applied -f web.yaml -o json`,
  flags: {
    ...filenameFlags("File, folder or address that names the objects."),
    ...selectorFlag,
    all: boolFlag("Select all objects of the types in the namespace."),
    output: stringFlag("Output format. Must be one of (yaml, json).", { shorthand: "o", default: "yaml" }),
  },
  async toOptions(factory, args, { values }) {
    const query = { args, files: filenameOptions(values), allowEmptySelector: (await factory.namespace()).explicit, namespace: await factory.namespace(), selectAll: values.all, labelSelector: values.selector, latest: true, flatten: true };
    const result = await findResources(factory, query);
    const texts: string[] = [];
    await result.visit(({ object, name, source }) => {
      const text = object === undefined ? undefined : lastAppliedAnnotation(object);
      // kubectl passes no error on where a file names the object, and ends in silence.
      if (text === undefined && source === "") return;
      if (text === undefined) throw new CommandError(`error when no last-applied-configuration annotation found on resource: ${name}\n ${JSON.stringify(source)}: %!v(<nil>)`);
      texts.push(text);
    });
    return { texts, format: values.output };
  },
  async run({ texts, format }, io) {
    for (const text of texts) {
      if (format === "json") io.out(indented(text));
      else if (format === "yaml") io.out(formatYaml(JSON.parse(text)));
      else throw new UsageError(`Unexpected -o output mode: ${format}, the flag 'output' must be one of yaml|json`);
    }
  },
});

/** JSON with two spaces, its keys in their order, empty containers on one line, and what follows it kept. */
function indented(text: string): string {
  const end = text.endsWith("\n") ? "\n" : "";
  return `${JSON.stringify(JSON.parse(text), undefined, 2)}${end}`;
}
