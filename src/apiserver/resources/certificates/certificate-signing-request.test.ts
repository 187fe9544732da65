import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { beforeAll, describe, expect, it } from "vitest";
import type { CertificateSigningRequest } from "../../../api/generated/types/certificates/v1.ts";
import { create, requestContext, row } from "../shared/test-requests.ts";
import { certificateSigningRequestResource as resource } from "./certificate-signing-request.ts";

const spec = { signerName: "kubernetes.io/kube-apiserver-client", usages: ["client auth"] };
let request = "";
let forged = "";

beforeAll(async () => {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({ name: "CN=jane", keys, signingAlgorithm: algorithm });
  request = Buffer.from(csr.toString("pem")).toString("base64");
  const bytes = Buffer.from(csr.rawData);
  bytes.writeUInt8(bytes.readUInt8(bytes.indexOf("jane")) ^ 1, bytes.indexOf("jane"));
  forged = Buffer.from(`-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`).toString("base64");
});

/** Updates a subresource of a request. */
function change(name: "status" | "approval", status: object, old: CertificateSigningRequest): { next: CertificateSigningRequest; errors: string[] } {
  const next = { ...structuredClone(old), status: structuredClone(status) };
  const strategy = name === "status" ? resource.status : resource.subresources?.["approval"];
  strategy?.prepareForUpdate(next, old, requestContext());
  return { next, errors: (strategy?.validateUpdate?.(next, old, requestContext()) ?? []).map(({ message }) => message) };
}

describe("certificate signing requests", () => {
  it("come from who sends them", () => {
    const { object, errors } = create(resource, { spec: { ...spec, request, username: "somebody else" } });
    expect(errors).toEqual([]);
    expect(row(resource, object)).toMatchObject({ Requestor: "admin", RequestedDuration: "<none>", Condition: "Pending" });
  });

  it("hold a request that its key has signed", () => {
    expect(create(resource, { spec: { ...spec, request: "eA==" } }).errors).toEqual(['spec.request: Invalid value: "eA==": PEM block type must be CERTIFICATE REQUEST']);
    expect(create(resource, { spec: { ...spec, request: forged } }).errors).toEqual([expect.stringContaining("signature does not match")]);
  });

  it.each<[object, string[]]>([
    [{ usages: [] }, ["spec.usages: Required value"]],
    [{ usages: ["client auth", "client auth"] }, ['spec.usages[1]: Duplicate value: "client auth"']],
    [{ signerName: "x" }, ["spec.signerName: Invalid value: \"x\": must be a fully qualified domain and path of the form 'example.com/signer-name'"]],
    [{ expirationSeconds: 10 }, ["spec.expirationSeconds: Invalid value: 10: may not specify a duration less than 600 seconds (10 minutes)"]],
  ])("are refused with %j", (fields, errors) => {
    expect(create(resource, { spec: { ...spec, request, ...fields } }).errors).toEqual(errors);
  });

  it("are approved or denied, not both, and not by way of the status", () => {
    const { object } = create(resource, { spec: { ...spec, request } });
    const csr = object as unknown as CertificateSigningRequest;
    const [approved, denied] = [{ type: "Approved", status: "True" }, { type: "Denied", status: "True" }];
    expect(change("approval", { conditions: [approved, denied] }, csr).errors).toEqual(['status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive']);
    expect(change("status", { conditions: [approved] }, csr).errors).toEqual(['status.conditions: Forbidden: updates may not add a condition of type "Approved"']);
    const { next, errors } = change("approval", { conditions: [approved], certificate: "eA==" }, csr);
    expect(errors).toEqual([]);
    expect(next.status.certificate).toBeUndefined();
    expect(next.status.conditions?.[0]?.lastUpdateTime).toMatch(/Z$/);
    expect(change("status", { conditions: next.status.conditions, certificate: "eA==" }, next).errors).toEqual(['status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block']);
  });
});
