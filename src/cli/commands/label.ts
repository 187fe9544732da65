// Behaviour: k8s.io/kubectl/pkg/cmd/label/label.go.
import { isValidLabelValue } from "../../api/name-validation.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { defineCommand } from "../command.ts";
import { CommandError, ErrorList } from "../errors.ts";
import { readDryRun } from "../flag-groups.ts";
import { type MetadataChange, type MetadataOptions, changeMetadata, checkMetadataOptions, metadataFlags } from "../metadata-change.ts";
import { splitPairs } from "../pairs.ts";

export default defineCommand({
  use: "label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
  summary: "Update the labels on a resource",
  description: "KEY- removes a label. Keys and values begin with a letter or digit and may contain letters, digits, '-', '.' and '_'.",
  examples: `
    # Set a label
    kubectl label pods web-0 tier=front

    # Change one that is there
    kubectl label --overwrite pods web-0 tier=back

    # On all pods of the namespace
    kubectl label pods --all status=fine

    # Remove one
    kubectl label pods web-0 tier-`,
  flags: metadataFlags("kubectl-label", "labels"),
  toOptions(factory, args, { values }): MetadataOptions {
    const dryRun = readDryRun(values["dry-run"], factory.io);
    const { resources, pairs } = splitPairs(args, "label");
    const change = readLabels(pairs);
    if (values.list && values.output !== "") throw new CommandError("--list and --output may not be specified together");
    return { factory, resources, values, dryRun, change, field: "labels" };
  },
  validate: (options) => checkMetadataOptions(options, { what: "label", example: "pod.yaml" }),
  run: (options) =>
    changeMetadata(options, {
      refuse(present, added) {
        const problems = [...added].flatMap(([key, value]) => (present[key] !== undefined && present[key] !== value ? [new CommandError(`'${key}' already has a value (${present[key]}), and --overwrite is false`)] : []));
        if (problems.length > 0) throw new ErrorList(problems);
      },
      missing: (key) => options.factory.io.out(`label ${JSON.stringify(key)} not found.\n`),
      operation({ changed, shorter }) {
        if (!changed) return "not labeled";
        return shorter && !options.values.overwrite ? "unlabeled" : "labeled";
      },
      printed: (changed: UnstructuredObject) => changed,
    }),
});

function readLabels(pairs: readonly string[]): MetadataChange {
  const added = new Map<string, string>();
  const removed: string[] = [];
  for (const pair of pairs) {
    const [key = "", value = "", ...rest] = pair.split("=");
    if (pair.includes("=")) {
      if (rest.length > 0) throw new CommandError(`invalid label spec: ${pair}`);
      const problems = isValidLabelValue(value);
      if (problems.length > 0) throw new CommandError(`invalid label value: ${JSON.stringify(pair)}: ${problems.join(";")}`);
      added.set(key, value);
    } else if (pair.endsWith("-")) removed.push(pair.slice(0, -1));
    else throw new CommandError(`unknown label spec: ${pair}`);
  }
  if (removed.some((key) => added.has(key))) throw new CommandError("can not both modify and remove a label in the same command");
  return { added, removed };
}
