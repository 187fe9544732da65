// Behaviour: k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac: what roles allow; members of system:masters may do anything.
import type { PolicyRule } from "../../api/generated/types/rbac/v1.ts";
import type { AuthorizationAttributes, Authorizer } from "./authorizer.ts";
import type { RuleResolver } from "./rbac-rules.ts";

/** The group that no rule limits. */
export const MASTERS_GROUP = "system:masters";

/** Decides by roles and bindings. */
export function rbacAuthorizer(resolver: RuleResolver): Authorizer {
  return {
    authorize(attributes) {
      if (attributes.user.groups.includes(MASTERS_GROUP)) return { allowed: true, reason: "" };
      const problems: string[] = [];
      for (const found of resolver.rulesFor(attributes.user, attributes.namespace)) {
        if ("problem" in found) problems.push(found.problem);
        else if (ruleAllows(found.rule, attributes)) return { allowed: true, reason: `RBAC: allowed by ${found.source}` };
      }
      return { allowed: false, reason: problems.length === 0 ? "" : `RBAC: ${aggregate(problems)}` };
    },
  };
}

function aggregate(problems: readonly string[]): string {
  const unique = [...new Set(problems)];
  return unique.length === 1 ? (unique[0] ?? "") : `[${unique.join(", ")}]`;
}

/** Whether a rule covers a request. */
export function ruleAllows(rule: PolicyRule, attributes: AuthorizationAttributes): boolean {
  if (!includes(rule.verbs, attributes.verb)) return false;
  if (!attributes.isResourceRequest) return (rule.nonResourceURLs ?? []).some((url) => urlMatches(url, attributes.path));
  const { group, resource, subresource, name } = attributes;
  return includes(rule.apiGroups, group) && resourceMatches(rule.resources ?? [], resource, subresource) && nameMatches(rule.resourceNames ?? [], name);
}

function includes(values: readonly string[] | undefined, value: string): boolean {
  return values !== undefined && (values.includes("*") || values.includes(value));
}

function resourceMatches(resources: readonly string[], resource: string, subresource: string): boolean {
  const combined = subresource === "" ? resource : `${resource}/${subresource}`;
  return includes(resources, combined) || (subresource !== "" && resources.includes(`*/${subresource}`));
}

function nameMatches(names: readonly string[], name: string): boolean {
  return names.length === 0 || names.includes(name);
}

function urlMatches(url: string, path: string): boolean {
  return url === "*" || url === path || (url.endsWith("*") && path.startsWith(url.replace(/\*+$/, "")));
}
