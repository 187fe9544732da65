// Behaviour: pkg/controller/certificates/signer and pkg/apis/certificates/helpers.go: what each of the cluster's signers accepts.
import type { CertificateSigningRequest } from "../../api/generated/types/certificates/v1.ts";
import type { RequestedIdentity } from "./certificate-authority.ts";

/** Why the signer refuses the request; undefined when it does not. */
type Check = (identity: RequestedIdentity, usages: readonly string[]) => string | undefined;

const SIGNERS: Record<string, Check> = {
  "kubernetes.io/kube-apiserver-client": (_, usages) => {
    const foreign = usages.find((usage) => !["digital signature", "key encipherment", "client auth"].includes(usage));
    if (foreign !== undefined) return `invalid usage for client certificate: ${foreign}`;
    return usages.includes("client auth") ? undefined : "missing required usage for client certificate: client auth";
  },
  "kubernetes.io/kube-apiserver-client-kubelet": (identity, usages) => {
    const has = (type: string) => identity.alternativeNames.some((name) => name.type === type);
    if (!isNodes(identity)) return "subject organization is not system:nodes";
    if (has("dns")) return "DNS subjectAltNames are not allowed";
    if (has("email")) return "email subjectAltNames are not allowed";
    if (has("ip")) return "IP subjectAltNames are not allowed";
    if (has("url")) return "URI subjectAltNames are not allowed";
    if (!identity.commonName.startsWith("system:node:")) return "subject common name does not begin with system:node:";
    return matches(usages, "client auth");
  },
  "kubernetes.io/kubelet-serving": (identity, usages) => {
    const has = (type: string) => identity.alternativeNames.some((name) => name.type === type);
    if (!isNodes(identity)) return "subject organization is not system:nodes";
    if (!has("dns") && !has("ip")) return "DNS or IP subjectAltName is required";
    if (has("email")) return "email subjectAltNames are not allowed";
    if (has("url")) return "URI subjectAltNames are not allowed";
    const usage = matches(usages, "server auth");
    if (usage !== undefined) return usage;
    return identity.commonName.startsWith("system:node:") ? undefined : "subject common name does not begin with system:node:";
  },
};

/** Whether one of the cluster's signers has that name. */
export function isOwnSigner({ spec }: CertificateSigningRequest): boolean {
  return SIGNERS[spec.signerName] !== undefined;
}

/** Why the request is not acceptable to the signer that it names; undefined when it is. */
export function whyRefused({ spec }: CertificateSigningRequest, identity: RequestedIdentity): string | undefined {
  return SIGNERS[spec.signerName]?.(identity, spec.usages ?? []);
}

function isNodes({ organizations }: RequestedIdentity): boolean {
  return organizations.length === 1 && organizations[0] === "system:nodes";
}

function matches(usages: readonly string[], authentication: "client auth" | "server auth"): string | undefined {
  const required = [authentication, "digital signature", "key encipherment"].sort();
  const text = [...usages].sort().join();
  const withoutEncipherment = required.filter((usage) => usage !== "key encipherment");
  return text === required.join() || text === withoutEncipherment.join() ? undefined : `usages did not match [${required.join(" ")}]`;
}
