// Behaviour: pkg/controller/certificates (signer and cleaner): approved requests get their certificates, old ones go.
import type { CertificateSigningRequest } from "../../api/generated/types/certificates/v1.ts";
import { isNotFound } from "../../api/errors.ts";
import { certificateSigningRequests } from "../../api/resource-refs.ts";
import type { Ids } from "../../util/ids.ts";
import { formatTime } from "../../util/clock.ts";
import { messageOf } from "../pod-control.ts";
import type { Controller, ControllerContext, ReconcileResult } from "../runtime.ts";
import { ownKey, watch } from "../runtime.ts";
import type { AuthorityKeys } from "./certificate-authority.ts";
import { expiryOf, requestedIdentity, signRequest } from "./certificate-authority.ts";
import { isOwnSigner, whyRefused } from "./signers.ts";

const HOUR_MS = 3_600_000;
/** The longest life of a certificate, and the shortest. */
const MAX_LIFETIME_MS = 365 * 24 * HOUR_MS;
const MIN_LIFETIME_MS = 10 * 60_000;
/** How long requests are kept, by how they ended. */
const SETTLED_MS = HOUR_MS;
const PENDING_MS = 24 * HOUR_MS;

/** Signs approved requests for the cluster's own signers with its authority, and deletes requests that are over. */
export function createCertificateSigningController(context: ControllerContext, authority: AuthorityKeys): Controller {
  const { client, clock, ids, informers } = context;
  const requests = informers.informer(certificateSigningRequests);
  return {
    name: "certificatesigningrequest-signing-controller",
    watches: [watch(certificateSigningRequests, ownKey, ({ type }) => type !== "deleted")],
    async reconcile(name): Promise<ReconcileResult | void> {
      const request = requests.get(name);
      if (request === undefined) return;
      const resource = client.resource(certificateSigningRequests);
      const now = clock.now();
      const keptUntil = keepUntil(request);
      if (keptUntil <= now) {
        await resource.delete(name).catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
        });
        return;
      }
      const isWaiting = has(request, "Approved") && !has(request, "Denied") && !has(request, "Failed") && (request.status.certificate ?? "") === "";
      if (isWaiting && isOwnSigner(request)) await resource.updateStatus({ ...request, status: await signedStatus(request, authority, ids, now) });
      return { requeueAfterMs: keptUntil - now };
    },
  };
}

async function signedStatus(request: CertificateSigningRequest, authority: AuthorityKeys, ids: Ids, now: number): Promise<CertificateSigningRequest["status"]> {
  const pem = Buffer.from(request.spec.request, "base64").toString("utf8");
  const refusal = refusalOf(request, pem);
  if (refusal !== undefined) {
    const time = formatTime(now);
    const condition = { type: "Failed", status: "True", reason: "SignerValidationFailure", message: refusal, lastUpdateTime: time, lastTransitionTime: time };
    return { ...request.status, conditions: [...(request.status.conditions ?? []), condition] };
  }
  const asked = request.spec.expirationSeconds;
  const lifetime = asked === undefined ? MAX_LIFETIME_MS : Math.min(Math.max(asked * 1000, MIN_LIFETIME_MS), MAX_LIFETIME_MS);
  const serialNumber = `4${ids.uid().replaceAll("-", "").slice(1)}`;
  const certificate = await signRequest(authority, pem, request.spec.usages ?? [], lifetime, now, serialNumber);
  return { ...request.status, certificate: Buffer.from(certificate).toString("base64") };
}

function refusalOf(request: CertificateSigningRequest, pem: string): string | undefined {
  try {
    return whyRefused(request, requestedIdentity(pem));
  } catch (error) {
    return messageOf(error);
  }
}

function has({ status }: CertificateSigningRequest, type: string): boolean {
  return status.conditions?.some((condition) => condition.type === type) === true;
}

/** When the request may go: an hour after it was settled, a day after it was made when nobody decided, at the end of its certificate. */
function keepUntil(request: CertificateSigningRequest): number {
  const settled = request.status.conditions?.find(({ type }) => type === "Approved" || type === "Denied" || type === "Failed");
  if (settled === undefined) return Date.parse(request.metadata.creationTimestamp ?? "") + PENDING_MS;
  const certificate = request.status.certificate ?? "";
  const byCondition = Date.parse(settled.lastUpdateTime ?? request.metadata.creationTimestamp ?? "") + SETTLED_MS;
  return certificate === "" ? byCondition : Math.min(byCondition, expiryOf(Buffer.from(certificate, "base64").toString("utf8")));
}
