// Which local cluster a command is about.
import { clusterPaths, type ClusterPaths, DEFAULT_CLUSTER } from "../../client/cluster-paths.ts";
import { isDNS1123Label } from "../../api/name-validation.ts";
import { UsageError } from "../errors.ts";

/** The paths of the cluster named by flag or environment; throws a UsageError for a name that is none. */
export function chosenCluster(env: Readonly<Record<string, string | undefined>>, name: string): ClusterPaths {
  const chosen = name || env["SKIFF_CLUSTER"] || DEFAULT_CLUSTER;
  const problems = isDNS1123Label(chosen);
  if (problems.length > 0) throw new UsageError(`invalid cluster name ${JSON.stringify(chosen)}: ${problems.join("; ")}`);
  return clusterPaths(env, chosen);
}
