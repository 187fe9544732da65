// Behaviour: pkg/scheduler/framework/plugins/podtopologyspread (systemDefaultConstraints).
import type { Pod } from "../api/generated/types/core/v1.ts";
import { labelSelectorOfMap } from "../api/label-selector.ts";
import { controllerOf } from "../api/owner-references.ts";
import type { SpreadConstraint } from "./topology.ts";

const DEFAULTS = [
  { topologyKey: "kubernetes.io/hostname", maxSkew: 3 },
  { topologyKey: "topology.kubernetes.io/zone", maxSkew: 5 },
];

/** The constraints of a pod that has none of its own: pods of one controller, which have the same labels, spread over nodes and zones. */
export function controllerSelector(pod: Pod): SpreadConstraint[] {
  const labels = pod.metadata.labels ?? {};
  if (controllerOf(pod.metadata) === undefined || Object.keys(labels).length === 0) return [];
  const selector = labelSelectorOfMap(labels);
  return DEFAULTS.map((constraint) => ({ spec: { ...constraint, whenUnsatisfiable: "ScheduleAnyway" }, selector }));
}
