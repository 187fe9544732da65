// Behaviour: k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle: nothing new in a namespace that is not there or ends.
import { StatusError, forbidden, notFound } from "../../api/errors.ts";
import type { Namespace } from "../../api/generated/types/core/v1.ts";
import { namespaces } from "../../api/resource-refs.ts";
import type { AdmissionRequest, AdmissionStep } from "./admission.ts";

const IMMORTAL = new Set(["default", "kube-system", "kube-public"]);

/** Refuses creations in namespaces that are missing or terminating, and the deletion of those that every cluster has. */
export const namespaceLifecycle: AdmissionStep = {
  name: "NamespaceLifecycle",
  mutate: admit,
  validate(request) {
    if (request.operation === "DELETE") admit(request);
  },
};

function admit(request: AdmissionRequest): void {
  const { operation, resource, namespace, name } = request;
  if (resource.group === "" && resource.resource === "namespaces") {
    if (operation === "DELETE" && IMMORTAL.has(name)) throw forbidden(resource, name, "this namespace may not be deleted");
    return;
  }
  if (namespace === "" || operation === "DELETE" || operation === "UPDATE") return;
  if (resource.group === "authorization.k8s.io" && resource.resource === "localsubjectaccessreviews") return;
  const found = request.context.lookup<Namespace & { apiVersion: string; kind: string }>(namespaces, "", namespace);
  if (found === undefined) throw notFound(namespaces, namespace);
  if (operation === "CREATE" && found.status?.phase === "Terminating") throw terminating(request);
}

function terminating({ resource, namespace, name }: AdmissionRequest): StatusError {
  const { status } = forbidden(resource, name, `unable to create new content in namespace ${namespace} because it is being terminated`);
  const cause = { reason: "NamespaceTerminating", message: `namespace ${namespace} is being terminated`, field: "metadata.namespace" };
  return new StatusError({ ...status, details: { ...status.details, causes: [cause] } });
}
