// Behaviour: k8s.io/apiserver/pkg/authentication: who asks.
import { unauthorized } from "../../api/errors.ts";
import type { ServerRequest } from "../message.ts";
import type { UserInfo } from "../resource.ts";

/** The group of everyone who is known. */
export const AUTHENTICATED_GROUP = "system:authenticated";
/** Who asks without credentials, where that is allowed. */
export const ANONYMOUS: UserInfo = { name: "system:anonymous", groups: ["system:unauthenticated"] };

const CREDENTIAL_ID = "authentication.kubernetes.io/credential-id";

/** Knows the bearers of some kind of token. */
export interface TokenAuthenticator {
  /** The token's bearer; undefined when the token is of another kind or not valid. */
  authenticate(token: string): Promise<UserInfo | undefined> | UserInfo | undefined;
}

/** Finds out who sent a request: undefined for nobody in particular. Throws a StatusError (401) for credentials that are no good. */
export async function authenticateRequest(request: ServerRequest, tokens: readonly TokenAuthenticator[]): Promise<UserInfo | undefined> {
  if (request.user !== undefined) return request.user;
  const { certificate } = request;
  if (certificate !== undefined && certificate.commonName !== "") {
    const credential = certificate.fingerprint === undefined ? undefined : { [CREDENTIAL_ID]: [`X509SHA256=${certificate.fingerprint}`] };
    return withAuthenticatedGroup({ name: certificate.commonName, groups: certificate.organizations, ...(credential && { extra: credential }) });
  }
  const token = /^bearer +(\S+)$/i.exec(request.headers["authorization"]?.trim() ?? "")?.[1];
  if (token === undefined) return undefined;
  for (const authenticator of tokens) {
    const user = await authenticator.authenticate(token);
    if (user !== undefined) return withAuthenticatedGroup(user);
  }
  throw unauthorized();
}

function withAuthenticatedGroup(user: UserInfo): UserInfo {
  return user.groups.includes(AUTHENTICATED_GROUP) ? user : { ...user, groups: [...user.groups, AUTHENTICATED_GROUP] };
}
