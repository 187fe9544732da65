// Behaviour: k8s.io/kubernetes/pkg/registry/core/pod/storage/eviction.go: deletions that budgets may refuse.
import { StatusError, badRequest, forbidden, tooManyRequests } from "../../api/errors.ts";
import type { Pod } from "../../api/generated/types/core/v1.ts";
import type { DeleteOptions } from "../../api/generated/types/meta/v1.ts";
import type { Eviction, PodDisruptionBudget } from "../../api/generated/types/policy/v1.ts";
import { labelSelector } from "../../api/label-selector.ts";
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import { formatTime } from "../../util/clock.ts";
import { decodeBody } from "../body.ts";
import { type Call, requestContext } from "../call.ts";
import { getEntry } from "../handlers/read-handlers.ts";
import { type ServerResponse, objectResponse } from "../message.ts";
import { sharedObject } from "../object-storage.ts";
import { type DeletionOptions, parseWriteOptions, validateDeleteOptions } from "../options.ts";
import { admissionRequest, unexplained } from "../registry/create-object.ts";
import { deleteObject } from "../registry/delete-object.ts";
import { guaranteedUpdate } from "../registry/guaranteed-update.ts";
import { ensureNamespace } from "../registry/system-fields.ts";
import { negotiate } from "../respond.ts";
import type { Subresource } from "./subresource.ts";

type StoredPod = Pod & KubernetesObject;
type StoredBudget = PodDisruptionBudget & KubernetesObject;

const EVICTION = { group: "policy", version: "v1", kind: "Eviction", type: "policy.v1.Eviction" } as const;
const BUDGETS = { group: "policy", resource: "poddisruptionbudgets" } as const;
const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";
const MAX_DISRUPTED_PODS = 2000;

/** pods/eviction. */
export const evictionSubresource: Subresource = {
  name: "eviction",
  async create(call) {
    negotiate(call);
    const options = parseWriteOptions(call.info.query, "CreateOptions");
    const eviction = decodeBody(call, EVICTION, options.fieldValidation) as unknown as Eviction & UnstructuredObject;
    ensureNamespace(eviction.metadata, call.info.namespace);
    if (eviction.metadata.name !== call.info.name) throw badRequest("name in URL does not match name in Eviction object");
    const admission = { ...admissionRequest(call, "CREATE", eviction, undefined, options, options.dryRun), kind: EVICTION };
    await call.parts.admission.mutate(admission);
    await call.parts.admission.validate(admission);
    const requested = eviction.deleteOptions ?? {};
    const dryRun = options.dryRun || (requested.dryRun ?? []).length > 0;
    return evict(call, validateDeleteOptions({ ...requested, ...(dryRun && { dryRun: ["All"] }) }));
  },
};

async function evict(call: Call, options: DeletionOptions): Promise<ServerResponse> {
  const pod = sharedObject(call.resource, getEntry(call, call.info.name)) as StoredPod;
  if (!canIgnoreBudgets(pod)) {
    const [budget, ...others] = budgetsOf(call, pod);
    if (others.length > 0) throw unexplained("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
    if (budget !== undefined && !isUnhealthyAndUnguarded(pod, budget)) await checkAndDecrement(call, pod, budget, options.isDryRun);
  }
  await markAndDelete(call, options);
  return objectResponse(201, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 }, call.warnings);
}

/** Nothing is disrupted that does not run. */
function canIgnoreBudgets(pod: StoredPod): boolean {
  return ["Succeeded", "Failed", "Pending"].includes(pod.status.phase ?? "") || pod.metadata.deletionTimestamp !== undefined;
}

function budgetsOf(call: Call, pod: StoredPod): StoredBudget[] {
  return requestContext(call, false)
    .lookupAll<StoredBudget>(BUDGETS, call.info.namespace)
    .filter((budget) => {
      try {
        return labelSelector(budget.spec.selector).matches(pod.metadata.labels);
      } catch {
        return false;
      }
    });
}

