// Behaviour: k8s.io/kubectl/pkg/describe (Role, ClusterRole and their bindings' describers) and pkg/util/rbac.
import type { ClusterRole, PolicyRule, RoleBinding } from "../../api/generated/types/rbac/v1.ts";
import { goText } from "../printers/go-values.ts";
import { defineDescriber, withoutEvents } from "./describer.ts";

/** A rule for one resource, or one path, with all its verbs. */
interface CompactRule {
  readonly group: string;
  readonly resource: string;
  readonly resourceNames: readonly string[];
  readonly nonResourceUrls: readonly string[];
  readonly verbs: readonly string[];
}

/** Rules taken apart into one a resource, and put together again by verb, in their order. */
export function compactRules(rules: readonly PolicyRule[]): CompactRule[] {
  const simple = new Map<string, CompactRule>();
  const others: CompactRule[] = [];
  for (const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs } of rules) {
    for (const group of apiGroups) {
      for (const resource of resources) {
        for (const names of resourceNames.length === 0 ? [[]] : resourceNames.map((name) => [name])) {
          const key = JSON.stringify([group, resource, names]);
          const known = simple.get(key)?.verbs ?? [];
          simple.set(key, { group, resource, resourceNames: names, nonResourceUrls: [], verbs: [...new Set([...known, ...verbs])] });
        }
      }
    }
    for (const url of nonResourceURLs) others.push(...verbs.map((verb) => ({ group: "", resource: "", resourceNames: [], nonResourceUrls: [url], verbs: [verb] })));
  }
  return [...others, ...simple.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** The rule as Go prints its protobuf message: what upstream sorts by. */
function sortKey({ group, resource, resourceNames, nonResourceUrls, verbs }: CompactRule): string {
  const list = (values: readonly string[]) => `[${values.join(" ")}]`;
  const isPath = nonResourceUrls.length > 0;
  return `&PolicyRule{Verbs:${list(verbs)},APIGroups:${isPath ? "[]" : list([group])},Resources:${isPath ? "[]" : list([resource])},ResourceNames:${list(resourceNames)},NonResourceURLs:${list(nonResourceUrls)},}`;
}

/** How a rule names its resource: "deployments.apps/scale". */
export function resourceText({ group, resource }: CompactRule): string {
  const slash = resource.indexOf("/");
  const [name, subresource] = slash === -1 ? [resource, ""] : [resource.slice(0, slash), resource.slice(slash)];
  return `${name}${group === "" ? "" : `.${group}`}${subresource}`;
}

/** Describes a role or cluster role. */
export const roleDescriber = defineDescriber<ClusterRole>({
  describe({ metadata, rules }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.write(0, "PolicyRule:\n");
    to.header(1, "Resources", "Non-Resource URLs", "Resource Names", "Verbs");
    for (const rule of compactRules(rules ?? [])) to.row(1, resourceText(rule), goText(rule.nonResourceUrls), goText(rule.resourceNames), goText(rule.verbs));
  },
  eventSubjects: withoutEvents,
});

/** Describes a binding of a role or cluster role. */
export const roleBindingDescriber = defineDescriber<RoleBinding>({
  describe({ metadata, roleRef, subjects }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.write(0, "Role:\n");
    to.field(1, "Kind", roleRef.kind);
    to.field(1, "Name", roleRef.name);
    to.write(0, "Subjects:\n");
    to.header(1, "Kind", "Name", "Namespace");
    for (const { kind, name, namespace } of subjects ?? []) to.row(1, kind, name, namespace);
  },
  eventSubjects: withoutEvents,
});
