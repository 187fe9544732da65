// Behaviour: k8s.io/kubernetes/pkg/apis/certificates/validation.
import { duplicateValue, type FieldError, FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { CertificateSigningRequest, CertificateSigningRequestCondition, CertificateSigningRequestStatus } from "../../../api/generated/types/certificates/v1.ts";
import { noDuplicates, oneOf, requiredOneOf } from "../shared/field-checks.ts";
import { internalListForm } from "../shared/internal-form.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";
import { unifiedDiff } from "../shared/unified-diff.ts";
import { chainProblem, requestProblem } from "./pem.ts";
import { signerName } from "./signer-name.ts";

const SPEC = new FieldPath("spec");
const CONDITIONS = new FieldPath("status").child("conditions");
const CERTIFICATE = new FieldPath("status").child("certificate");
const LEGACY_SIGNER = "kubernetes.io/legacy-unknown";
const MIN_EXPIRATION = 600;
const DECISIONS = ["Approved", "Denied"];
const FINAL_TYPES = [...DECISIONS, "Failed"];
const USAGES = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];

/** What a way of updating a request may change beyond its metadata. */
export interface AllowedChanges {
  readonly decision?: boolean;
  readonly certificate?: boolean;
}

/** What is wrong with a request. */
export function validateRequest({ spec, status }: CertificateSigningRequest): FieldError[] {
  const { request, usages = [], expirationSeconds } = spec;
  const problem = requestProblem(request ?? "");
  const usagesPath = SPEC.child("usages");
  const signerPath = SPEC.child("signerName");
  return [
    ...(problem === undefined ? [] : [invalidValue(SPEC.child("request"), request || null, problem)]),
    ...(usages.length === 0 ? [requiredValue(usagesPath)] : []),
    ...usages.flatMap((usage, index) => oneOf(usage, USAGES, usagesPath.index(index))),
    ...noDuplicates(usages, (index) => usagesPath.index(index)),
    ...(spec.signerName === LEGACY_SIGNER ? [invalidValue(signerPath, spec.signerName, "the legacy signerName is not allowed via this API version")] : signerName(spec.signerName, signerPath)),
    ...(expirationSeconds !== undefined && expirationSeconds < MIN_EXPIRATION
      ? [invalidValue(SPEC.child("expirationSeconds"), expirationSeconds, "may not specify a duration less than 600 seconds (10 minutes)")]
      : []),
    ...validateConditions(status),
  ];
}

/** What is wrong with a changed request. */
export function validateRequestUpdate(next: CertificateSigningRequest, old: CertificateSigningRequest, allowed: AllowedChanges): FieldError[] {
  const [certificate, before] = [next.status.certificate ?? "", old.status.certificate ?? ""];
  const errors: FieldError[] = [];
  const problem = certificate === before || certificate === "" ? undefined : chainProblem(certificate);
  if (problem !== undefined) errors.push(invalidValue(CERTIFICATE, "<certificate data>", problem));
  errors.push(...FINAL_TYPES.filter((type) => ofType(next, type).length < ofType(old, type).length).map((type) => forbiddenField(CONDITIONS, `updates may not remove a condition of type "${type}"`)));
  if (!allowed.decision) errors.push(...DECISIONS.flatMap((type) => unchangedConditions(next, old, type)));
  if (certificate === before) return errors;
  if (!allowed.certificate) errors.push(forbiddenField(CERTIFICATE, "updates may not set certificate content"));
  else if (before !== "") errors.push(forbiddenField(CERTIFICATE, "updates may not modify existing certificate content"));
  return errors;
}

function validateConditions({ conditions = [] }: CertificateSigningRequestStatus): FieldError[] {
  const types = conditions.map(({ type }) => type);
  return conditions.flatMap(({ type, status }, index) => {
    const path = CONDITIONS.index(index);
    const other = DECISIONS.find((decision) => decision !== type) ?? "";
    const contradicts = DECISIONS.includes(type) && types.slice(0, index).includes(other);
    return [
      ...(type === "" ? [requiredValue(path.child("type"))] : []),
      ...requiredOneOf(status, FINAL_TYPES.includes(type) ? ["True"] : ["False", "True", "Unknown"], path.child("status")),
      ...(contradicts ? [invalidValue(CONDITIONS, type, "Approved and Denied conditions are mutually exclusive")] : []),
      ...(types.indexOf(type) < index ? [duplicateValue(path.child("type"), type)] : []),
    ];
  });
}

function unchangedConditions(next: CertificateSigningRequest, old: CertificateSigningRequest, type: string): FieldError[] {
  const [after, before] = [ofType(next, type), ofType(old, type)];
  if (after.length > before.length) return [forbiddenField(CONDITIONS, `updates may not add a condition of type "${type}"`)];
  if (after.length < before.length || semanticEqual(after, before)) return [];
  const shown = (conditions: readonly CertificateSigningRequestCondition[]): unknown => internalListForm("certificates.v1.CertificateSigningRequestCondition", conditions);
  return [forbiddenField(CONDITIONS, `updates may not modify a condition of type "${type}"\n${unifiedDiff(shown(before), shown(after))}`)];
}

function ofType({ status }: CertificateSigningRequest, type: string): CertificateSigningRequestCondition[] {
  return (status.conditions ?? []).filter((condition) => condition.type === type);
}
