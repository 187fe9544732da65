// Behaviour: k8s.io/kubernetes/pkg/serviceaccount: the JWTs of service accounts, bound to the objects that they were made for.
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import type { ServiceAccountTokens, TokenBinding, VerifiedToken } from "../apiserver/auth/service-account-authenticator.ts";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";

/** A cluster's tokens, with what others need to check them. */
export interface ClusterTokens extends ServiceAccountTokens {
  /** The signature's algorithm, as JOSE names it. */
  readonly algorithm: string;
  /** The public key as a JSON Web Key Set, for /openid/v1/jwks. */
  keySet(): object;
}

/** The issuer of a cluster's tokens, and their default audience. */
export const TOKEN_ISSUER = "https://kubernetes.default.svc.cluster.local";

const ALGORITHM = "ES256";

/** Tokens signed with `keyPem` (PKCS #8, P-256). */
export function createServiceAccountTokens(keyPem: string, clock: Clock, ids: Ids): ClusterTokens {
  const privateKey = createPrivateKey(keyPem);
  const publicKey = createPublicKey(privateKey);
  const keyId = keyIdOf(publicKey);
  return {
    issuer: TOKEN_ISSUER,
    algorithm: ALGORITHM,
    async sign(claims) {
      const { SignJWT } = await import("jose");
      const issued = Math.floor(clock.now() / 1000);
      const expires = issued + claims.expirationSeconds;
      const { namespace, serviceAccount, pod, secret, node } = claims;
      const token = await new SignJWT({ "kubernetes.io": { namespace, serviceaccount: serviceAccount, ...(pod && { pod }), ...(secret && { secret }), ...(node && { node }) } })
        .setProtectedHeader({ alg: ALGORITHM, kid: keyId })
        .setIssuer(TOKEN_ISSUER)
        .setSubject(`system:serviceaccount:${namespace}:${serviceAccount.name}`)
        .setAudience([...claims.audiences])
        .setIssuedAt(issued)
        .setNotBefore(issued)
        .setExpirationTime(expires)
        .setJti(ids.uid())
        .sign(privateKey);
      return { token, expires: expires * 1000 };
    },
    async verify(token) {
      const { jwtVerify, errors } = await import("jose");
      try {
        const { payload } = await jwtVerify(token, publicKey, { issuer: TOKEN_ISSUER, algorithms: [ALGORITHM], currentDate: new Date(clock.now()) });
        return claimsOf(payload);
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
    keySet: () => ({ keys: [{ use: "sig", kid: keyId, alg: ALGORITHM, ...publicKey.export({ format: "jwk" }) }] }),
  };
}

interface KubernetesClaim {
  namespace?: string;
  serviceaccount?: TokenBinding;
  pod?: TokenBinding;
  secret?: TokenBinding;
  node?: TokenBinding;
}

function claimsOf(payload: { aud?: string | string[]; jti?: string; [claim: string]: unknown }): VerifiedToken | undefined {
  const claim = payload["kubernetes.io"] as KubernetesClaim | undefined;
  if (claim?.namespace === undefined || claim.serviceaccount === undefined) return undefined;
  return {
    namespace: claim.namespace,
    serviceAccount: claim.serviceaccount,
    ...(claim.pod && { pod: claim.pod }),
    ...(claim.secret && { secret: claim.secret }),
    ...(claim.node && { node: claim.node }),
    audiences: payload.aud === undefined ? [] : [payload.aud].flat(),
    id: payload.jti ?? "",
  };
}

/** The key's id as upstream derives it: the SHA-256 of its DER form, base64url. */
function keyIdOf(publicKey: KeyObject): string {
  return createHash("sha256").update(publicKey.export({ type: "spki", format: "der" })).digest("base64url");
}
