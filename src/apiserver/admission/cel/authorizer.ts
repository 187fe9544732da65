// Behaviour: k8s.io/apiserver/pkg/cel/library/authz.go: expressions ask what a user may do.
import type { Environment } from "../../../api/cel/environment.ts";
import type { AuthorizationAttributes, AuthorizationDecision, Authorizer } from "../../auth/authorizer.ts";
import type { UserInfo } from "../../resource.ts";

const PREFIX = "kubernetes.authorization";

/** Whoever is asked about; `requestResource` is what the request is about. */
export class AuthorizerValue {
  readonly authorizer: Authorizer;
  readonly user: UserInfo;
  readonly requestResource: ResourceCheck;

  constructor(authorizer: Authorizer, user: UserInfo, requested: Omit<ResourceQuestion, "user">) {
    this.authorizer = authorizer;
    this.user = user;
    this.requestResource = new ResourceCheck(authorizer, { user, ...requested });
  }
}

interface ResourceQuestion {
  readonly user: UserInfo;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

class PathCheck {
  readonly authorizer: Authorizer;
  readonly user: UserInfo;
  readonly path: string;

  constructor(authorizer: Authorizer, user: UserInfo, path: string) {
    this.authorizer = authorizer;
    this.user = user;
    this.path = path;
  }
}

class GroupCheck {
  readonly authorizer: Authorizer;
  readonly user: UserInfo;
  readonly group: string;

  constructor(authorizer: Authorizer, user: UserInfo, group: string) {
    this.authorizer = authorizer;
    this.user = user;
    this.group = group;
  }
}

class ResourceCheck {
  readonly authorizer: Authorizer;
  readonly question: ResourceQuestion;

  constructor(authorizer: Authorizer, question: ResourceQuestion) {
    this.authorizer = authorizer;
    this.question = question;
  }

  with(change: Partial<ResourceQuestion>): ResourceCheck {
    return new ResourceCheck(this.authorizer, { ...this.question, ...change });
  }
}

class Decision {
  readonly answer: AuthorizationDecision;

  constructor(answer: AuthorizationDecision) {
    this.answer = answer;
  }
}

/** The type of the variable `authorizer`. */
export const AUTHORIZER_TYPE = `${PREFIX}.Authorizer`;

/** Declares the types. */
export function registerAuthorizer(environment: Environment): Environment {
  return environment
    .registerType(`${PREFIX}.Decision`, Decision)
    .registerType(`${PREFIX}.PathCheck`, PathCheck)
    .registerType(`${PREFIX}.GroupCheck`, GroupCheck)
    .registerType(`${PREFIX}.ResourceCheck`, ResourceCheck)
    .registerType(`${PREFIX}.Authorizer`, { ctor: AuthorizerValue, fields: { requestResource: `${PREFIX}.ResourceCheck` } })
    .registerFunction(`${PREFIX}.Authorizer.path(string): ${PREFIX}.PathCheck`, ({ authorizer, user }: AuthorizerValue, path: string) => new PathCheck(authorizer, user, path))
    .registerFunction(`${PREFIX}.Authorizer.group(string): ${PREFIX}.GroupCheck`, ({ authorizer, user }: AuthorizerValue, group: string) => new GroupCheck(authorizer, user, group))
    .registerFunction(
      `${PREFIX}.Authorizer.serviceAccount(string, string): ${PREFIX}.Authorizer`,
      ({ authorizer, requestResource }: AuthorizerValue, namespace: string, name: string) => new AuthorizerValue(authorizer, serviceAccount(namespace, name), requestResource.question),
    )
    .registerFunction(
      `${PREFIX}.GroupCheck.resource(string): ${PREFIX}.ResourceCheck`,
      ({ authorizer, user, group }: GroupCheck, resource: string) => new ResourceCheck(authorizer, { user, group, resource, subresource: "", namespace: "", name: "" }),
    )
    .registerFunction(`${PREFIX}.ResourceCheck.subresource(string): ${PREFIX}.ResourceCheck`, (check: ResourceCheck, subresource: string) => check.with({ subresource }))
    .registerFunction(`${PREFIX}.ResourceCheck.namespace(string): ${PREFIX}.ResourceCheck`, (check: ResourceCheck, namespace: string) => check.with({ namespace }))
    .registerFunction(`${PREFIX}.ResourceCheck.name(string): ${PREFIX}.ResourceCheck`, (check: ResourceCheck, name: string) => check.with({ name }))
    .registerFunction(`${PREFIX}.PathCheck.check(string): ${PREFIX}.Decision`, ({ authorizer, user, path }: PathCheck, verb: string) =>
      decide(authorizer, { user, verb, isResourceRequest: false, path, group: "", version: "", resource: "", subresource: "", namespace: "", name: "" }),
    )
    .registerFunction(`${PREFIX}.ResourceCheck.check(string): ${PREFIX}.Decision`, ({ authorizer, question }: ResourceCheck, verb: string) =>
      decide(authorizer, { ...question, verb, isResourceRequest: true, path: "", version: "*" }),
    )
    .registerFunction(`${PREFIX}.Decision.allowed(): bool`, ({ answer }: Decision) => answer.allowed)
    .registerFunction(`${PREFIX}.Decision.reason(): string`, ({ answer }: Decision) => answer.reason)
    .registerFunction(`${PREFIX}.Decision.errored(): bool`, ({ answer }: Decision) => answer.error !== undefined)
    .registerFunction(`${PREFIX}.Decision.error(): string`, ({ answer }: Decision) => answer.error ?? "");
}

function serviceAccount(namespace: string, name: string): UserInfo {
  return { name: `system:serviceaccount:${namespace}:${name}`, groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"] };
}

/** Expressions cannot wait: an authorizer that has to ask someone is no help to them. */
function decide(authorizer: Authorizer, attributes: AuthorizationAttributes): Decision {
  const answer = authorizer.authorize(attributes);
  return new Decision(answer instanceof Promise ? { allowed: false, reason: "", error: "the authorizer does not answer at once" } : answer);
}
