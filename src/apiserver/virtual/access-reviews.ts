// Behaviour: k8s.io/kubernetes/pkg/registry/authorization: may somebody do something?
import { badRequest, invalid } from "../../api/errors.ts";
import { FieldPath, type FieldError, invalidValue, requiredValue } from "../../api/field-errors.ts";
import type {
  LocalSubjectAccessReview,
  NonResourceAttributes,
  ResourceAttributes,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
} from "../../api/generated/types/authorization/v1.ts";
import type { AuthorizationAttributes } from "../auth/authorizer.ts";
import { MASTERS_GROUP } from "../auth/rbac-authorizer.ts";
import type { RuleResolver } from "../auth/rbac-rules.ts";
import type { Call } from "../call.ts";
import type { ServerResponse } from "../message.ts";
import type { UserInfo } from "../resource.ts";
import { answerReview, reviewBody } from "./review.ts";
import { type VirtualResource, virtualRecord } from "./virtual-resource.ts";

const GROUP = "authorization.k8s.io";
const SPEC = new FieldPath("spec");

/** The reviews of the authorization group. */
export function accessReviews(resolver: RuleResolver): VirtualResource[] {
  return [
    { resource: virtualRecord(GROUP, "SelfSubjectAccessReview", "selfsubjectaccessreviews"), create: selfSubjectAccessReview },
    { resource: virtualRecord(GROUP, "SubjectAccessReview", "subjectaccessreviews"), create: subjectAccessReview },
    { resource: virtualRecord(GROUP, "LocalSubjectAccessReview", "localsubjectaccessreviews", true), create: localSubjectAccessReview },
    { resource: virtualRecord(GROUP, "SelfSubjectRulesReview", "selfsubjectrulesreviews"), create: (call) => selfSubjectRulesReview(call, resolver) },
  ];
}

interface Attributes {
  readonly resourceAttributes?: ResourceAttributes;
  readonly nonResourceAttributes?: NonResourceAttributes;
}

async function selfSubjectAccessReview(call: Call): Promise<ServerResponse> {
  const { object, options } = reviewBody<SelfSubjectAccessReview>(call);
  check(call, validateAttributes(object.spec, "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
  return answerReview(call, object, options, async () => {
    object.status = await decide(call, call.user, object.spec);
  });
}

async function subjectAccessReview(call: Call): Promise<ServerResponse> {
  const { object, options } = reviewBody<SubjectAccessReview>(call);
  check(call, [...validateAttributes(object.spec, "exactly one of nonResourceAttributes or resourceAttributes must be specified"), ...validateUser(object.spec)]);
  return answerReview(call, object, options, async () => {
    object.status = await decide(call, userOf(object.spec), object.spec);
  });
}

async function localSubjectAccessReview(call: Call): Promise<ServerResponse> {
  const { object, options } = reviewBody<LocalSubjectAccessReview>(call);
  const errors = [...validateAttributes(object.spec, "exactly one of nonResourceAttributes or resourceAttributes must be specified"), ...validateUser(object.spec)];
  if (object.spec.resourceAttributes?.namespace !== call.info.namespace) {
    const detail = `spec.resourceAttributes.namespace must match namespace: ${call.info.namespace}`;
    if (errors.length === 0) throw badRequest(detail);
  }
  check(call, errors);
  return answerReview(call, object, options, async () => {
    object.status = await decide(call, userOf(object.spec), object.spec);
  });
}

async function selfSubjectRulesReview(call: Call, resolver: RuleResolver): Promise<ServerResponse> {
  const { object, options } = reviewBody<SelfSubjectRulesReview>(call);
  const namespace = object.spec.namespace ?? "";
  if (namespace === "") throw badRequest("no namespace on request");
  return answerReview(call, object, options, async () => {
    const status = { resourceRules: [], nonResourceRules: [], incomplete: false } as SelfSubjectRulesReview["status"] & object;
    if (call.user.groups.includes(MASTERS_GROUP)) {
      status.resourceRules.push({ verbs: ["*"], apiGroups: ["*"], resources: ["*"] });
      status.nonResourceRules.push({ verbs: ["*"], nonResourceURLs: ["*"] });
    }
    const problems: string[] = [];
    for (const found of resolver.rulesFor(call.user, namespace)) {
      if ("problem" in found) {
        problems.push(found.problem);
        continue;
      }
      const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = found.rule;
      if ((resources ?? []).length > 0) status.resourceRules.push({ verbs, ...(apiGroups && { apiGroups }), ...(resources && { resources }), ...(resourceNames && { resourceNames }) });
      if ((nonResourceURLs ?? []).length > 0) status.nonResourceRules.push({ verbs, ...(nonResourceURLs && { nonResourceURLs }) });
    }
    if (problems.length > 0) status.evaluationError = problems.join(", ");
    object.status = status;
  });
}

async function decide(call: Call, user: UserInfo, attributes: Attributes): Promise<{ allowed: boolean; reason?: string; denied?: boolean }> {
  const decision = await call.parts.authorizer.authorize(authorizationAttributes(user, attributes));
  return { allowed: decision.allowed, ...(decision.denied && { denied: true }), ...(decision.reason !== "" && { reason: decision.reason }) };
}

function authorizationAttributes(user: UserInfo, { resourceAttributes, nonResourceAttributes }: Attributes): AuthorizationAttributes {
  const { verb = "", group = "", version = "", resource = "", subresource = "", namespace = "", name = "" } = resourceAttributes ?? {};
  return {
    user,
    verb: resourceAttributes === undefined ? (nonResourceAttributes?.verb ?? "") : verb,
    isResourceRequest: resourceAttributes !== undefined,
    path: nonResourceAttributes?.path ?? "",
    group,
    version,
    resource,
    subresource,
    namespace,
    name,
  };
}

function userOf({ user, uid, groups, extra }: SubjectAccessReview["spec"]): UserInfo {
  return { name: user ?? "", groups: groups ?? [], ...(uid && { uid }), ...(extra && { extra }) };
}

function validateAttributes({ resourceAttributes, nonResourceAttributes }: Attributes, message: string): FieldError[] {
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined) {
    return [invalidValue(SPEC.child("nonResourceAttributes"), nonResourceAttributes, "cannot be specified in combination with resourceAttributes")];
  }
  if (resourceAttributes === undefined && nonResourceAttributes === undefined) return [invalidValue(SPEC.child("resourceAttributes"), null, message)];
  return [];
}

function validateUser({ user, groups }: SubjectAccessReview["spec"]): FieldError[] {
  if ((user ?? "") !== "" || (groups ?? []).length > 0) return [];
  return [requiredValue(SPEC.child("user"), "at least one of user or group must be specified")];
}

function check(call: Call, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: call.resource.group, kind: "" }, "", errors);
}

