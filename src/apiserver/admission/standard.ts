// Behaviour: k8s.io/kubernetes/pkg/kubeapiserver/options/plugins.go: the plugins that are on by default, in their order.
import type { Authorizer } from "../auth/authorizer.ts";
import type { Store } from "../../store/store.ts";
import type { ResourceTable } from "../resource-table.ts";
import type { AdmissionStep } from "./admission.ts";
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from "./certificates.ts";
import { defaultIngressClass, defaultStorageClass } from "./default-classes.ts";
import { defaultTolerationSeconds } from "./default-toleration-seconds.ts";
import { limitRanger } from "./limit-ranger.ts";
import { webhookConditions } from "./match-conditions.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { nodeTaint } from "./node-taint.ts";
import { podResizeValidator } from "./pod-resize.ts";
import { podSecurity } from "./pod-security/pod-security.ts";
import { podTopologyLabels } from "./pod-topology-labels.ts";
import { mutatingPolicies } from "./policies/mutating-policies.ts";
import { validatingPolicies } from "./policies/validating-policies.ts";
import { priority } from "./priority.ts";
import { type QuotaStatusWriter, resourceQuota } from "./resource-quota.ts";
import { runtimeClass } from "./runtime-class.ts";
import { serviceAccountAdmission } from "./service-account.ts";
import { mutatingWebhooks } from "./webhooks/mutating-webhooks.ts";
import { validatingWebhooks } from "./webhooks/validating-webhooks.ts";
import { persistentVolumeClaimResize, storageObjectInUseProtection } from "./storage-protection.ts";

/** What admission needs of the server around it. */
export interface AdmissionParts {
  readonly store: Store;
  readonly resources: ResourceTable;
  readonly authorizer: Authorizer;
  readonly updateQuotaStatus: QuotaStatusWriter;
}

/** All steps of a cluster's admission. */
export function standardAdmission({ store, resources, authorizer, updateQuotaStatus }: AdmissionParts): AdmissionStep[] {
  const conditions = webhookConditions(authorizer);
  return [
    namespaceLifecycle,
    limitRanger,
    serviceAccountAdmission,
    nodeTaint,
    podSecurity,
    priority,
    defaultTolerationSeconds,
    defaultStorageClass,
    storageObjectInUseProtection,
    persistentVolumeClaimResize,
    runtimeClass,
    certificateApproval(authorizer),
    certificateSigning(authorizer),
    certificateSubjectRestriction,
    defaultIngressClass,
    podTopologyLabels,
    podResizeValidator,
    mutatingPolicies(store, resources, authorizer),
    mutatingWebhooks(store, resources, conditions),
    validatingPolicies(store, resources, authorizer),
    validatingWebhooks(store, resources, conditions),
    resourceQuota(updateQuotaStatus),
  ];
}
