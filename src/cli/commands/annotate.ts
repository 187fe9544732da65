// Behaviour: k8s.io/kubectl/pkg/cmd/annotate/annotate.go.
import { defineCommand } from "../command.ts";
import { CommandError } from "../errors.ts";
import { readDryRun } from "../flag-groups.ts";
import { type MetadataOptions, changeMetadata, checkMetadataOptions, metadataFlags } from "../metadata-change.ts";
import { readPairs, splitPairs } from "../pairs.ts";
import { CHANGE_CAUSE } from "../rollout/change-cause.ts";

export default defineCommand({
  use: "annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
  summary: "Update the annotations on a resource",
  description: "KEY- removes an annotation.",
  examples: `
    # Set an annotation
    kubectl annotate pods web-0 description='serves the shop'

    # Why a rollout was made
    kubectl annotate deployment/web kubernetes.io/change-cause='newer image'

    # Remove one
    kubectl annotate pods web-0 description-`,
  flags: metadataFlags("kubectl-annotate", "annotations"),
  toOptions(factory, args, { values }): MetadataOptions {
    const dryRun = readDryRun(values["dry-run"], factory.io);
    const { resources, pairs } = splitPairs(args, "annotation");
    const change = readPairs(pairs, "annotation", true);
    if (values.list && values.output !== "") throw new CommandError("--list and --output may not be specified together");
    return { factory, resources, values, dryRun, change, field: "annotations" };
  },
  validate(options) {
    checkMetadataOptions(options, { what: "annotation", example: "rsrc.yaml" });
    const { added, removed } = options.change;
    const both = removed.filter((key) => added.has(key));
    if (both.length > 0) throw new CommandError(`can not both modify and remove the following annotation(s) in the same command: ${both.join(", ")}`);
  },
  run: (options) =>
    changeMetadata(options, {
      refuse(present, added) {
        const problems = [...added].flatMap(([key, value]) => (key !== CHANGE_CAUSE && present[key] !== undefined && present[key] !== value ? [`'${key}' already has a value (${present[key]})`] : []));
        if (problems.length > 0) throw new CommandError(`--overwrite is false but found the following declared annotation(s): ${problems.join("; ")}`);
      },
      missing: () => {},
      operation: () => "annotated",
      printed: (_changed, answer) => answer,
    }),
});
