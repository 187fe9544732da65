// Behaviour: k8s.io/apiextensions-apiserver/pkg/controller/apiapproval: definitions in Kubernetes' own groups say who approved them.
import type { CustomResourceDefinition } from "../../api/generated/types/apiextensions/v1.ts";
import { approvalState, isProtectedGroup } from "../../api/api-approval.ts";
import type { NewCondition } from "./conditions.ts";

const REASONS = { approved: "ApprovedAnnotation", missing: "MissingAnnotation", invalid: "InvalidAnnotation", bypassed: "UnapprovedAnnotation" } as const;

/** Whether a definition in a protected group was approved; undefined in other groups. */
export function approvalCondition({ metadata, spec }: CustomResourceDefinition): NewCondition | undefined {
  if (!isProtectedGroup(spec.group)) return undefined;
  const { state, message } = approvalState(metadata.annotations);
  return { type: "KubernetesAPIApprovalPolicyConformant", status: state === "approved" ? "True" : "False", reason: REASONS[state], message };
}
