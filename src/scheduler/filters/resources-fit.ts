// Behaviour: pkg/scheduler/framework/plugins/noderesources (fit.go).
import type { Filter } from "../framework.ts";
import { reject } from "../framework.ts";

/** Where the well-known resources stand among the reasons. */
const FIRST = ["cpu", "memory", "ephemeral-storage"];

/** Keeps the requests on a node within what it can give, and the number of its pods within its limit. */
export const nodeResourcesFit: Filter = {
  name: "NodeResourcesFit",
  events: ["NodeAdd", "NodeUpdate", "AssignedPodDelete", "AssignedPodUpdate"],
  prepare({ requests }) {
    const wanted = [...requests].filter(([, amount]) => amount > 0).sort(([a], [b]) => rank(a) - rank(b));
    return (node) => {
      const reasons: string[] = [];
      let resolvable = true;
      if (node.pods.size + 1 > (node.allocatable.get("pods") ?? 0)) reasons.push("Too many pods");
      for (const [name, amount] of wanted) {
        const allocatable = node.allocatable.get(name) ?? 0;
        if (amount <= allocatable - (node.requested.get(name) ?? 0)) continue;
        reasons.push(`Insufficient ${name}`);
        if (amount > allocatable) resolvable = false;
      }
      return reasons.length === 0 ? undefined : reject(reasons, resolvable);
    };
  },
};

function rank(resource: string): number {
  const index = FIRST.indexOf(resource);
  return index < 0 ? FIRST.length : index;
}
