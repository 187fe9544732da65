// Behaviour: pkg/scheduler/framework/plugins/podtopologyspread (filtering.go).
import type { Filter } from "../framework.ts";
import { reject } from "../framework.ts";
import { countByDomain, spreadConstraints } from "../topology.ts";

const NO_MATCH = "node(s) didn't match pod topology spread constraints";

/** Keeps the numbers of pods in different domains within the allowed skew. */
export const podTopologySpread: Filter = {
  name: "PodTopologySpread",
  events: ["NodeAdd", "NodeUpdate", "AssignedPodAdd", "AssignedPodUpdate", "AssignedPodDelete"],
  prepare({ pod }, snapshot) {
    const constraints = spreadConstraints(pod, "DoNotSchedule");
    if (constraints.length === 0) return undefined;
    const rules = constraints.map((constraint) => {
      const counts = countByDomain(pod, constraint, constraints, snapshot.nodes);
      const fewest = counts.size < (constraint.spec.minDomains ?? 1) ? 0 : Math.min(...counts.values());
      return { ...constraint, counts, fewest, self: constraint.selector.matches(pod.metadata.labels) ? 1 : 0 };
    });
    return (node) => {
      for (const { spec, counts, fewest, self } of rules) {
        const value = node.labels[spec.topologyKey];
        if (value === undefined) return reject(`${NO_MATCH} (missing required label)`, false);
        if ((counts.get(value) ?? 0) + self - fewest > spec.maxSkew) return reject(NO_MATCH, true);
      }
      return undefined;
    };
  },
};
