// Behaviour: k8s.io/kubernetes/pkg/registry/rbac (escalation_check.go, */policybased): nobody grants what they have not.
import { forbidden } from "../../api/errors.ts";
import type { ClusterRole, PolicyRule, RoleBinding } from "../../api/generated/types/rbac/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission/admission.ts";
import { deepEqual } from "../registry/deep-equal.ts";
import type { UserInfo } from "../resource.ts";
import type { AuthorizationAttributes, Authorizer } from "./authorizer.ts";
import { MASTERS_GROUP } from "./rbac-authorizer.ts";
import type { RuleResolver } from "./rbac-rules.ts";
import { compactRules, describeRule, uncoveredRules } from "./rule-coverage.ts";

const GROUP = "rbac.authorization.k8s.io";
const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/** Checks writes of roles and bindings. */
export function rbacEscalationCheck(resolver: RuleResolver, authorizer: Authorizer): AdmissionStep {
  return {
    name: "RBACEscalation",
    async validate(request) {
      const { resource, operation, subresource, object, context } = request;
      if (resource.group !== GROUP || subresource !== "" || object === undefined || (operation !== "CREATE" && operation !== "UPDATE")) return;
      if (context.user.groups.includes(MASTERS_GROUP) || changesOnlyGarbageCollection(request, object)) return;
      const isBinding = resource.kind.endsWith("Binding");
      const wanted = isBinding ? await rulesOfBinding(request, object, resolver, authorizer) : await rulesOfRole(request, object, authorizer);
      if (wanted !== undefined) confirmNoEscalation(request, wanted, resolver);
    },
  };
}

/** The garbage collector's own fields may change whatever the rules are. */
function changesOnlyGarbageCollection({ old }: AdmissionRequest, object: UnstructuredObject): boolean {
  if (old === undefined) return false;
  const strip = (value: UnstructuredObject) => ({
    ...value,
    metadata: { ...value.metadata, ownerReferences: undefined, finalizers: undefined, resourceVersion: undefined, managedFields: undefined },
  });
  return deepEqual(strip(object), strip(old as UnstructuredObject));
}

async function rulesOfRole(request: AdmissionRequest, object: UnstructuredObject, authorizer: Authorizer): Promise<readonly PolicyRule[] | undefined> {
  const { resource, context, namespace, name } = request;
  if (await mayDo(authorizer, context.user, "escalate", resource.resource, namespace, name)) return undefined;
  const role = object as unknown as ClusterRole;
  return role.aggregationRule === undefined ? (role.rules ?? []) : [...EVERYTHING, ...(role.rules ?? [])];
}

async function rulesOfBinding(
  request: AdmissionRequest,
  object: UnstructuredObject,
  resolver: RuleResolver,
  authorizer: Authorizer,
): Promise<readonly PolicyRule[] | undefined> {
  const { resource, context, namespace } = request;
  const { roleRef } = object as unknown as RoleBinding;
  const resourceOfRole = roleRef.kind === "ClusterRole" ? "clusterroles" : "roles";
  if (await mayDo(authorizer, context.user, "bind", resourceOfRole, namespace, roleRef.name)) return undefined;
  const rules = resolver.rulesOf(roleRef, namespace);
  if (rules === undefined) throw forbidden(resource, request.name, `${roleRef.kind.toLowerCase()}.${GROUP} ${JSON.stringify(roleRef.name)} not found`);
  return rules;
}

async function mayDo(authorizer: Authorizer, user: UserInfo, verb: string, resource: string, namespace: string, name: string): Promise<boolean> {
  const attributes: AuthorizationAttributes = { user, verb, isResourceRequest: true, path: "", group: GROUP, version: "*", resource, subresource: "", namespace, name };
  return (await authorizer.authorize(attributes)).allowed;
}

function confirmNoEscalation(request: AdmissionRequest, wanted: readonly PolicyRule[], resolver: RuleResolver): void {
  const { resource, context, namespace, name } = request;
  const held: PolicyRule[] = [];
  const problems: string[] = [];
  for (const found of resolver.rulesFor(context.user, namespace)) {
    if ("problem" in found) problems.push(found.problem);
    else held.push(found.rule);
  }
  const missing = uncoveredRules(held, wanted);
  if (missing.length === 0) return;
  const list = [...new Set(compactRules(missing).map(describeRule))].sort().join("\n");
  const groups = context.user.groups.map((group) => JSON.stringify(group)).join(" ");
  const unresolved = problems.length === 0 ? "" : `; resolution errors: [${problems.join(" ")}]`;
  const reason = `user ${JSON.stringify(context.user.name)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${list}${unresolved}`;
  throw forbidden(resource, name, reason);
}
