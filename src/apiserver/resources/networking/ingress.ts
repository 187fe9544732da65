// Behaviour: k8s.io/kubernetes/pkg/registry/networking/ingress and printIngress in pkg/printers.
import { FieldPath } from "../../../api/field-errors.ts";
import type { Ingress, IngressRule } from "../../../api/generated/types/networking/v1.ts";
import { ipWarnings } from "../shared/addresses.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { statusOnly } from "../shared/status-only.ts";
import { validateIngress, validateIngressStatus } from "./ingress-validation.ts";

const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const SHOWN_HOSTS = 3;

/** networking.k8s.io/v1 ingresses. */
export const ingressResource = defineResource<Ingress>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "Ingress",
  resource: "ingresses",
  singular: "ingress",
  shortNames: ["ing"],
  namespaced: true,
  type: "networking.v1.Ingress",
  validateName: nameIsDNSSubdomain,
  prepareForCreate(ingress) {
    ingress.status = { loadBalancer: {} };
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: validateIngress,
  warnings(ingress, old) {
    const { metadata, spec, status } = ingress;
    if (old !== undefined) return status === old.status ? [] : addressWarnings(ingress);
    if (metadata.annotations?.[CLASS_ANNOTATION] === undefined || spec.ingressClassName !== undefined) return [];
    return [`annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`];
  },
  status: statusOnly(validateIngressStatus),
  columns: [
    nameColumn,
    textColumn("Class", "The name of the IngressClass resource that should be used for additional configuration", ({ spec }) => spec.ingressClassName ?? "<none>"),
    textColumn("Hosts", "Hosts that incoming requests are matched against before the ingress rule", ({ spec }) => formatHosts(spec.rules ?? [])),
    textColumn("Address", "Address is a list containing ingress points for the load-balancer", formatAddresses),
    textColumn("Ports", "Ports of TLS configurations that open", ({ spec }) => ((spec.tls ?? []).length > 0 ? "80, 443" : "80")),
    ageColumn,
  ],
});

/** "a,b,c + 2 more...": the rest is counted in rules, with and without a host. */
function formatHosts(rules: readonly IngressRule[]): string {
  const hosts: string[] = [];
  for (const { host } of rules) {
    if (hosts.length === SHOWN_HOSTS) return `${hosts.join(",")} + ${rules.length - SHOWN_HOSTS} more...`;
    if (host) hosts.push(host);
  }
  return hosts.length === 0 ? "*" : hosts.join(",");
}

function formatAddresses({ status }: Ingress): string {
  const addresses = (status.loadBalancer.ingress ?? []).map(({ ip, hostname }) => ip || hostname || "").filter((address) => address !== "");
  return [...new Set(addresses)].sort().join(",");
}

/** Only the status subresource brings addresses. */
function addressWarnings({ status }: Ingress): string[] {
  const path = new FieldPath("status").child("loadBalancer", "ingress");
  return (status.loadBalancer.ingress ?? []).flatMap(({ ip }, index) => (ip ? ipWarnings(ip, path.index(index)) : []));
}
