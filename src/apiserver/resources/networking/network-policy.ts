// Behaviour: k8s.io/kubernetes/pkg/registry/networking/networkpolicy and SetDefaults_NetworkPolicy in pkg/apis/networking/v1/defaults.go.
import { FieldPath } from "../../../api/field-errors.ts";
import type { NetworkPolicy, NetworkPolicyPeer } from "../../../api/generated/types/networking/v1.ts";
import { cidrWarnings } from "../shared/addresses.ts";
import { ageColumn, formatSelector, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { validateNetworkPolicy, validateNetworkPolicyUpdate } from "./network-policy-validation.ts";

const SPEC = new FieldPath("spec");

/** networking.k8s.io/v1 networkpolicies. */
export const networkPolicyResource = defineResource<NetworkPolicy>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "NetworkPolicy",
  resource: "networkpolicies",
  singular: "networkpolicy",
  shortNames: ["netpol"],
  namespaced: true,
  type: "networking.v1.NetworkPolicy",
  tracksGeneration: true,
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    const { ingress = [], egress = [] } = spec;
    if ((spec.policyTypes ?? []).length === 0) spec.policyTypes = egress.length === 0 ? ["Ingress"] : ["Ingress", "Egress"];
    for (const port of [...ingress, ...egress].flatMap((rule) => rule.ports ?? [])) port.protocol ??= "TCP";
  },
  validate: validateNetworkPolicy,
  validateUpdate: validateNetworkPolicyUpdate,
  warnings: ({ spec }) => [
    ...(spec.ingress ?? []).flatMap(({ from = [] }, index) => peerWarnings(from, SPEC.child("ingress").index(index).child("from"))),
    ...(spec.egress ?? []).flatMap(({ to = [] }, index) => peerWarnings(to, SPEC.child("egress").index(index).child("to"))),
  ],
  columns: [nameColumn, textColumn("Pod-Selector", "The pods that the policy is about", ({ spec }) => formatSelector(spec.podSelector)), ageColumn],
});

function peerWarnings(peers: readonly NetworkPolicyPeer[], path: FieldPath): string[] {
  return peers.flatMap(({ ipBlock }, index) => {
    if (ipBlock === undefined) return [];
    const at = path.index(index).child("ipBlock");
    return [...cidrWarnings(ipBlock.cidr, at.child("cidr")), ...(ipBlock.except ?? []).flatMap((range, place) => cidrWarnings(range, at.child("except").index(place)))];
  });
}
