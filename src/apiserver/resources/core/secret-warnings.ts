// Behaviour: warningsForSecret in k8s.io/kubernetes/pkg/registry/core/secret: Go's crypto/tls.X509KeyPair on TLS secrets.
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Secret } from "../../../api/generated/types/core/v1.ts";

/** Warns when the key of a TLS secret is not its certificate's. */
export function keyPairWarnings(secret: Secret): string[] {
  if (secret.type !== "kubernetes.io/tls") return [];
  const problem = keyPairProblem(decode(secret.data?.["tls.crt"]), decode(secret.data?.["tls.key"]));
  return problem === undefined ? [] : [problem];
}

function keyPairProblem(certificatePEM: string, keyPEM: string): string | undefined {
  if (!certificatePEM.includes("-----BEGIN ")) return "tls: failed to find any PEM data in certificate input";
  if (!certificatePEM.includes("-----BEGIN CERTIFICATE-----")) return 'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: []';
  if (!keyPEM.includes("-----BEGIN ")) return "tls: failed to find any PEM data in key input";
  try {
    const certificate = new X509Certificate(certificatePEM);
    try {
      return certificate.checkPrivateKey(createPrivateKey(keyPEM)) ? undefined : "tls: private key does not match public key";
    } catch {
      return "tls: failed to parse private key";
    }
  } catch {
    return "x509: malformed certificate";
  }
}

function decode(base64: string | undefined): string {
  return Buffer.from(base64 ?? "", "base64").toString("utf8");
}
