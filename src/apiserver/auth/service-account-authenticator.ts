// Behaviour: k8s.io/kubernetes/pkg/serviceaccount (jwt.go, claims.go): the holders of service accounts' tokens.
import type { KubernetesObject } from "../../api/object.ts";
import type { Store } from "../../store/store.ts";
import { lookup } from "../object-storage.ts";
import type { UserInfo } from "../resource.ts";
import type { TokenAuthenticator } from "./authentication.ts";

/** An object that a token is bound to. */
export interface TokenBinding {
  readonly name: string;
  readonly uid: string;
}

/** What a verified token says. */
export interface VerifiedToken {
  readonly namespace: string;
  readonly serviceAccount: TokenBinding;
  readonly pod?: TokenBinding;
  readonly secret?: TokenBinding;
  readonly node?: TokenBinding;
  readonly audiences: readonly string[];
  readonly id: string;
}

/** Makes and checks the tokens of service accounts. */
export interface ServiceAccountTokens {
  /** Who makes them; also the audience of tokens that name none. */
  readonly issuer: string;
  sign(claims: Omit<VerifiedToken, "id"> & { readonly expirationSeconds: number }): Promise<{ token: string; expires: number }>;
  /** Undefined for a token of another maker, or one that has expired. */
  verify(token: string): Promise<VerifiedToken | undefined>;
}

/** Knows service accounts by their tokens, as long as the account, and what the token is bound to, live. */
export function serviceAccountAuthenticator(tokens: ServiceAccountTokens, store: Store): TokenAuthenticator {
  return {
    async authenticate(token) {
      const verified = await tokens.verify(token);
      if (verified === undefined || !verified.audiences.includes(tokens.issuer)) return undefined;
      const { namespace, serviceAccount, pod, secret } = verified;
      if (!lives(store, "serviceaccounts", namespace, serviceAccount)) return undefined;
      if (pod !== undefined && !lives(store, "pods", namespace, pod)) return undefined;
      if (secret !== undefined && !lives(store, "secrets", namespace, secret)) return undefined;
      return serviceAccountUser(verified);
    },
  };
}

function lives(store: Store, resource: string, namespace: string, { name, uid }: TokenBinding): boolean {
  const object: KubernetesObject | undefined = lookup(store, { group: "", resource }, namespace, name);
  return object?.metadata.uid === uid;
}

function serviceAccountUser({ namespace, serviceAccount, pod, node, id }: VerifiedToken): UserInfo {
  const claim = (name: string, value: string | undefined) => (value === undefined || value === "" ? {} : { [`authentication.kubernetes.io/${name}`]: [value] });
  return {
    name: `system:serviceaccount:${namespace}:${serviceAccount.name}`,
    uid: serviceAccount.uid,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
    extra: {
      ...claim("credential-id", id === "" ? undefined : `JTI=${id}`),
      ...claim("node-name", node?.name),
      ...claim("node-uid", node?.uid),
      ...claim("pod-name", pod?.name),
      ...claim("pod-uid", pod?.uid),
    },
  };
}
