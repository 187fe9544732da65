// Behaviour: SetDefaults_MatchResources and SetDefaults_Rule in k8s.io/kubernetes/pkg/apis/admissionregistration/v1/defaults.go.
import type { MatchResources, Rule } from "../../../api/generated/types/admissionregistration/v1.ts";

/** Fills the defaults of what a policy or a binding is about. */
export function defaultMatchResources(resources: MatchResources | undefined): void {
  if (resources === undefined) return;
  resources.matchPolicy ??= "Equivalent";
  resources.namespaceSelector ??= {};
  resources.objectSelector ??= {};
  defaultRules(resources.resourceRules);
  defaultRules(resources.excludeResourceRules);
}

/** A rule that names no scope is about all. */
export function defaultRules(rules: readonly Rule[] | undefined): void {
  for (const rule of rules ?? []) rule.scope ??= "*";
}
