// What a cluster was made with: kept beside its state, so that a later start finds the same ports, nodes and network.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { ClusterPaths } from "../client/cluster-paths.ts";
import type { Ids } from "../util/ids.ts";
import { freePort, isFree } from "./ports.ts";

/** The settings of one cluster. */
export interface ClusterConfiguration {
  readonly name: string;
  /** Labels everything that the cluster owns in Docker. */
  readonly clusterId: string;
  /** The HTTPS port on loopback and on the pod network's gateway. */
  readonly port: number;
  /** Node names; the first is the cluster's own. */
  readonly nodes: readonly string[];
}

/** Reads a configuration; undefined when the cluster has none yet. Throws an Error that names the file when it is damaged. */
export function readConfiguration(file: string): ClusterConfiguration | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const value = JSON.parse(text) as Partial<ClusterConfiguration>;
    if (typeof value.clusterId !== "string" || typeof value.port !== "number" || !Array.isArray(value.nodes)) throw new Error("a field is missing");
    return value as ClusterConfiguration;
  } catch (error) {
    throw new Error(`${file} is damaged: ${(error as Error).message}`, { cause: error });
  }
}

/** What a start may ask for; 0 leaves it as it was, or as is usual. */
export interface WantedConfiguration {
  readonly paths: ClusterPaths;
  readonly nodes: number;
  readonly port: number;
  readonly ids: Ids;
}

/** The cluster's configuration, made or changed as a start asks. Throws an Error when the port asked for is taken. */
export async function configureCluster({ paths, nodes, port, ids }: WantedConfiguration): Promise<ClusterConfiguration> {
  const present = readConfiguration(paths.configuration);
  if (port > 0 && !(await isFree(port))) throw new Error(`port ${port} of 127.0.0.1 is taken by another program: choose another with --port`);
  const configuration: ClusterConfiguration = {
    name: paths.name,
    clusterId: present?.clusterId ?? ids.uid(),
    port: port || (await usablePort(present?.port)),
    nodes: nodes > 0 ? nodeNames(paths.name, nodes) : (present?.nodes ?? nodeNames(paths.name, 1)),
  };
  writeConfiguration(paths.configuration, configuration);
  return configuration;
}

/** The port of the last run as long as nobody else took it: the cluster's kubeconfig entries are written at each start. */
async function usablePort(last: number | undefined): Promise<number> {
  return last !== undefined && (await isFree(last)) ? last : freePort();
}

/** Writes a configuration so that a crash leaves the old or the new one, never a part. */
export function writeConfiguration(file: string, configuration: ClusterConfiguration): void {
  writePrivateFile(file, `${JSON.stringify(configuration, undefined, 2)}\n`);
}

/** Replaces a file in one step; only the user may read it. */
export function writePrivateFile(file: string, content: string): void {
  const next = `${file}.next`;
  writeFileSync(next, content, { mode: 0o600 });
  renameSync(next, file);
}

/** The names of a cluster's nodes: the cluster's own name, then with numbers from 2. */
export function nodeNames(clusterName: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? clusterName : `${clusterName}-${index + 1}`));
}
