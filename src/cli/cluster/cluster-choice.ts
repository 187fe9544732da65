// Which local cluster a command is about, and what messages call it.
import { existsSync, readFileSync } from "node:fs";
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

/** The HTTPS address by which other clients reach the cluster, as its kubeconfig says; undefined before its first start. */
export function serverAddress(paths: ClusterPaths): string | undefined {
  return existsSync(paths.kubeconfig) ? /^\s*server: (\S+)$/m.exec(readFileSync(paths.kubeconfig, "utf8"))?.[1] : undefined;
}

/** The command line of a command of skiff's own for the cluster `name`, for messages that advise it. */
export function skiffCommand(command: "up" | "down", name: string): string {
  return name === DEFAULT_CLUSTER ? `skiff ${command}` : `skiff ${command} --name ${name}`;
}
