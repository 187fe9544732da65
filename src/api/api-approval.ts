// Behaviour: k8s.io/apiextensions-apiserver/pkg/apihelpers: Kubernetes' own groups are protected.

/** The annotation that says where an API in a protected group was approved. */
export const API_APPROVED_ANNOTATION = "api-approved.kubernetes.io";

/** Whether only approved APIs may be in a group. */
export function isProtectedGroup(group: string): boolean {
  return /(?:^|\.)(?:k8s|kubernetes)\.io$/.test(group);
}

/** What an object's annotations say of its approval, and the message that goes with it. */
export function approvalState(annotations: Readonly<Record<string, string>> | undefined): { state: "approved" | "missing" | "invalid" | "bypassed"; message: string } {
  const annotation = annotations?.[API_APPROVED_ANNOTATION] ?? "";
  const required = `protected groups must have approval annotation ${JSON.stringify(API_APPROVED_ANNOTATION)}`;
  const see = "see https://github.com/kubernetes/enhancements/pull/1111";
  if (annotation === "") return { state: "missing", message: `${required}, ${see}` };
  if (annotation.startsWith("unapproved")) return { state: "bypassed", message: `not approved: ${JSON.stringify(annotation)}` };
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(annotation) && URL.canParse(annotation)) return { state: "approved", message: `approved in ${annotation}` };
  return { state: "invalid", message: `${required} with either a URL or a reason starting with "unapproved", ${see}` };
}
