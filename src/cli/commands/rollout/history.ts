// Behaviour: k8s.io/kubectl/pkg/cmd/rollout/rollout_history.go.
import type { UnstructuredObject } from "../../../api/object.ts";
import { defineCommand } from "../../command.ts";
import { CommandError } from "../../errors.ts";
import { intFlag } from "../../flags.ts";
import type { IO } from "../../io.ts";
import { type PrintOptions, changePrinter, printFlags } from "../../print-flags.ts";
import { typedPrinter } from "../../printers/typed.ts";
import { describeSettings, layOut } from "../../printers/tab-writer.ts";
import type { ResourceInfo } from "../../resource-query.ts";
import { type Revision, revisionsOf, templateText } from "../../rollout/history.ts";
import { type RolloutWords, findRollouts, groupKindOf, requireResource, rolloutFlags } from "../../rollout/rollout-query.ts";

interface HistoryOptions extends RolloutWords {
  readonly print: PrintOptions;
  readonly revision: number;
}

export default defineCommand({
  use: "history (TYPE NAME | TYPE/NAME) [flags]",
  summary: "View rollout history",
  examples: `
    # All revisions
    kubectl rollout history deployment/web

    # One with its pod template
    kubectl rollout history daemonset/agent --revision=3`,
  flags: { ...printFlags, ...rolloutFlags, revision: intFlag("Show this revision with its pod template.") },
  toOptions: (factory, args, { values }): HistoryOptions => ({ factory, args, values, print: values, revision: values.revision }),
  validate(options) {
    requireResource(options);
    if (options.revision < 0) throw new CommandError(`revision must be a positive integer: ${options.revision}`);
  },
  async run(options, io) {
    const result = await findRollouts(options);
    const client = await options.factory.client();
    await result.visit(async (info) => {
      if (info.mapping.group !== "apps" || !["Deployment", "DaemonSet", "StatefulSet"].includes(info.mapping.kind)) {
        throw new CommandError(`no history viewer has been implemented for ${JSON.stringify(groupKindOf(info))}`);
      }
      const byNumber = new Map((await revisionsOf(client, info)).map((revision) => [revision.number, revision]));
      if (options.print.output !== "") return printObjects(options, byNumber, io);
      return printHistory(options, info, byNumber, io);
    });
  },
});

async function printObjects({ print, revision }: HistoryOptions, revisions: ReadonlyMap<number, Revision>, io: IO): Promise<void> {
  const printer = typedPrinter(await changePrinter(print, ""), print);
  if (revision > 0) {
    const one = revisions.get(revision);
    if (one === undefined) throw new CommandError("unable to find the specified revision");
    io.out(printer.print(one.object as UnstructuredObject));
    return;
  }
  for (const one of inOrder(revisions)) io.out(printer.print(one.object as UnstructuredObject));
}

async function printHistory({ print, revision }: HistoryOptions, info: ResourceInfo, revisions: ReadonlyMap<number, Revision>, io: IO): Promise<void> {
  const text = await historyText(revisions, revision, io);
  const printer = await changePrinter(print, `${revision > 0 ? `with revision #${revision}` : ""}\n${text}`);
  io.out(printer.print(info.object as UnstructuredObject));
}

async function historyText(revisions: ReadonlyMap<number, Revision>, revision: number, io: IO): Promise<string> {
  if (revisions.size === 0) return "No rollout history found.";
  if (revision === 0) {
    const lines = inOrder(revisions).map(({ number, changeCause }) => `${number}\t${changeCause === "" ? "<none>" : changeCause}\n`);
    return layOut(`REVISION\tCHANGE-CAUSE\n${lines.join("")}`, describeSettings);
  }
  const one = revisions.get(revision);
  if (one === undefined) throw new CommandError("unable to find the specified revision");
  return templateText(one.template, io.clock);
}

function inOrder(revisions: ReadonlyMap<number, Revision>): Revision[] {
  return [...revisions.values()].sort((a, b) => a.number - b.number);
}
