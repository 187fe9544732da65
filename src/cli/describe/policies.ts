// Behaviour: k8s.io/kubectl/pkg/describe (NetworkPolicy, PodDisruptionBudget describers).
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "../../api/generated/types/networking/v1.ts";
import type { PodDisruptionBudget } from "../../api/generated/types/policy/v1.ts";
import { defineDescriber, withoutEvents } from "./describer.ts";
import { type Description, longTime, selectorText } from "./description.ts";

const INDENT = "    ";

/** What one direction of traffic is called. */
interface Direction {
  readonly traffic: "ingress" | "egress";
  readonly peers: "From" | "To";
  readonly unrestricted: "source" | "destination";
}

const INGRESS: Direction = { traffic: "ingress", peers: "From", unrestricted: "source" };
const EGRESS: Direction = { traffic: "egress", peers: "To", unrestricted: "destination" };

/** Describes a network policy. */
export const networkPolicyDescriber = defineDescriber<NetworkPolicy>({
  describe({ metadata, spec }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.field(0, "Created on", creationText(metadata.creationTimestamp));
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    const selector = selectorText(spec?.podSelector ?? {});
    to.write(0, "Spec:\n");
    to.write(1, `PodSelector:     ${selector === "<none>" ? "<none> (Allowing the specific traffic to all pods in this namespace)" : selector}\n`);
    const types = spec?.policyTypes ?? [];
    describeDirection(INGRESS, types.includes("Ingress"), (spec?.ingress ?? []).map(({ ports, from }) => ({ ports, peers: from })), to);
    describeDirection(EGRESS, types.includes("Egress"), (spec?.egress ?? []).map(({ ports, to: peers }) => ({ ports, peers })), to);
    to.write(1, `Policy Types: ${types.join(", ") || "<none>"}\n`);
  },
  eventSubjects: withoutEvents,
});

/** "2006-01-02 15:04:05 +0000 UTC", in the local time zone. */
function creationText(timestamp: string | null | undefined): string {
  if (timestamp === undefined || timestamp === null) return "0001-01-01 00:00:00 +0000 UTC";
  const date = new Date(timestamp);
  const zone = longTime(timestamp).slice(-5);
  const name = zone === "+0000" ? "UTC" : (/\(([A-Z]+)\)/.exec(date.toTimeString())?.[1] ?? zone);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone} ${name}`;
}

interface TrafficRule {
  readonly ports?: readonly NetworkPolicyPort[];
  readonly peers?: readonly NetworkPolicyPeer[];
}

function describeDirection(direction: Direction, affected: boolean, rules: readonly TrafficRule[], to: Description): void {
  const { traffic, peers: title, unrestricted } = direction;
  to.write(1, affected ? `Allowing ${traffic} traffic:\n` : `Not affecting ${traffic} traffic\n`);
  if (!affected) return;
  if (rules.length === 0) to.write(0, `${INDENT}<none> (Selected pods are isolated for ${traffic} connectivity)\n`);
  for (const [index, { ports = [], peers = [] }] of rules.entries()) {
    if (ports.length === 0) to.write(0, `${INDENT}To Port: <any> (traffic allowed to all ports)\n`);
    for (const { port, endPort, protocol = "TCP" } of ports) {
      to.write(0, endPort === undefined ? `${INDENT}To Port: ${port ?? "<nil>"}/${protocol}\n` : `${INDENT}To Port Range: ${port}-${endPort}/${protocol}\n`);
    }
    if (peers.length === 0) to.write(0, `${INDENT}${title}: <any> (traffic not restricted by ${unrestricted})\n`);
    for (const peer of peers) describePeer(title, peer, to);
    if (index < rules.length - 1) to.write(0, `${INDENT}----------\n`);
  }
}

function describePeer(title: string, { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, to: Description): void {
  to.write(0, `${INDENT}${title}:\n`);
  if (namespaceSelector !== undefined) to.write(1, `${INDENT}NamespaceSelector: ${selectorText(namespaceSelector)}\n`);
  if (podSelector !== undefined) to.write(1, `${INDENT}PodSelector: ${selectorText(podSelector)}\n`);
  if (namespaceSelector !== undefined || podSelector !== undefined || ipBlock === undefined) return;
  to.write(1, `${INDENT}IPBlock:\n`);
  to.write(2, `${INDENT}CIDR: ${ipBlock.cidr}\n`);
  to.write(2, `${INDENT}Except: ${(ipBlock.except ?? []).join(", ")}\n`);
}

/** Describes a pod disruption budget. */
export const podDisruptionBudgetDescriber = defineDescriber<PodDisruptionBudget>({
  describe({ metadata, spec, status }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    if (spec?.minAvailable !== undefined) to.field(0, "Min available", spec.minAvailable);
    else if (spec?.maxUnavailable !== undefined) to.field(0, "Max unavailable", spec.maxUnavailable);
    to.field(0, "Selector", spec?.selector === undefined ? "<unset>" : selectorText(spec.selector));
    to.write(0, "Status:\n");
    to.field(2, "Allowed disruptions", status?.disruptionsAllowed ?? 0);
    to.field(2, "Current", status?.currentHealthy ?? 0);
    to.field(2, "Desired", status?.desiredHealthy ?? 0);
    to.field(2, "Total", status?.expectedPods ?? 0);
  },
});
