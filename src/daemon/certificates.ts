// Behaviour: kubeadm's phases certs and kubeconfig: one CA, a serving certificate, client certificates and a key for tokens.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { CertificateSubject, KeyPair, ServingNames } from "./certificate-checks.ts";

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;

/** Makes a CA that is good for ten years from `now` (milliseconds since the epoch). */
export async function createAuthority(commonName: string, now: number): Promise<KeyPair> {
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${commonName}`,
    ...validity(now, 3650),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: await exportKey(keys.privateKey) };
}

/** Makes a client certificate signed by `authority`, good for a year. */
export async function createClientCertificate(authority: KeyPair, subject: CertificateSubject, now: number): Promise<KeyPair> {
  const name = new x509.Name([...subject.groups.map((group) => ({ O: [group] })), { CN: [subject.name] }]);
  return signed(authority, name, now, [x509.ExtendedKeyUsage.clientAuth], []);
}

/** Makes a serving certificate signed by `authority`, good for a year. */
export async function createServingCertificate(authority: KeyPair, names: ServingNames, now: number): Promise<KeyPair> {
  const alternatives = new x509.SubjectAlternativeNameExtension([
    ...names.dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...names.addresses.map((value) => ({ type: "ip" as const, value })),
  ]);
  return signed(authority, new x509.Name([{ CN: ["kube-apiserver"] }]), now, [x509.ExtendedKeyUsage.serverAuth], [alternatives]);
}

/** Makes the private key (PEM) that signs service account tokens. */
export async function createSigningKey(): Promise<string> {
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  return exportKey(keys.privateKey);
}

async function signed(authority: KeyPair, subject: x509.Name, now: number, usages: x509.ExtendedKeyUsage[], extensions: x509.Extension[]): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const signingKey = await webcrypto.subtle.importKey("pkcs8", x509.PemConverter.decode(authority.key)[0] ?? new ArrayBuffer(0), ALGORITHM, false, ["sign"]);
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: subject.toJSON(),
    issuer: issuer.subject,
    ...validity(now, 365),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension(usages),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...extensions,
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: await exportKey(keys.privateKey) };
}

/** Valid from an hour ago, for clocks that run behind. */
function validity(now: number, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + days * DAY_MS) };
}

function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  // A positive number: the first bit is clear, and the first byte is not zero.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString("hex");
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", key);
  return `${x509.PemConverter.encode(der, "PRIVATE KEY")}\n`;
}
