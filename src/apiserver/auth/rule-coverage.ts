// Behaviour: k8s.io/component-helpers/auth/rbac/validation/policy_comparator.go: whether some rules allow all that others do.
import type { PolicyRule } from "../../api/generated/types/rbac/v1.ts";

/** What of `wanted` the rules held do not allow, broken down into single permissions. */
export function uncoveredRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(breakDown).filter((single) => !held.some((rule) => covers(rule, single)));
}

function breakDown(rule: PolicyRule): PolicyRule[] {
  const single: PolicyRule[] = [];
  for (const group of rule.apiGroups ?? []) {
    for (const resource of rule.resources ?? []) {
      for (const verb of rule.verbs) {
        const names = rule.resourceNames ?? [];
        if (names.length === 0) single.push({ apiGroups: [group], resources: [resource], verbs: [verb] });
        for (const name of names) single.push({ apiGroups: [group], resources: [resource], verbs: [verb], resourceNames: [name] });
      }
    }
  }
  for (const url of rule.nonResourceURLs ?? []) for (const verb of rule.verbs) single.push({ nonResourceURLs: [url], verbs: [verb] });
  return single;
}

function covers(held: PolicyRule, wanted: PolicyRule): boolean {
  return (
    hasAll(held.verbs, wanted.verbs) &&
    hasAll(held.apiGroups ?? [], wanted.apiGroups ?? []) &&
    (wanted.resources ?? []).every((resource) => coversResource(held.resources ?? [], resource)) &&
    (wanted.nonResourceURLs ?? []).every((url) => (held.nonResourceURLs ?? []).some((own) => coversUrl(own, url))) &&
    coversNames(held.resourceNames ?? [], wanted.resourceNames ?? [])
  );
}

function hasAll(held: readonly string[], wanted: readonly string[]): boolean {
  return held.includes("*") || wanted.every((value) => held.includes(value));
}

function coversResource(held: readonly string[], wanted: string): boolean {
  if (held.includes("*") || held.includes(wanted)) return true;
  const slash = wanted.indexOf("/");
  return slash >= 0 && held.includes(`*/${wanted.slice(slash + 1)}`);
}

function coversUrl(held: string, wanted: string): boolean {
  return held === "*" || held === wanted || (held.endsWith("*") && wanted.startsWith(held.replace(/\*+$/, "")));
}

function coversNames(held: readonly string[], wanted: readonly string[]): boolean {
  if (wanted.length === 0) return held.length === 0;
  return held.length === 0 || wanted.every((name) => held.includes(name));
}

/** Joins rules that differ in nothing but their verbs. */
export function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const compact: PolicyRule[] = [];
  const byResource = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
    const isSimple = apiGroups.length === 1 && resources.length === 1 && resourceNames.length === 0 && nonResourceURLs.length === 0;
    const key = `${apiGroups[0]}/${resources[0]}`;
    const existing = isSimple ? byResource.get(key) : undefined;
    if (existing !== undefined) {
      for (const verb of rule.verbs) if (!existing.verbs.includes(verb)) existing.verbs.push(verb);
      continue;
    }
    const copy = { ...rule, verbs: [...rule.verbs] };
    compact.push(copy);
    if (isSimple) byResource.set(key, copy);
  }
  return compact;
}

/** `{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}`, as messages show a rule. */
export function describeRule(rule: PolicyRule): string {
  const parts = [
    ["APIGroups", rule.apiGroups],
    ["Resources", rule.resources],
    ["NonResourceURLs", rule.nonResourceURLs],
    ["ResourceNames", rule.resourceNames],
    ["Verbs", rule.verbs],
  ] as const;
  const texts = parts.flatMap(([name, values]) => ((values ?? []).length === 0 ? [] : [`${name}:[${(values ?? []).map((value) => JSON.stringify(value)).join(" ")}]`]));
  return `{${texts.join(", ")}}`;
}