/** A pod that is not ready does not count in its budget: it may go where the policy or the budget's health allows. */
function isUnhealthyAndUnguarded(pod: StoredPod, budget: StoredBudget): boolean {
  if ((pod.status.conditions ?? []).some((condition) => condition.type === "Ready" && condition.status === "True")) return false;
  if (budget.spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

async function checkAndDecrement(call: Call, pod: StoredPod, budget: StoredBudget, dryRun: boolean): Promise<void> {
  const resource = call.parts.resources.findStored(BUDGETS.group, BUDGETS.resource);
  if (resource === undefined) return;
  const target = { resource, namespace: call.info.namespace, name: budget.metadata.name ?? "" };
  await guaranteedUpdate(call, target, dryRun, (object) => {
    const current = object as unknown as StoredBudget;
    checkAllowed(current);
    current.status.disruptionsAllowed = (current.status.disruptionsAllowed ?? 0) - 1;
    if (current.status.disruptionsAllowed === 0) forbidDisruptions(current, call.parts.clock.now());
    current.status.disruptedPods = { ...current.status.disruptedPods, [pod.metadata.name ?? ""]: formatTime(call.parts.clock.now()) };
  });
}

function checkAllowed(budget: StoredBudget): void {
  const name = budget.metadata.name ?? "";
  const status = budget.status ?? {};
  if ((status.observedGeneration ?? 0) < (budget.metadata.generation ?? 0)) {
    throw refusal(10, `The disruption budget ${name} is still being processed by the server.`);
  }
  const allowed = status.disruptionsAllowed ?? 0;
  const resource = { group: "policy", resource: "poddisruptionbudget" };
  if (allowed < 0) throw forbidden(resource, name, "pdb disruptions allowed is negative");
  if (Object.keys(status.disruptedPods ?? {}).length > MAX_DISRUPTED_PODS) {
    throw forbidden(resource, name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
  }
  if (allowed === 0) throw refusal(0, whyNot(budget));
}

function whyNot({ metadata: { name = "" }, status }: StoredBudget): string {
  const condition = (status.conditions ?? []).find((candidate) => candidate.type === "DisruptionAllowed" && candidate.status === "False" && candidate.message !== "");
  const { currentHealthy = 0, desiredHealthy = 0 } = status;
  if (condition?.reason === "SyncFailed") return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${condition.message}`;
  if (currentHealthy <= desiredHealthy) return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  if (condition !== undefined) return `The disruption budget ${name} does not allow evicting pods currently (${condition.reason}): ${condition.message}`;
  return `The disruption budget ${name} does not allow evicting pods currently`;
}

function refusal(retryAfterSeconds: number, message: string): StatusError {
  return tooManyRequests(REFUSED, retryAfterSeconds, [{ reason: "DisruptionBudget", message }]);
}

function forbidDisruptions(budget: StoredBudget, now: number): void {
  const others = (budget.status.conditions ?? []).filter((condition) => condition.type !== "DisruptionAllowed");
  const condition = {
    type: "DisruptionAllowed",
    status: "False",
    observedGeneration: budget.status.observedGeneration,
    lastTransitionTime: formatTime(now),
    reason: "InsufficientPods",
    message: "",
  };
  budget.status.conditions = [...others, condition];
}

async function markAndDelete(call: Call, options: DeletionOptions): Promise<void> {
  const { name, namespace } = call.info;
  let deletion: DeletionOptions & DeleteOptions = options;
  if (!options.isDryRun) {
    const marked = await guaranteedUpdate(call, { resource: call.resource, namespace, name }, false, (object) => markDisrupted(object as unknown as StoredPod, call.parts.clock.now()));
    if (options.preconditions?.resourceVersion !== undefined) {
      deletion = { ...options, preconditions: { ...options.preconditions, resourceVersion: marked.entry ? String(marked.entry.revision) : options.preconditions.resourceVersion } };
    }
  }
  await deleteObject(call, name, deletion);
}

function markDisrupted(pod: StoredPod, now: number): void {
  const others = (pod.status.conditions ?? []).filter((condition) => condition.type !== "DisruptionTarget");
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    lastProbeTime: null as unknown as string,
    lastTransitionTime: formatTime(now),
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  };
  pod.status.conditions = [...others, condition];
}
