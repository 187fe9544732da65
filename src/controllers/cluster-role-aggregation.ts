// Behaviour: pkg/controller/clusterroleaggregation: a ClusterRole with an aggregation rule has the rules of all that it selects.
import type { ClusterRole, PolicyRule } from "../api/generated/types/rbac/v1.ts";
import { semanticEqual } from "../api/equality.ts";
import { labelSelector } from "../api/label-selector.ts";
import { clusterRoles } from "../api/resource-refs.ts";
import type { Controller, ControllerContext } from "./runtime.ts";
import { keyOf, watch } from "./runtime.ts";

const FIELD_MANAGER = "clusterrole-aggregation-controller";

/** Keeps the rules of aggregated ClusterRoles in step with the roles they select. */
export function createClusterRoleAggregationController({ client, informers }: ControllerContext): Controller {
  const roles = informers.informer(clusterRoles);
  return {
    name: "clusterrole-aggregation-controller",
    watches: [watch(clusterRoles, () => roles.list().filter((role) => role.aggregationRule !== undefined).map(keyOf))],
    async reconcile(name) {
      const role = roles.get(name);
      if (role?.aggregationRule === undefined) return;
      const rules = aggregatedRules(role, roles.list());
      if (semanticEqual(rules, role.rules)) return;
      const apply = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules };
      await client.resource(clusterRoles).patch(name, "application/apply-patch+yaml", apply, { fieldManager: FIELD_MANAGER, force: true });
    },
  };
}

/** The rules of the selected roles, each once, selector after selector and role after role by name. */
export function aggregatedRules(role: ClusterRole, all: readonly ClusterRole[]): PolicyRule[] {
  const rules: PolicyRule[] = [];
  const byName = [...all].sort((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1));
  for (const spec of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const selector = labelSelector(spec);
    for (const { metadata, rules: own } of byName) {
      if (metadata.name === role.metadata.name || !selector.matches(metadata.labels)) continue;
      for (const rule of own ?? []) if (!rules.some((known) => semanticEqual(known, rule))) rules.push(rule);
    }
  }
  return rules;
}
