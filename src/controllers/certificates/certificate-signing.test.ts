import "reflect-metadata";
import { webcrypto, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../../test/fixtures/control-plane.ts";
import type { CertificateSigningRequest } from "../../api/generated/types/certificates/v1.ts";
import { certificateSigningRequests } from "../../api/resource-refs.ts";
import { createCertificateSigningController } from "./certificate-signing.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
let plane: ControlPlane;
afterEach(() => plane.stop());

const keys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]) as Promise<webcrypto.CryptoKeyPair>;
const client = () => plane.api.resource(certificateSigningRequests);

async function start(): Promise<{ certificate: string }> {
  const pair = await keys();
  const notAfter = new Date(Date.UTC(2036, 0, 1));
  const root = await x509.X509CertificateGenerator.createSelfSigned({ name: "CN=ca", keys: pair, notBefore: new Date(0), notAfter, signingAlgorithm: ALGORITHM });
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", pair.privateKey), "PRIVATE KEY");
  const authority = { certificate: root.toString("pem"), key };
  plane = await new ControlPlane().start([(context) => createCertificateSigningController(context, authority)]);
  return authority;
}

async function request(usages: string[]): Promise<CertificateSigningRequest> {
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({ name: "CN=jane, O=dev", keys: await keys(), signingAlgorithm: ALGORITHM });
  const spec = { request: Buffer.from(csr.toString("pem")).toString("base64"), signerName: "kubernetes.io/kube-apiserver-client", usages };
  return client().create({ apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest", metadata: { name: "jane" }, spec, status: {} });
}

async function approve(created: CertificateSigningRequest): Promise<CertificateSigningRequest["status"]> {
  const time = plane.api.now();
  const condition = { type: "Approved", status: "True", reason: "KubectlApprove", lastUpdateTime: time, lastTransitionTime: time };
  await client().updateStatus({ ...created, status: { conditions: [condition] } });
  for (let turn = 0; turn < 20 && (await client().get("jane")).status.certificate === undefined; turn++) await plane.settle();
  return (await client().get("jane")).status;
}

describe("certificate signing controller", () => {
  it("signs an approved request, and removes it after an hour", async () => {
    const authority = await start();
    const status = await approve(await request(["client auth"]));
    const certificate = new X509Certificate(Buffer.from(status.certificate ?? "", "base64"));
    expect(certificate.subject).toBe("CN=jane\nO=dev");
    expect(certificate.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
    await plane.clock.step(3_700_000);
    await plane.settle();
    expect((await client().list()).items).toEqual([]);
  });

  it("refuses usages that the signer does not give", async () => {
    await start();
    const status = await approve(await request(["server auth"]));
    expect(status.conditions?.[1]).toMatchObject({ type: "Failed", reason: "SignerValidationFailure", message: "invalid usage for client certificate: server auth" });
  });
});
