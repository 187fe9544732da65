// Removes what a cluster owns in Docker, whether its daemon ended well or not.
import type { ClusterPaths } from "../client/cluster-paths.ts";
import { removeAllContainers } from "../kubelet/start-kubelets.ts";
import { removePodNetwork } from "../network/pod-network.ts";
import { systemClock } from "../util/clock.ts";
import { silentLogger } from "../util/logger.ts";
import { runProcess } from "../util/process.ts";
import { readConfiguration } from "./configuration.ts";

/** Removes the cluster's containers, volumes, images and network; without a configuration there is nothing to remove. */
export async function purgeCluster(paths: ClusterPaths): Promise<void> {
  const configuration = readConfiguration(paths.configuration);
  if (configuration === undefined) return;
  await removeAllContainers({ clusterId: configuration.clusterId, clock: systemClock, logger: silentLogger });
  await removePodNetwork({ clusterId: configuration.clusterId, runProcess });
}
