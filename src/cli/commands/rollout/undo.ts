// Behaviour: k8s.io/kubectl/pkg/cmd/rollout/rollout_undo.go.
import type { UnstructuredObject } from "../../../api/object.ts";
import { defineCommand } from "../../command.ts";
import { type DryRun, dryRunFlag, readDryRun } from "../../flag-groups.ts";
import { intFlag } from "../../flags.ts";
import { type PrintOptions, changePrinter, printFlags } from "../../print-flags.ts";
import { typedPrinter } from "../../printers/typed.ts";
import { rollback } from "../../rollout/rollback.ts";
import { type RolloutWords, findRollouts, requireResource, rolloutFlags } from "../../rollout/rollout-query.ts";

interface UndoOptions extends RolloutWords {
  readonly print: PrintOptions;
  readonly toRevision: number;
  readonly dryRun: DryRun;
}

export default defineCommand({
  use: "undo (TYPE NAME | TYPE/NAME) [flags]",
  summary: "Undo a previous rollout",
  examples: `
    # Back to the revision before
    kubectl rollout undo deployment/web

    # Back to a certain one
    kubectl rollout undo daemonset/agent --to-revision=3

    # What that would be
    kubectl rollout undo deployment/web --dry-run=client`,
  flags: { ...printFlags, ...rolloutFlags, ...dryRunFlag, "to-revision": intFlag("The revision to go back to; 0 means the one before.") },
  toOptions: (factory, args, { values }): UndoOptions => ({ factory, args, values, print: values, toRevision: values["to-revision"], dryRun: readDryRun(values["dry-run"], factory.io) }),
  validate: (options) => requireResource(options),
  async run(options, io) {
    const { factory, print, toRevision, dryRun } = options;
    const result = await findRollouts(options);
    await result.visit(async (info) => {
      const operation = await rollback(factory, info, toRevision, dryRun);
      io.out(typedPrinter(await changePrinter(print, operation, dryRun), print).print(info.object as UnstructuredObject));
    });
  },
});
