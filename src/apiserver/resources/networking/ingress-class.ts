// Behaviour: k8s.io/kubernetes/pkg/registry/networking/ingressclass and printIngressClass in pkg/printers.
import type { IngressClass } from "../../../api/generated/types/networking/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { validateIngressClass, validateIngressClassUpdate } from "./ingress-class-validation.ts";

const DEFAULT_ANNOTATION = "ingressclass.kubernetes.io/is-default-class";

/** networking.k8s.io/v1 ingressclasses. */
export const ingressClassResource = defineResource<IngressClass>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "IngressClass",
  resource: "ingressclasses",
  singular: "ingressclass",
  namespaced: false,
  type: "networking.v1.IngressClass",
  tracksGeneration: true,
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    if (spec.parameters !== undefined) spec.parameters.scope ??= "Cluster";
  },
  validate: validateIngressClass,
  validateUpdate: validateIngressClassUpdate,
  columns: [
    {
      ...nameColumn,
      cell: ({ metadata }) => `${metadata.name ?? ""}${metadata.annotations?.[DEFAULT_ANNOTATION] === "true" ? " (default)" : ""}`,
    },
    textColumn("Controller", "Controller that is responsible for handling this class", ({ spec }) => spec.controller ?? ""),
    textColumn("Parameters", "A reference to a resource with additional parameters", formatParameters),
    ageColumn,
  ],
});

function formatParameters({ spec: { parameters } }: IngressClass): string {
  if (parameters === undefined) return "<none>";
  const { apiGroup, kind, name } = parameters;
  return `${apiGroup === undefined ? kind : `${kind}.${apiGroup}`}/${name}`;
}
