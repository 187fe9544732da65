// Resources of which nothing is kept: reviews, and views of other things. Discovery and OpenAPI name them all the same.
import type { Resource, Verb } from "../resource.ts";

function virtual(group: string, kind: string, type: string, namespaced: boolean, verbs: readonly Verb[] = ["create"], more: Partial<Resource> = {}): Resource {
  const singular = kind.toLowerCase();
  return { group, version: "v1", kind, resource: `${singular}s`, singular, namespaced, verbs, type, validateName: () => [], ...more };
}

/** The virtual resources of the built-in groups. */
export const virtualResources: readonly Resource[] = [
  virtual("", "Binding", "core.v1.Binding", true),
  virtual("", "ComponentStatus", "core.v1.ComponentStatus", false, ["get", "list"], { resource: "componentstatuses", shortNames: ["cs"] }),
  virtual("authentication.k8s.io", "SelfSubjectReview", "authentication.v1.SelfSubjectReview", false),
  virtual("authentication.k8s.io", "TokenReview", "authentication.v1.TokenReview", false),
  virtual("authorization.k8s.io", "LocalSubjectAccessReview", "authorization.v1.LocalSubjectAccessReview", true),
  virtual("authorization.k8s.io", "SelfSubjectAccessReview", "authorization.v1.SelfSubjectAccessReview", false),
  virtual("authorization.k8s.io", "SelfSubjectRulesReview", "authorization.v1.SelfSubjectRulesReview", false),
  virtual("authorization.k8s.io", "SubjectAccessReview", "authorization.v1.SubjectAccessReview", false),
];

/** All resources to tell clients of: those that are kept, and the virtual ones among which they are not. */
export function withVirtualResources(resources: readonly Resource[]): Resource[] {
  const known = new Set(resources.map(({ group, resource }) => `${group}/${resource}`));
  return [...resources, ...virtualResources.filter(({ group, resource }) => !known.has(`${group}/${resource}`))];
}
