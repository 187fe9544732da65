// Behaviour: k8s.io/kube-aggregator/pkg/apiserver/handler_discovery.go: what the servers behind this one have, for discovery.
import type { APIService } from "../../api/generated/types/apiregistration/v1.ts";
import type { EndpointSlice } from "../../api/generated/types/discovery/v1.ts";
import type { APIResource } from "../../api/generated/types/meta/v1.ts";
import type { Store, StoreEvent } from "../../store/store.ts";
import type { Clock } from "../../util/clock.ts";
import { keyPrefix, lookup, lookupAll } from "../object-storage.ts";
import type { Aggregator } from "./aggregator.ts";

const API_SERVICES = { group: "apiregistration.k8s.io", resource: "apiservices" };
const ENDPOINT_SLICES = { group: "discovery.k8s.io", resource: "endpointslices" };
const TIMEOUT_MS = 5000;

/** Keeps what available servers say of their group versions; asks again when an APIService or what is behind it changes. */
export class RemoteDiscovery {
  private readonly store: Store;
  private readonly aggregator: Aggregator;
  private readonly clock: Clock;
  private readonly known = new Map<string, readonly APIResource[]>();
  /** Counts the questions about an APIService: only the answer to the last one is taken. */
  private readonly turns = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  constructor({ store, aggregator, clock }: { store: Store; aggregator: Aggregator; clock: Clock }) {
    this.store = store;
    this.aggregator = aggregator;
    this.clock = clock;
    for (const { metadata } of lookupAll(store, API_SERVICES, "")) void this.refresh(metadata.name ?? "");
    store.watch(keyPrefix(API_SERVICES, ""), store.revision, ({ entry }) => void this.refresh((entry.value as unknown as APIService).metadata.name ?? ""));
    store.watch(keyPrefix(ENDPOINT_SLICES, ""), store.revision, (event) => this.onSlice(event));
  }

  /** The resources by group version, e.g. "metrics.k8s.io/v1beta1". */
  groupVersions(): ReadonlyMap<string, readonly APIResource[]> {
    return this.known;
  }

  /** Calls `listener` after every change; returns the function that ends it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private onSlice({ entry }: StoreEvent): void {
    const { metadata } = entry.value as unknown as EndpointSlice;
    const name = metadata.labels?.["kubernetes.io/service-name"];
    for (const service of lookupAll(this.store, API_SERVICES, "") as readonly APIService[]) {
      const { service: behind } = service.spec;
      if (behind?.name === name && behind?.namespace === metadata.namespace) void this.refresh(service.metadata.name ?? "");
    }
  }

  private async refresh(name: string): Promise<void> {
    const turn = (this.turns.get(name) ?? 0) + 1;
    this.turns.set(name, turn);
    const service = lookup(this.store, API_SERVICES, "", name) as APIService | undefined;
    const [version, group] = [name.slice(0, name.indexOf(".")), name.slice(name.indexOf(".") + 1)];
    const resources = service !== undefined && isAvailable(service) ? await this.ask(`/apis/${group}/${version}`) : undefined;
    if (this.turns.get(name) !== turn) return;
    const groupVersion = `${group}/${version}`;
    if (service === undefined) this.turns.delete(name);
    if (resources === undefined && !this.known.delete(groupVersion)) return;
    if (resources !== undefined) this.known.set(groupVersion, resources);
    for (const listener of this.listeners) listener();
  }

  /** Undefined when the server does not say. */
  private async ask(path: string): Promise<readonly APIResource[] | undefined> {
    const controller = new AbortController();
    const cancel = this.clock.setTimer(TIMEOUT_MS, () => controller.abort());
    try {
      const value = (await this.aggregator.ask(path, controller.signal)) as { readonly resources?: unknown };
      return Array.isArray(value.resources) ? (value.resources as APIResource[]) : undefined;
    } catch {
      return undefined;
    } finally {
      cancel();
    }
  }
}

function isAvailable({ spec, status }: APIService): boolean {
  return spec.service !== undefined && (status.conditions ?? []).some((condition) => condition.type === "Available" && condition.status === "True");
}
