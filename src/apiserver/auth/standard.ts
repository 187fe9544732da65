// The authorization that a cluster has by default, put together over its store.
import type { Store } from "../../store/store.ts";
import type { AdmissionStep } from "../admission/admission.ts";
import { accessReviews } from "../virtual/access-reviews.ts";
import { authenticationReviews } from "../virtual/authentication-reviews.ts";
import { bindings } from "../virtual/bindings.ts";
import { componentStatuses } from "../virtual/component-statuses.ts";
import type { VirtualResource } from "../virtual/virtual-resource.ts";
import type { TokenAuthenticator } from "./authentication.ts";
import type { Authorizer } from "./authorizer.ts";
import { rbacAuthorizer } from "./rbac-authorizer.ts";
import { rbacEscalationCheck } from "./rbac-escalation.ts";
import { storeRuleResolver } from "./rbac-rules.ts";

/** Role-based access control and what goes with it, as options of `createApiServer`. */
export interface RoleBasedAccess {
  readonly authorizer: Authorizer;
  /** To be among the last admission steps. */
  readonly escalationCheck: AdmissionStep;
  readonly virtualResources: readonly VirtualResource[];
}

/** Makes role-based access control over the roles in `store`. `audience`: what tokens are for that this server accepts. */
export function roleBasedAccess(store: Store, tokens: readonly TokenAuthenticator[], audience: string): RoleBasedAccess {
  const resolver = storeRuleResolver(store);
  const authorizer = rbacAuthorizer(resolver);
  return {
    authorizer,
    escalationCheck: rbacEscalationCheck(resolver, authorizer),
    virtualResources: [...accessReviews(resolver), ...authenticationReviews(tokens, audience), bindings, componentStatuses],
  };
}
