// Behaviour: k8s.io/kubernetes/pkg/registry/rbac/validation/rule.go: the rules that bindings give to a user.
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, Subject } from "../../api/generated/types/rbac/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";
import type { Store } from "../../store/store.ts";
import { lookup, lookupAll } from "../object-storage.ts";
import type { UserInfo } from "../resource.ts";

const GROUP = "rbac.authorization.k8s.io";

/** A rule, and the binding that gives it, as reasons name it; or what was in the way of reading a binding's role. */
export type FoundRule = { readonly rule: PolicyRule; readonly source: string } | { readonly problem: string };

/** Resolves bindings to rules. */
export interface RuleResolver {
  /** The user's rules, cluster-wide ones first; `namespace` "" has no others. */
  rulesFor(user: UserInfo, namespace: string): Iterable<FoundRule>;
  /** The rules of the role that a binding refers to; undefined when it is not there. */
  rulesOf(roleRef: RoleRef, namespace: string): readonly PolicyRule[] | undefined;
}

/** Reads roles and bindings straight from the store; what is read is kept until one of them changes. */
export function storeRuleResolver(store: Store): RuleResolver {
  const bindings = new Map<string, readonly (RoleBinding & KubernetesObject)[]>();
  store.watch(`/${GROUP}/`, store.revision, () => bindings.clear());
  const list = (resource: string, namespace: string) => {
    const key = `${resource}/${namespace}`;
    let found = bindings.get(key);
    if (found === undefined) bindings.set(key, (found = lookupAll(store, { group: GROUP, resource }, namespace) as unknown as readonly (RoleBinding & KubernetesObject)[]));
    return found;
  };
  const rulesOf = (roleRef: RoleRef, namespace: string) => {
    const isClusterRole = roleRef.kind === "ClusterRole";
    const role = lookup(store, { group: GROUP, resource: isClusterRole ? "clusterroles" : "roles" }, isClusterRole ? "" : namespace, roleRef.name) as unknown as
      | Role
      | ClusterRole
      | undefined;
    return role && (role.rules ?? []);
  };
  const found = function* (user: UserInfo, binding: (RoleBinding | ClusterRoleBinding) & KubernetesObject, namespace: string): Iterable<FoundRule> {
    const subject = (binding.subjects ?? []).find((candidate) => appliesTo(user, candidate, namespace));
    if (subject === undefined) return;
    const rules = rulesOf(binding.roleRef, namespace);
    if (rules === undefined) {
      yield { problem: `${binding.roleRef.kind.toLowerCase()}.${GROUP} ${JSON.stringify(binding.roleRef.name)} not found` };
      return;
    }
    for (const rule of rules) yield { rule, source: describe(binding, subject, namespace) };
  };
  return {
    rulesOf,
    *rulesFor(user, namespace) {
      for (const binding of list("clusterrolebindings", "")) yield* found(user, binding, "");
      if (namespace === "") return;
      for (const binding of list("rolebindings", namespace)) yield* found(user, binding, namespace);
    },
  };
}

function appliesTo(user: UserInfo, subject: Subject, bindingNamespace: string): boolean {
  switch (subject.kind) {
    case "User":
      return user.name === subject.name;
    case "Group":
      return user.groups.includes(subject.name);
    case "ServiceAccount": {
      const namespace = subject.namespace || bindingNamespace;
      return namespace !== "" && user.name === `system:serviceaccount:${namespace}:${subject.name}`;
    }
    default:
      return false;
  }
}

/** As reasons name it: name before namespace. */
function describe(binding: (RoleBinding | ClusterRoleBinding) & KubernetesObject, subject: Subject, namespace: string): string {
  const isCluster = namespace === "";
  const name = isCluster ? binding.metadata.name : `${binding.metadata.name}/${namespace}`;
  const who = subject.kind === "ServiceAccount" ? `${subject.name}/${subject.namespace || namespace}` : subject.name;
  const { kind, name: role } = binding.roleRef;
  return `${isCluster ? "ClusterRoleBinding" : "RoleBinding"} ${JSON.stringify(name)} of ${kind} ${JSON.stringify(role)} to ${subject.kind} ${JSON.stringify(who)}`;
}
