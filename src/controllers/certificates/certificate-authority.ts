// Behaviour: pkg/controller/certificates/authority: what a certificate authority puts into the certificates that it signs.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
/** Certificates begin so much in the past, for clocks that run behind. */
const BACKDATE_MS = 5 * 60_000;

const KEY_USAGES: Record<string, x509.KeyUsageFlags> = {
  "signing": x509.KeyUsageFlags.digitalSignature,
  "digital signature": x509.KeyUsageFlags.digitalSignature,
  "content commitment": x509.KeyUsageFlags.nonRepudiation,
  "key encipherment": x509.KeyUsageFlags.keyEncipherment,
  "key agreement": x509.KeyUsageFlags.keyAgreement,
  "data encipherment": x509.KeyUsageFlags.dataEncipherment,
  "cert sign": x509.KeyUsageFlags.keyCertSign,
  "crl sign": x509.KeyUsageFlags.cRLSign,
  "encipher only": x509.KeyUsageFlags.encipherOnly,
  "decipher only": x509.KeyUsageFlags.decipherOnly,
};
const EXTENDED_KEY_USAGES: Record<string, string> = {
  "any": "2.5.29.37.0",
  "server auth": x509.ExtendedKeyUsage.serverAuth,
  "client auth": x509.ExtendedKeyUsage.clientAuth,
  "code signing": x509.ExtendedKeyUsage.codeSigning,
  "email protection": x509.ExtendedKeyUsage.emailProtection,
  "s/mime": x509.ExtendedKeyUsage.emailProtection,
  "ipsec end system": "1.3.6.1.5.5.7.3.5",
  "ipsec tunnel": "1.3.6.1.5.5.7.3.6",
  "ipsec user": "1.3.6.1.5.5.7.3.7",
  "timestamping": x509.ExtendedKeyUsage.timeStamping,
  "ocsp signing": x509.ExtendedKeyUsage.ocspSigning,
  "microsoft sgc": "1.3.6.1.4.1.311.10.3.3",
  "netscape sgc": "2.16.840.1.113730.4.1",
};

/** Certificate and private key, PEM. */
export interface AuthorityKeys {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate request says of whom it is for. */
export interface RequestedIdentity {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly alternativeNames: readonly { readonly type: string; readonly value: string }[];
}

/** Reads a PEM certificate request; throws when it is none. */
export function requestedIdentity(pem: string): RequestedIdentity {
  const request = new x509.Pkcs10CertificateRequest(pem);
  const names = alternativeNamesOf(request)?.names.toJSON() ?? [];
  return {
    commonName: request.subjectName.getField("CN")[0] ?? "",
    organizations: request.subjectName.getField("O"),
    alternativeNames: names,
  };
}

/** Signs the request for these usages; returns the certificate, PEM. */
export async function signRequest(authority: AuthorityKeys, pem: string, usages: readonly string[], lifetimeMs: number, now: number, serialNumber: string): Promise<string> {
  const request = new x509.Pkcs10CertificateRequest(pem);
  if (!(await request.verify())) throw new Error("the signature of the certificate request is not valid");
  const issuer = new x509.X509Certificate(authority.certificate);
  const signingKey = await webcrypto.subtle.importKey("pkcs8", x509.PemConverter.decode(authority.key)[0] ?? new ArrayBuffer(0), ALGORITHM, false, ["sign"]);
  const flags = usages.reduce((all, usage) => all | (KEY_USAGES[usage] ?? 0), 0);
  const extended = usages.flatMap((usage) => EXTENDED_KEY_USAGES[usage] ?? []);
  const alternatives = alternativeNamesOf(request);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber,
    subject: request.subject,
    issuer: issuer.subject,
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(Math.min(now + lifetimeMs - BACKDATE_MS, issuer.notAfter.getTime())),
    publicKey: request.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      ...(flags === 0 ? [] : [new x509.KeyUsagesExtension(flags, true)]),
      ...(extended.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension(extended)]),
      new x509.BasicConstraintsExtension(false, undefined, true),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...(alternatives === undefined ? [] : [alternatives]),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}

function alternativeNamesOf(request: x509.Pkcs10CertificateRequest): x509.SubjectAlternativeNameExtension | undefined {
  return request.extensions.find((extension) => extension instanceof x509.SubjectAlternativeNameExtension);
}

/** When a PEM certificate ends, in milliseconds since the epoch. */
export function expiryOf(pem: string): number {
  return new x509.X509Certificate(pem).notAfter.getTime();
}
