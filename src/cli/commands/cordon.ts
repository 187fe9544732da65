// Behaviour: k8s.io/kubectl/pkg/cmd/drain/drain.go (NewCmdCordon).
import { defineCommand } from "../command.ts";
import { findNodes, markNodes } from "../drain/nodes.ts";
import { dryRunFlag, readDryRun, selectorFlag } from "../flag-groups.ts";

export default defineCommand({
  use: "cordon NODE",
  summary: "Mark node as unschedulable",
  examples: `
    # A node
    kubectl cordon worker`,
  flags: { ...dryRunFlag, ...selectorFlag },
  async toOptions(factory, args, { values, changed }) {
    const dryRun = readDryRun(values["dry-run"], factory.io);
    return { factory, dryRun, nodes: await findNodes(factory, args, values.selector, changed("selector"), "cordon NODE") };
  },
  run: ({ factory, dryRun, nodes }) => markNodes(factory, nodes, true, dryRun),
});
