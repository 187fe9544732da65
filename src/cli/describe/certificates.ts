// Behaviour: k8s.io/kubectl/pkg/describe (CertificateSigningRequestDescriber).
import "reflect-metadata";
import { Pkcs10CertificateRequest, type SubjectAlternativeNameExtension } from "@peculiar/x509";
import type { CertificateSigningRequest } from "../../api/generated/types/certificates/v1.ts";
import { humanDuration } from "../../util/duration.ts";
import { CommandError, messageOf } from "../errors.ts";
import { defineDescriber } from "./describer.ts";
import { type Description, joinedLabels, longTime } from "./description.ts";

const ALTERNATIVE_NAMES = "2.5.29.17";
const SUBJECT_FIELDS = [["Organization", "O"], ["Organizational Unit", "OU"], ["Country", "C"], ["Locality", "L"], ["Province", "ST"], ["StreetAddress", "STREET"], ["PostalCode", "2.5.4.17"]] as const;
const NAME_KINDS = [["DNS Names", "dns"], ["Email Addresses", "email"], ["URIs", "url"], ["IP Addresses", "ip"]] as const;

/** Describes a certificate signing request. */
export const certificateSigningRequestDescriber = defineDescriber<CertificateSigningRequest>({
  describe(request, _related, to) {
    const { metadata, spec } = request;
    const parsed = parse(spec.request);
    to.field(0, "Name", metadata.name);
    to.field(0, "Labels", joinedLabels(metadata.labels));
    to.field(0, "Annotations", joinedLabels(metadata.annotations));
    to.field(0, "CreationTimestamp", longTime(metadata.creationTimestamp));
    to.field(0, "Requesting User", spec.username);
    if (spec.signerName !== "") to.field(0, "Signer", spec.signerName);
    if (spec.expirationSeconds !== undefined) to.field(0, "Requested Duration", humanDuration(spec.expirationSeconds * 1000));
    to.field(0, "Status", statusText(request));
    to.write(0, "Subject:\n");
    to.write(0, `\tCommon Name:\t${parsed.subjectName.getField("CN")[0] ?? ""}\n`);
    to.write(0, `\tSerial Number:\t${parsed.subjectName.getField("2.5.4.5")[0] ?? ""}\n`);
    for (const [title, field] of SUBJECT_FIELDS) describeValues(title, parsed.subjectName.getField(field), to);
    const alternative = parsed.getExtension(ALTERNATIVE_NAMES) as SubjectAlternativeNameExtension | null;
    const names = alternative?.names.toJSON() ?? [];
    if (names.length > 0) to.write(0, "Subject Alternative Names:\n");
    for (const [title, kind] of NAME_KINDS) describeValues(title, names.filter(({ type }) => type === kind).map(({ value }) => value), to);
  },
});

function parse(request: string): Pkcs10CertificateRequest {
  const text = Buffer.from(request, "base64").toString("utf8");
  if (!text.includes("-----BEGIN CERTIFICATE REQUEST-----")) throw new CommandError("Error parsing CSR: PEM block type must be CERTIFICATE REQUEST");
  try {
    return new Pkcs10CertificateRequest(text);
  } catch (error) {
    throw new CommandError(`Error parsing CSR: ${messageOf(error)}`);
  }
}

function describeValues(title: string, values: readonly string[], to: Description): void {
  if (values.length > 0) to.write(0, `\t${title}:\t${values.join("\n\t\t")}\n`);
}

function statusText({ status }: CertificateSigningRequest): string {
  const types = new Set((status?.conditions ?? []).map(({ type }) => type));
  let text = "Pending";
  if (types.has("Denied")) text = "Denied";
  else if (types.has("Approved")) text = "Approved";
  return `${text}${types.has("Failed") ? ",Failed" : ""}${status?.certificate ? ",Issued" : ""}`;
}
