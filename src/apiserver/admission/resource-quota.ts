// Behaviour: k8s.io/apiserver/pkg/admission/plugin/resourcequota: what is created is counted before it is there.
import { isConflict } from "../../api/errors.ts";
import type { ResourceQuota } from "../../api/generated/types/core/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { resourceQuotas } from "../../api/resource-refs.ts";
import type { AdmissionRequest, AdmissionStep } from "./admission.ts";
import { chargeQuotas, concernsQuota } from "./quota-request.ts";

/** Writes the status of a quota at the version that it carries; rejects with a conflict when another writer was faster. */
export type QuotaStatusWriter = (quota: ResourceQuota) => Promise<unknown>;

const RETRIES = 3;

interface Waiter {
  readonly request: AdmissionRequest;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Keeps namespaces within their quotas; requests of a namespace that wait together are charged with one write. */
export function resourceQuota(updateStatus: QuotaStatusWriter): AdmissionStep {
  const waiting = new Map<string, Waiter[]>();
  return {
    name: "ResourceQuota",
    validate(request) {
      if (!concernsQuota(request) || quotasOf(request).length === 0) return undefined;
      return new Promise<void>((resolve, reject) => {
        const waiter = { request, resolve, reject };
        const queue = waiting.get(request.namespace);
        if (queue !== undefined) queue.push(waiter);
        else void drain(waiting, request.namespace, waiter, updateStatus);
      });
    },
  };
}

async function drain(waiting: Map<string, Waiter[]>, namespace: string, first: Waiter, updateStatus: QuotaStatusWriter): Promise<void> {
  const queue: Waiter[] = [first];
  waiting.set(namespace, queue);
  while (queue.length > 0) await admitTogether(queue.splice(0), updateStatus, RETRIES);
  waiting.delete(namespace);
}

/** Settles all waiters, over all quotas of their namespace or (in a further attempt) over those that others wrote in between. */
async function admitTogether(waiters: readonly Waiter[], updateStatus: QuotaStatusWriter, retries: number, only?: ReadonlySet<string>): Promise<void> {
  const quotas = (waiters[0] === undefined ? [] : quotasOf(waiters[0].request)).filter(({ metadata }) => only?.has(metadata.name ?? "") ?? true);
  const { charged, changed } = chargeInTurn(waiters, quotas);
  const conflicting = new Set<string>();
  let failure: unknown;
  for (const quota of changed) {
    try {
      await updateStatus(quota);
    } catch (error) {
      failure ??= error;
      if (isConflict(error) && retries > 0) conflicting.add(quota.metadata.name ?? "");
    }
  }
  if (conflicting.size > 0) return admitTogether(charged, updateStatus, retries - 1, conflicting);
  for (const { resolve, reject } of charged) {
    if (failure === undefined) resolve();
    else reject(failure);
  }
}

/** Charges one request after the other to the same quotas, and settles all that need no write. */
function chargeInTurn(waiters: readonly Waiter[], quotas: readonly ResourceQuota[]): { charged: Waiter[]; changed: ResourceQuota[] } {
  const current = new Map(quotas.map((quota) => [quota.metadata.name ?? "", quota]));
  const charged: Waiter[] = [];
  for (const waiter of waiters) {
    const { request, resolve, reject } = waiter;
    try {
      const next = chargeQuotas([...current.values()], request, request.context.clock.now());
      if (next.length === 0 || request.dryRun) {
        resolve();
        continue;
      }
      for (const quota of next) current.set(quota.metadata.name ?? "", quota);
      charged.push(waiter);
    } catch (error) {
      reject(error);
    }
  }
  return { charged, changed: [...current.values()].filter((quota) => !quotas.includes(quota)) };
}

function quotasOf({ context, namespace }: AdmissionRequest): readonly ResourceQuota[] {
  return context.lookupAll<ResourceQuota & KubernetesObject>(resourceQuotas, namespace);
}
