// Behaviour: k8s.io/kubernetes/pkg/registry/certificates/certificates and printCertificateSigningRequest in pkg/printers.
import type { CertificateSigningRequest } from "../../../api/generated/types/certificates/v1.ts";
import { humanDuration } from "../../../util/duration.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { validateRequest, validateRequestUpdate } from "./certificate-signing-request-validation.ts";
import { fillConditionTimes, keepConditions } from "./conditions.ts";

/** certificates.k8s.io/v1 certificatesigningrequests. */
export const certificateSigningRequestResource = defineResource<CertificateSigningRequest>({
  group: "certificates.k8s.io",
  version: "v1",
  kind: "CertificateSigningRequest",
  resource: "certificatesigningrequests",
  singular: "certificatesigningrequest",
  shortNames: ["csr"],
  namespaced: false,
  type: "certificates.v1.CertificateSigningRequest",
  tracksGeneration: false,
  validateName: () => [],
  prepareForCreate(request, { user }) {
    const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...spec } = request.spec;
    request.spec = {
      ...spec,
      username: user.name,
      ...(user.uid && { uid: user.uid }),
      ...(user.groups.length > 0 && { groups: [...user.groups] }),
      ...(user.extra && Object.keys(user.extra).length > 0 && { extra: Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]])) }),
    };
    request.status = {};
  },
  prepareForUpdate(next, old) {
    next.spec = old.spec;
    next.status = old.status;
  },
  validate: validateRequest,
  validateUpdate: (next, old) => validateRequestUpdate(next, old, {}),
  status: {
    prepareForUpdate(next, old, { clock }) {
      next.spec = old.spec;
      for (const type of ["Approved", "Denied"]) keepConditions(next, old, type);
      fillConditionTimes(next, old, clock);
    },
    validateUpdate: (next, old) => [...validateRequest(next), ...validateRequestUpdate(next, old, { certificate: true })],
  },
  subresources: {
    approval: {
      prepareForUpdate(next, old, { clock }) {
        fillConditionTimes(next, old, clock);
        const { conditions } = next.status;
        next.spec = old.spec;
        next.status = { ...old.status };
        if (conditions === undefined) delete next.status.conditions;
        else next.status.conditions = conditions;
      },
      validateUpdate: (next, old) => [...validateRequest(next), ...validateRequestUpdate(next, old, { decision: true })],
    },
  },
  selectableFields: { "spec.signerName": ({ spec }) => spec.signerName },
  columns: [
    nameColumn,
    ageColumn,
    textColumn("SignerName", "Who is to sign", ({ spec }) => spec.signerName || "<none>"),
    textColumn("Requestor", "Who asks for the certificate", ({ spec }) => spec.username ?? ""),
    textColumn("RequestedDuration", "How long the certificate is to be valid", ({ spec }) => (spec.expirationSeconds === undefined ? "<none>" : humanDuration(spec.expirationSeconds * 1000))),
    textColumn("Condition", "How far the request is", formatCondition),
  ],
});

function formatCondition({ status: { conditions = [], certificate } }: CertificateSigningRequest): string {
  const has = (type: string): boolean => conditions.some((condition) => condition.type === type);
  const decision = has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending";
  return [decision, ...(has("Failed") ? ["Failed"] : []), ...(certificate ? ["Issued"] : [])].join(",");
}
