// Behaviour: k8s.io/kubernetes/pkg/registry/authentication: who am I, and whose token is that?
import { StatusError, badRequest, invalid } from "../../api/errors.ts";
import { FieldPath, requiredValue } from "../../api/field-errors.ts";
import type { SelfSubjectReview, TokenReview, UserInfo as ReviewedUser } from "../../api/generated/types/authentication/v1.ts";
import { formatTime } from "../../util/clock.ts";
import { type TokenAuthenticator, authenticateRequest } from "../auth/authentication.ts";
import type { Call } from "../call.ts";
import { type ServerResponse, objectResponse } from "../message.ts";
import type { UserInfo } from "../resource.ts";
import { answerReview, reviewBody } from "./review.ts";
import { type VirtualResource, virtualRecord } from "./virtual-resource.ts";

const GROUP = "authentication.k8s.io";

/** The reviews of the authentication group. `audience`: what tokens are for that this server accepts. */
export function authenticationReviews(tokens: readonly TokenAuthenticator[], audience: string): VirtualResource[] {
  return [
    { resource: virtualRecord(GROUP, "SelfSubjectReview", "selfsubjectreviews"), create: selfSubjectReview },
    { resource: virtualRecord(GROUP, "TokenReview", "tokenreviews"), create: (call) => tokenReview(call, tokens, audience) },
  ];
}

async function selfSubjectReview(call: Call): Promise<ServerResponse> {
  const { object } = reviewBody<SelfSubjectReview>(call);
  const { kind, apiVersion } = object;
  const metadata = { creationTimestamp: formatTime(call.parts.clock.now()) };
  return objectResponse(201, { kind, apiVersion, metadata, status: { userInfo: reviewedUser(call.user) } }, call.warnings);
}

async function tokenReview(call: Call, tokens: readonly TokenAuthenticator[], audience: string): Promise<ServerResponse> {
  const { object, options } = reviewBody<TokenReview>(call);
  const { token = "", audiences = [] } = object.spec;
  if (token === "") throw invalid({ group: GROUP, kind: "TokenReview" }, "", [requiredValue(new FieldPath("spec").child("token"), "token is required for TokenReview in authentication")]);
  if (object.metadata.namespace !== undefined) throw badRequest("namespace is not allowed on this type: ");
  return answerReview(call, object, options, async () => {
    const user = await bearer(call, token, tokens);
    object.status =
      user === undefined
        ? { user: {}, error: "invalid bearer token" }
        : { authenticated: true, user: reviewedUser(user), audiences: audiences.length === 0 ? [audience] : audiences.filter((wanted) => wanted === audience) };
  });
}

async function bearer(call: Call, token: string, tokens: readonly TokenAuthenticator[]): Promise<UserInfo | undefined> {
  try {
    const { signal } = call.request;
    return await authenticateRequest({ method: "GET", url: "/", headers: { authorization: `Bearer ${token}` }, signal }, tokens);
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

function reviewedUser({ name, uid, groups, extra }: UserInfo): ReviewedUser {
  const extras = extra && Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]]));
  return { username: name, ...(uid && { uid }), groups: [...groups], ...(extras && { extra: extras }) };
}
