// Behaviour: pkg/scheduler/framework/plugins/interpodaffinity (filtering.go).
import type { AffinityTerm } from "../affinity-terms.ts";
import { requiredAffinityTerms, requiredAntiAffinityTerms } from "../affinity-terms.ts";
import type { Filter, Snapshot } from "../framework.ts";
import { reject } from "../framework.ts";
import type { NodeState, PodFacts } from "../node-state.ts";

/** Brings pods together and keeps pods apart, each in domains of nodes with the same label value. */
export const interPodAffinity: Filter = {
  name: "InterPodAffinity",
  events: ["NodeAdd", "NodeUpdate", "AssignedPodAdd", "AssignedPodUpdate", "AssignedPodDelete", "NamespaceUpdate"],
  prepare(facts, snapshot) {
    const affinity = requiredAffinityTerms(facts.pod, snapshot.namespaces);
    const antiAffinity = requiredAntiAffinityTerms(facts.pod, snapshot.namespaces);
    const repelled = domainsThatRepel(facts, snapshot);
    if (affinity.length === 0 && antiAffinity.length === 0 && repelled.size === 0) return undefined;
    const attracting = affinity.length === 0 ? new Set<string>() : domainsOf(snapshot, affinity, (facts) => affinity.every((term) => term.matches(facts.pod)));
    const repelling = antiAffinity.map((term) => domainsOf(snapshot, [term], (facts) => term.matches(facts.pod)));
    return (node) => {
      if (!satisfiesAffinity(facts, node, affinity, attracting)) return reject("node(s) didn't match pod affinity rules", false);
      const apart = antiAffinity.every((term, index) => !repelling[index]?.has(domain(term.topologyKey, node)));
      if (!apart) return reject("node(s) didn't match pod anti-affinity rules", true);
      const welcome = Object.entries(node.labels).every(([key, value]) => !repelled.has(`${key}=${value}`));
      return welcome ? undefined : reject("node(s) didn't satisfy existing pods anti-affinity rules", true);
    };
  },
};

/** The first pod of a group that is to be together has no one to join: it may go anywhere that has the labels. */
function satisfiesAffinity({ pod }: PodFacts, node: NodeState, terms: readonly AffinityTerm[], attracting: ReadonlySet<string>): boolean {
  if (!terms.every((term) => node.labels[term.topologyKey] !== undefined)) return terms.length === 0;
  if (terms.every((term) => attracting.has(domain(term.topologyKey, node)))) return true;
  return attracting.size === 0 && terms.every((term) => term.matches(pod));
}

function domainsOf(snapshot: Snapshot, terms: readonly AffinityTerm[], matches: (facts: PodFacts) => boolean): Set<string> {
  const domains = new Set<string>();
  for (const node of snapshot.nodes) {
    if (![...node.pods.values()].some(matches)) continue;
    for (const term of terms) if (node.labels[term.topologyKey] !== undefined) domains.add(domain(term.topologyKey, node));
  }
  return domains;
}

function domainsThatRepel({ pod }: PodFacts, snapshot: Snapshot): Set<string> {
  const domains = new Set<string>();
  for (const node of snapshot.nodes) {
    for (const other of node.pods.values()) {
      if (other.pod.spec.affinity?.podAntiAffinity === undefined) continue;
      for (const term of requiredAntiAffinityTerms(other.pod, snapshot.namespaces)) {
        if (node.labels[term.topologyKey] !== undefined && term.matches(pod)) domains.add(domain(term.topologyKey, node));
      }
    }
  }
  return domains;
}

function domain(topologyKey: string, node: NodeState): string {
  return `${topologyKey}=${node.labels[topologyKey]}`;
}
