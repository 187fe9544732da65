// Behaviour: plugin/pkg/admission/certificates/{approval,signing,subjectrestriction} and certauthorization.
import { semanticEqual } from "../../api/equality.ts";
import type { CertificateSigningRequest } from "../../api/generated/types/certificates/v1.ts";
import type { AuthorizationAttributes, Authorizer } from "../auth/authorizer.ts";
import type { AdmissionRequest, AdmissionStep } from "./admission.ts";
import { isAbout, refuse } from "./attributes.ts";

const GROUP = "certificates.k8s.io";
const RESOURCE = "certificatesigningrequests";
const CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";
const MASTERS = "system:masters";

/** Lets only those approve requests who may do so for the signer. */
export function certificateApproval(authorizer: Authorizer): AdmissionStep {
  return {
    name: "CertificateApproval",
    async validate(request) {
      if (!isAbout(request, GROUP, RESOURCE, "approval") || request.operation !== "UPDATE" || request.old === undefined) return;
      const { signerName } = (request.old as CertificateSigningRequest).spec;
      if (await mayFor(authorizer, request, "approve", signerName)) return;
      throw refuse(request, `user not permitted to approve requests with signerName ${JSON.stringify(signerName)}`);
    },
  };
}

/** Lets only those sign requests who may do so for the signer. */
export function certificateSigning(authorizer: Authorizer): AdmissionStep {
  return {
    name: "CertificateSigning",
    async validate(request) {
      if (!isAbout(request, GROUP, RESOURCE, "status") || request.operation !== "UPDATE" || request.old === undefined) return;
      const [next, old] = [request.object as unknown as CertificateSigningRequest, request.old as CertificateSigningRequest];
      if (next.status?.certificate === old.status?.certificate && semanticEqual(next.status?.conditions, old.status?.conditions)) return;
      if (await mayFor(authorizer, request, "sign", old.spec.signerName)) return;
      throw refuse(request, `user not permitted to sign requests with signerName ${JSON.stringify(old.spec.signerName)}`);
    },
  };
}

/** Keeps client certificates from making administrators. */
export const certificateSubjectRestriction: AdmissionStep = {
  name: "CertificateSubjectRestriction",
  async validate(request) {
    if (!isAbout(request, GROUP, RESOURCE) || request.operation !== "CREATE") return;
    const { signerName, request: encoded } = (request.object as unknown as CertificateSigningRequest).spec;
    if (signerName !== CLIENT_SIGNER) return;
    if ((await organizationsOf(request, encoded)).includes(MASTERS)) throw refuse(request, `use of ${CLIENT_SIGNER} signer with ${MASTERS} group is not allowed`);
  },
};

async function organizationsOf(request: AdmissionRequest, encoded: string): Promise<string[]> {
  const { requestedOrganizations } = await import("./certificate-requests.ts");
  try {
    return requestedOrganizations(encoded);
  } catch (error) {
    throw refuse(request, `failed to parse CSR: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The permission may be for one signer, or for all of its domain. */
async function mayFor(authorizer: Authorizer, { context }: AdmissionRequest, verb: string, signerName: string): Promise<boolean> {
  for (const name of [signerName, `${signerName.split("/", 1)[0]}/*`]) {
    const attributes: AuthorizationAttributes = { user: context.user, verb, isResourceRequest: true, path: "", group: GROUP, version: "*", resource: "signers", subresource: "", namespace: "", name };
    if ((await authorizer.authorize(attributes)).allowed) return true;
  }
  return false;
}
