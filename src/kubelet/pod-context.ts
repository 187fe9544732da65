// What every pod of a node works with.
import type { Service } from "../api/generated/types/core/v1.ts";
import type { ApiClient } from "../client/client.ts";
import type { EventRecorder } from "../client/event-recorder.ts";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";
import type { Logger } from "../util/logger.ts";
import type { Backoff } from "./backoff.ts";
import type { ContainerRuntime } from "./container-runtime.ts";
import type { ClusterDns } from "./dns.ts";
import type { NodeAllocatable } from "./downward-api.ts";
import type { ConfigurationSource } from "./environment.ts";
import type { Images } from "./images.ts";
import type { Ownership } from "./labels.ts";
import type { RunProbe } from "./probe.ts";
import type { ApiServerAddress } from "./service-environment.ts";
import type { PodVolumes } from "./volumes/pod-volumes.ts";
import type { ServiceAccountTokens } from "./volumes/service-account-tokens.ts";

/** Where a node's pods get their addresses from; the pod network provides it. */
export interface AddressPool {
  allocate(): string;
  take(address: string): void;
  release(address: string): void;
}

/** The tools and facts of one node. */
export interface PodContext {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly events: EventRecorder;
  readonly runtime: ContainerRuntime;
  readonly images: Images;
  readonly crashes: Backoff;
  readonly volumes: PodVolumes;
  readonly tokens: ServiceAccountTokens;
  readonly source: ConfigurationSource;
  readonly runProbe: RunProbe;
  readonly owner: Ownership;
  /** The node's own address. */
  readonly hostIP: string;
  readonly network: string;
  readonly addresses: AddressPool;
  readonly node: NodeAllocatable;
  readonly memoryCapacity: bigint;
  readonly clusterDomain: string;
  readonly clusterDns: ClusterDns | undefined;
  readonly apiServer: ApiServerAddress | undefined;
  /** All services; resolves when they are known. */
  services(): Promise<readonly Service[]>;
}
