// Behaviour: k8s.io/kubectl/pkg/cmd/drain/drain.go (NewCmdUncordon).
import { defineCommand } from "../command.ts";
import { findNodes, markNodes } from "../drain/nodes.ts";
import { dryRunFlag, readDryRun, selectorFlag } from "../flag-groups.ts";

export default defineCommand({
  use: "uncordon NODE",
  summary: "Mark node as schedulable",
  examples: `
    # A node
    kubectl uncordon worker`,
  flags: { ...dryRunFlag, ...selectorFlag },
  async toOptions(factory, args, { values, changed }) {
    const dryRun = readDryRun(values["dry-run"], factory.io);
    return { factory, dryRun, nodes: await findNodes(factory, args, values.selector, changed("selector"), "uncordon NODE") };
  },
  run: ({ factory, dryRun, nodes }) => markNodes(factory, nodes, false, dryRun),
});
