// Behaviour: k8s.io/kubernetes/pkg/registry/core/namespace: its status and finalizers change only through subresources.
import type { Namespace } from "../../../api/generated/types/core/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSLabel } from "../shared/names.ts";
import { validateNamespaceFinalizers, validateNamespaceStatus } from "./namespace-validation.ts";

/** v1 namespaces. */
export const namespaceResource = defineResource<Namespace>({
  group: "",
  version: "v1",
  kind: "Namespace",
  resource: "namespaces",
  singular: "namespace",
  shortNames: ["ns"],
  namespaced: false,
  verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
  type: "core.v1.Namespace",
  tracksGeneration: false,
  validateName: nameIsDNSLabel,
  defaults(namespace) {
    labelWithName(namespace);
    namespace.status.phase ||= "Active";
  },
  prepareForCreate(namespace) {
    namespace.status = { phase: "Active" };
    namespace.spec.finalizers ??= [];
    if (!namespace.spec.finalizers.includes("kubernetes")) namespace.spec.finalizers.push("kubernetes");
    labelWithName(namespace);
  },
  prepareForUpdate(next, old) {
    if (old.spec.finalizers === undefined) delete next.spec.finalizers;
    else next.spec.finalizers = old.spec.finalizers;
    next.status = old.status;
  },
  validate: (namespace) => validateNamespaceFinalizers(namespace, false),
  status: {
    prepareForUpdate(next, old) {
      next.spec = old.spec;
    },
    validateUpdate: validateNamespaceStatus,
  },
  subresources: {
    finalize: {
      prepareForUpdate(next, old) {
        next.status = old.status;
      },
      validateUpdate: (next) => validateNamespaceFinalizers(next, true),
    },
  },
  selectableFields: {
    "status.phase": (namespace) => namespace.status.phase ?? "",
    name: (namespace) => namespace.metadata.name ?? "",
  },
  columns: [nameColumn, textColumn("Status", "The status of the namespace", (namespace) => namespace.status.phase ?? ""), ageColumn],
});

/** Selectors can name a namespace by this label. */
function labelWithName(namespace: Namespace): void {
  const name = namespace.metadata.name ?? "";
  if (name === "") return;
  namespace.metadata.labels ??= {};
  namespace.metadata.labels["kubernetes.io/metadata.name"] = name;
}
