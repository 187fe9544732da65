// Behaviour: pkg/kubelet/kubelet_node_status.go, component-helpers/apimachinery/lease: a node tells that it is there.
import { isAlreadyExists, isNotFound } from "../api/errors.ts";
import type { Lease } from "../api/generated/types/coordination/v1.ts";
import type { Node } from "../api/generated/types/core/v1.ts";
import { leases, nodes } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";
import type { EventRecorder } from "../client/event-recorder.ts";
import { type Clock, formatMicroTime } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";
import { newNode, type NodeFacts, nodeStatus } from "./node-status.ts";

const LEASE_NAMESPACE = "kube-node-lease";
const LEASE_SECONDS = 40;
const RENEW_MS = 10_000;
const REPORT_MS = 300_000;

/** What a node registers with. */
export interface RegistrationOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly events: EventRecorder;
  facts(): Promise<NodeFacts>;
}

/** Registers the node, or takes up the one of that name; then keeps lease and status current until the signal aborts. */
export async function registerNode(options: RegistrationOptions, signal: AbortSignal): Promise<Node> {
  const { client, clock, events, logger } = options;
  const facts = await options.facts();
  const created = newNode(facts, clock.now());
  const fresh = await client.resource(nodes).create(created).then(
    () => true,
    (error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
      return false;
    },
  );
  const node = await report(options, facts, created);
  await renewLease(options, node);
  events.event(node, "Normal", "Starting", "Starting kubelet.");
  if (fresh) events.event(node, "Normal", "NodeReady", `Node ${facts.name} status is now: NodeReady`);
  void repeat(clock, RENEW_MS, signal, () => renewLease(options, node), logger);
  void repeat(clock, REPORT_MS, signal, async () => void (await report(options, await options.facts(), created)), logger);
  return node;
}

/** Writes the node's status, and the labels that it has to have. */
async function report({ client, clock }: RegistrationOptions, facts: NodeFacts, wanted: Node): Promise<Node> {
  const present = await client.resource(nodes).get(facts.name);
  const missing = Object.entries(wanted.metadata.labels ?? {}).filter(([key, value]) => present.metadata.labels?.[key] !== value);
  if (missing.length > 0) await client.resource(nodes).patch(facts.name, "application/strategic-merge-patch+json", { metadata: { labels: Object.fromEntries(missing) } });
  const status = nodeStatus(facts, present.status.conditions ?? [], clock.now());
  return client.resource(nodes).patch(facts.name, "application/strategic-merge-patch+json", { status }, { subresource: "status" });
}

async function renewLease({ client, clock }: RegistrationOptions, node: Node): Promise<void> {
  const { name = "", uid = "" } = node.metadata;
  const resource = client.resource(leases, LEASE_NAMESPACE);
  const spec = { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime: formatMicroTime(clock.now()) };
  try {
    await resource.patch(name, "application/merge-patch+json", { spec });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const lease: Lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name, namespace: LEASE_NAMESPACE, ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid }] },
      spec,
    };
    await resource.create(lease);
  }
}

/** Does something again and again; a failure is logged and not the last word. */
export async function repeat(clock: Clock, everyMs: number, signal: AbortSignal, act: () => Promise<void>, logger: Logger): Promise<void> {
  while (!signal.aborted) {
    const slept = await clock.sleep(everyMs, signal).then(() => true, () => false);
    if (!slept) return;
    await act().catch((error: unknown) => logger.warn("a periodic task of the node failed", { error }));
  }
}
