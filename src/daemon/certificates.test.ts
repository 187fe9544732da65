import { X509Certificate } from "node:crypto";
import { expect, it } from "vitest";
import { servesNames, staysValid } from "./certificate-checks.ts";
import { createAuthority, createClientCertificate, createServingCertificate } from "./certificates.ts";

const now = Date.UTC(2026, 5, 1);

it("makes a chain that holds", async () => {
  const authority = await createAuthority("skiff-ca", now);
  const client = await createClientCertificate(authority, { name: "kubernetes-admin", groups: ["system:masters", "more"] }, now);
  const serving = await createServingCertificate(authority, { dnsNames: ["localhost", "kubernetes.default.svc"], addresses: ["127.0.0.1"] }, now);
  const root = new X509Certificate(authority.certificate);
  expect(root.ca).toBe(true);
  for (const pair of [client, serving]) {
    const certificate = new X509Certificate(pair.certificate);
    expect(certificate.verify(root.publicKey)).toBe(true);
    expect(certificate.checkIssued(root)).toBe(true);
  }
  expect(new X509Certificate(client.certificate).subject).toBe("O=system:masters\nO=more\nCN=kubernetes-admin");
  expect(new X509Certificate(serving.certificate).checkIP("127.0.0.1")).toBe("127.0.0.1");
});

it("knows when a certificate must be made anew", async () => {
  const authority = await createAuthority("skiff-ca", now);
  const names = { dnsNames: ["localhost"], addresses: ["127.0.0.1"] };
  const { certificate } = await createServingCertificate(authority, names, now);
  expect(servesNames(certificate, names, now)).toBe(true);
  expect(servesNames(certificate, { ...names, addresses: ["10.0.0.1"] }, now)).toBe(false);
  expect(servesNames(certificate, names, now + 340 * 86_400_000)).toBe(false);
  expect(staysValid(certificate, now)).toBe(true);
});
