// Behaviour: k8s.io/apiserver/pkg/authorization/authorizer: may this user do that?
import type { UserInfo } from "../resource.ts";

/** What a request wants to do, as authorization sees it. */
export interface AuthorizationAttributes {
  readonly user: UserInfo;
  readonly verb: string;
  /** Set for resource requests, false for paths such as /metrics. */
  readonly isResourceRequest: boolean;
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** An authorizer's answer; `reason` goes into the 403's message. */
export interface AuthorizationDecision {
  readonly allowed: boolean;
  readonly denied?: boolean;
  readonly reason: string;
  readonly error?: string;
}

/** Decides on requests. */
export interface Authorizer {
  authorize(attributes: AuthorizationAttributes): AuthorizationDecision | Promise<AuthorizationDecision>;
}
